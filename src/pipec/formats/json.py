"""`json`: one JSON object a line."""

from __future__ import annotations

from pipec.facets import Format
from pipec.fields.columns import columns
from pipec.fields.format import PACKINGS
from pipec.fields.key import key
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.rows import Options
from pipec.targets.airflow.work import Work
from pipec.values import Column


@node
class Json(Format):
    """One JSON object a line, with the names of the columns as its keys."""

    columns: tuple[Column, ...] = key(columns, "The columns, in their order.", default=())
    compression: str = key(PACKINGS, "How a file is packed.", default="none")

    takes_names = True


@airflow.readers.of(Json)
def read_in_airflow(format_: Json, work: Work) -> Options:
    """The function that reads it."""
    return "read_json", {}


@airflow.writers.of(Json)
def write_in_airflow(format_: Json, work: Work) -> Options:
    """The function that writes it."""
    return "write_json", {}
