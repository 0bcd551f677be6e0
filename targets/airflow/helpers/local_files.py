"""Files to read, wherever they are."""

import os
import tempfile

from helpers.s3_objects import s3_objects


def local_files(path):
    """Yields the path of the file `path`, or of all below; of a copy, if it is in S3.

    In a folder, what begins with a dot or an underscore is no data, as for Hadoop.
    """
    if path.startswith("s3://"):
        from airflow.providers.amazon.aws.hooks.s3 import S3Hook

        s3 = S3Hook().get_conn()
        with tempfile.TemporaryDirectory() as folder:
            for bucket, key, name in s3_objects(s3, path):
                near = os.path.join(folder, os.path.basename(name)[-60:])
                if not path.endswith("/") or os.path.basename(name)[0] not in "._":
                    s3.download_file(bucket, key, near)
                    yield near
                    os.remove(near)
    elif os.path.isdir(path):
        found = [
            os.path.join(top, name) for top, _, names in os.walk(path) for name in names
        ]
        yield from (
            one for one in sorted(found) if os.path.basename(one)[0] not in "._"
        )
    else:
        yield path
