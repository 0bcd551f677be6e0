"""A copy within S3."""

from helpers.s3_objects import s3_objects


def copy_s3_to_s3(source, target):
    """Copies the object `source`, or all below a final slash, to or below `target`."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    s3 = S3Hook().get_conn()
    bucket, _, onto = target.partition("://")[2].partition("/")
    for from_bucket, key, name in s3_objects(s3, source):
        below = name if not onto or onto.endswith("/") else ""
        s3.copy({"Bucket": from_bucket, "Key": key}, bucket, onto + below)
