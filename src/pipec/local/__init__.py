"""`pipec run`: a pipeline on this machine, with real Airflow, a local S3 and SNS, PostgreSQL and a mailbox."""
