"""A copy from the worker's disk to S3."""

import os


def copy_disk_to_s3(source, target):
    """Copies the file `source`, or all in the folder, onto or below `target`."""
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    s3 = S3Hook().get_conn()
    bucket, _, onto = target.partition("://")[2].partition("/")
    paths = [
        os.path.join(top, name) for top, _, names in os.walk(source) for name in names
    ]
    for path in sorted(paths) or [source]:
        name = os.path.relpath(path, source) if paths else os.path.basename(path)
        below = name if not onto or onto.endswith("/") else ""
        s3.upload_file(path, bucket, onto + below)
