"""The objects behind an S3 address."""


def s3_objects(s3, uri):
    """Yields (bucket, key, name) of the object `uri`, or of all below after a slash."""
    bucket, _, prefix = uri.partition("://")[2].partition("/")
    if prefix and not prefix.endswith("/"):
        yield bucket, prefix, prefix.rpartition("/")[2]
        return
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for key in (found["Key"] for found in page.get("Contents", ())):
            if not key.endswith("/"):
                yield bucket, key, key[len(prefix) :]
