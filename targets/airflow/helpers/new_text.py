"""Text to write, wherever it goes."""

import gzip
import os
import tempfile
from contextlib import contextmanager


@contextmanager
def new_text(path, compress=False):
    """A text file to write, which appears at `path` once all of it is written.

    In a folder, a path that ends with a slash, it is called `part-00000`.
    """
    compress = compress or path.endswith(".gz")
    if path.endswith("/"):
        path += "part-00000.gz" if compress else "part-00000"
    bucket, _, key = path.partition("://")[2].partition("/")
    beside = None if bucket else os.path.dirname(os.path.abspath(path))
    if beside:
        os.makedirs(beside, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=beside) as folder:
        draft = os.path.join(folder, "draft")
        opener = gzip.open if compress else open
        with opener(draft, "wt", encoding="utf-8", newline="") as file:
            yield file
        if beside:
            os.replace(draft, path)
        else:
            from airflow.providers.amazon.aws.hooks.s3 import S3Hook

            S3Hook().get_conn().upload_file(draft, bucket, key)
