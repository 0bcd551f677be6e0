"""A copy from S3 to the worker's disk."""

import os
import tempfile

from helpers.s3_objects import s3_objects


def copy_s3_to_disk(source, target):
    """Copies the object `source`, or all below after a slash, onto or below `target`.

    A file appears at its place once it is whole.
    """
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    s3 = S3Hook().get_conn()
    for bucket, key, name in s3_objects(s3, source):
        path = os.path.abspath(target)
        if target.endswith("/"):
            parts = [part for part in name.split("/") if part not in ("", ".", "..")]
            path = os.path.join(path, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with tempfile.TemporaryDirectory(dir=os.path.dirname(path)) as beside:
            s3.download_file(bucket, key, f"{beside}/draft")
            os.replace(f"{beside}/draft", path)
