"""Folders in S3 that nobody needs any more."""


def empty_s3(uri):
    """Deletes all objects below `uri`, which ends with a slash."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    bucket, _, prefix = uri.partition("://")[2].partition("/")
    s3 = S3Hook().get_conn()
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        keys = [{"Key": one["Key"]} for one in page.get("Contents", ())]
        if keys:
            about = {"Objects": keys, "Quiet": True}
            left = s3.delete_objects(Bucket=bucket, Delete=about).get("Errors")
            if left:
                raise RuntimeError(f"S3 has not deleted {left}")
