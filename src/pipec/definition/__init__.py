"""Definitions of AWS Data Pipeline: read, held against what the service takes, and written."""
