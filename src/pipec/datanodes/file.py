"""`file`: a file or a folder on the disk of the worker."""

from __future__ import annotations

from pipec.diagnostic import Report
from pipec.facets import Files, Format
from pipec.fields.format import check_packing, format_, stored
from pipec.fields.key import key
from pipec.fields.scalars import one_of, starting_with
from pipec.frozen import node
from pipec.ir import Datanode, Pipeline
from pipec.links import Found, Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.look import bytes_sensor
from pipec.targets.airflow.rows import Rows, read_file, write_file
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call
from pipec.values import Text


@node
class File(Files):
    """A file on the disk of the machine where the work runs; a folder ends with `/`."""

    file: Text = key(
        starting_with("/", "/srv/orders/"), "The absolute path; a folder ends with `/`."
    )
    format: Format | None = key(format_, "How its rows are written.", default=None)
    compression: str = key(one_of("none", "gzip"), "How its files are packed.", default="none")

    store = "disk"

    def check(self, node: Datanode, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report what is packed in two ways."""
        check_packing(self, node.name, node.span, report)

    @property
    def place(self) -> Text:
        """Where it is: what `path` means in an expression."""
        return self.file


@airflow.sources.of(File)
def read_in_airflow(kind: File, found: Found, target: Found, work: Work) -> Rows:
    """The function that reads its rows, and its arguments."""
    return read_file(kind.format, found, target, work)


@airflow.targets.of(File)
def write_in_airflow(kind: File, found: Found, mode: str, work: Work) -> Rows:
    """The function that writes rows to it, and its arguments."""
    return write_file(stored(kind), found, work)


@airflow.looks.of(File)
def look_in_airflow(kind: File, found: Found, size: int, work: Work) -> Call:
    """The sensor that waits until it is there and holds `size` bytes."""
    return bytes_sensor(work, "path_has", {"path": work.place(found)}, size)
