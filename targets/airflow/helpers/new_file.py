"""Files to write, wherever they go."""

import os
import tempfile
from contextlib import contextmanager


@contextmanager
def new_file(path, ending="", **about):
    """The path of a draft, which appears at `path` once all of it is written.

    In a folder, a path that ends with a slash, it is called `part-00000` and `ending`.
    `about` is what S3 is told of it, such as its `ContentType`.
    """
    if path.endswith("/"):
        path += f"part-00000{ending}"
    bucket, _, key = path.partition("://")[2].partition("/")
    beside = None if bucket else os.path.dirname(os.path.abspath(path))
    if beside:
        os.makedirs(beside, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=beside) as folder:
        draft = os.path.join(folder, "draft")
        yield draft
        if beside:
            os.replace(draft, path)
        else:
            from airflow.providers.amazon.aws.hooks.s3 import S3Hook

            s3 = S3Hook().get_conn()
            s3.upload_file(draft, bucket, key, ExtraArgs=about or None)
