"""`s3`: a file or a folder in S3."""

from __future__ import annotations

from pipec.diagnostic import Report
from pipec.facets import Files, Format
from pipec.fields.format import check_packing, format_, stored
from pipec.fields.key import key
from pipec.fields.place import in_s3
from pipec.fields.scalars import one_of, string
from pipec.frozen import node
from pipec.ir import Datanode, Pipeline
from pipec.links import Found, Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.hive import files_table
from pipec.targets.airflow.look import bytes_sensor
from pipec.targets.airflow.pig import files_relation
from pipec.targets.airflow.rows import Rows, read_file, write_file
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call
from pipec.values import Text


@node
class S3(Files):
    """A file in S3, or a folder: a folder ends with `/`, and is read with all that is in it."""

    s3: Text = key(
        in_s3("s3://shop/orders/"),
        "The place, `s3://bucket/key`; a folder ends with `/`.",
    )
    format: Format | None = key(format_, "How its rows are written.", default=None)
    compression: str = key(one_of("none", "gzip"), "How its files are packed.", default="none")
    encryption: str = key(one_of("default", "none"), "Encryption at rest.", default="default")
    region: str = key(string, "The AWS region of the bucket.", default="")

    store = "s3"

    def check(self, node: Datanode, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report what is packed in two ways."""
        check_packing(self, node.name, node.span, report)

    @property
    def place(self) -> Text:
        """Where it is: what `path` means in an expression."""
        return self.s3


says(
    S3,
    "S3DataNode",
    row.place("s3"),
    row.data_format(),
    row.word("compression", "compression", {"none": "none", "gzip": "gzip"}),
    row.word(
        "s3EncryptionType",
        "encryption",
        {"SERVER_SIDE_ENCRYPTION": "default", "NONE": "none"},
    ),
)


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
