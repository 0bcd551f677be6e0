"""Statements for a database, from a file in S3."""

from airflow.providers.common.sql.hooks.sql import DbApiHook
from helpers.run_statements import run_statements


def run_script(conn_id, uri, hook_params=None):
    """Executes the statements of a file: all that they do is done, or nothing."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    bucket, _, key = uri.partition("://")[2].partition("/")
    text = S3Hook().read_key(key, bucket)
    statements = DbApiHook.split_sql_string(text, strip_semicolon=True)
    run_statements(conn_id, statements, hook_params)
