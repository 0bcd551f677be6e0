"""What the commands of a cluster have here in common: places of S3 and HDFS are folders."""

import os


def local(text: str) -> str:
    """A text in which places of S3 and of HDFS are those of this machine."""
    root = os.environ["PIPEC_CLUSTER"]
    return text.replace("s3://", f"{root}/s3/").replace("hdfs:///", f"{root}/hdfs/")
