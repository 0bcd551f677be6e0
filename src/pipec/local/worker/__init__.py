"""Executes the runs of one job: real Airflow, a local S3 and SNS, an embedded PostgreSQL, a mailbox.

This package is run by the Python that has Airflow, where pipec need not be installed: it imports
nothing of pipec outside itself.
"""
