"""`s3`: a file or a folder in S3."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression.tree import Literal
from pipec.facets import Files, Format
from pipec.fields.format import check_packing, format_, stored
from pipec.fields.key import key
from pipec.fields.scalars import one_of, starting_with, string
from pipec.frozen import node
from pipec.ir import Datanode, Pipeline
from pipec.links import Found, Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.hive import files_table
from pipec.targets.airflow.look import bytes_sensor
from pipec.targets.airflow.pig import files_relation
from pipec.targets.airflow.rows import Rows, read_file, write_file
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call
from pipec.values import Splice, Text


@node
class S3(Files):
    """A file in S3, or a folder: a folder ends with `/`, and is read with all that is in it."""

    s3: Text = key(
        starting_with("s3://", "s3://shop/orders/"),
        "The place, `s3://bucket/key`; a folder ends with `/`.",
    )
    format: Format | None = key(format_, "How its rows are written.", default=None)
    compression: str = key(one_of("none", "gzip"), "How its files are packed.", default="none")
    encryption: str = key(one_of("default", "none"), "Encryption at rest.", default="default")
    region: str = key(string, "The AWS region of the bucket.", default="")

    store = "s3"

    def check(self, node: Datanode, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report a bucket that S3 cannot have, and what is packed in two ways."""
        name = bucket(self.s3)
        if name is not None and not BUCKET.fullmatch(name):
            report.add(NotABucket(self.s3.span, name[:80]))
        check_packing(self, node.name, node.span, report)

    @property
    def place(self) -> Text:
        """Where it is: what `path` means in an expression."""
        return self.s3


BUCKET = re.compile(r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
"""The names that buckets have. Old ones may hold capitals and `_`, new ones may not."""


def bucket(place: Text) -> str | None:
    """The bucket of a place, if all of its name is known before the run."""
    first = place.pieces[0] if place.pieces else ""
    if isinstance(first, Splice) and isinstance(first.expr, Literal):
        first = str(first.expr.value)
    if not isinstance(first, str):
        return None
    name, slash, _ = first.removeprefix("s3://").partition("/")
    return name if slash or len(place.pieces) == 1 else None


@airflow.sources.of(S3)
def read_in_airflow(kind: S3, found: Found, target: Found, work: Work) -> Rows:
    """The function that reads its rows, and its arguments."""
    return read_file(kind.format, found, target, work)


@airflow.targets.of(S3)
def write_in_airflow(kind: S3, found: Found, mode: str, work: Work) -> Rows:
    """The function that writes rows to it, and its arguments."""
    return write_file(stored(kind), found, work)


@airflow.looks.of(S3)
def look_in_airflow(kind: S3, found: Found, size: int, work: Work) -> Call:
    """The sensor that waits until it is there and holds `size` bytes."""
    return bytes_sensor(work, "s3_has", {"uri": work.place(found)}, size)


airflow.tables.of(S3)(files_table)
airflow.relations.of(S3)(files_relation)


@diagnostic
class NotABucket(Diagnostic):
    """Names of buckets have 3 to 63 characters: letters of English, digits, `.` and `-`, in old ones also `_`.

    They begin and end with a letter or a digit. S3 makes no new ones with capitals.
    """

    code = "P299"
    title = "Not the name of a bucket"
    message = "S3 has no buckets called `{name}`"
    help = "write 3 to 63 letters, digits, `.` or `-` after `s3://`"
    fails = """
        pipeline: shop
        datanodes:
          orders: {s3: s3://my shop/orders/}    # P299 s3://my shop/orders/
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders: {s3: s3://my-shop/orders/}
        """

    name: str
