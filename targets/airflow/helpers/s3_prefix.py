"""What begins with an address in S3."""


def s3_prefix(uri, most):
    """Up to `most` keys of objects that begin with `uri`, folders left out."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    bucket, _, prefix = uri.partition("://")[2].partition("/")
    pages = S3Hook().get_conn().get_paginator("list_objects_v2")
    found = []
    for page in pages.paginate(Bucket=bucket, Prefix=prefix):
        keys = [one["Key"] for one in page.get("Contents", ())]
        found += [key for key in keys if not key.endswith("/")]
        if len(found) >= most:
            break
    return found[:most]
