"""Scripts of SQL in S3."""

from airflow.providers.common.sql.hooks.sql import DbApiHook


def script_statements(uri):
    """The statements of a file in S3."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    bucket, _, key = uri.partition("://")[2].partition("/")
    text = S3Hook().read_key(key, bucket)
    return DbApiHook.split_sql_string(text, strip_semicolon=True)
