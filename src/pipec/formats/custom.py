"""`custom`: values with characters of one's own in between."""

from __future__ import annotations

from pipec.fields.columns import columns
from pipec.fields.format import PACKINGS, character, characters
from pipec.fields.key import key
from pipec.fields.scalars import boolean
from pipec.formats._marks import Marked, without_quotes
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.rows import Options
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.values import Column


@node
class Custom(Marked):
    r"""Values with characters of one's own in between, without quotes; `\N` is NULL.

    Without `escape`, a value cannot hold any of these characters.
    """

    columns: tuple[Column, ...] = key(columns, "The columns, in their order.", default=())
    separator: str = key(characters, "What stands between two values.")
    escape: str = key(character, "What takes the meaning from the next character.", default="")
    record_separator: str = key(characters, "What ends a row.", default="\n")
    header: bool = key(boolean, "True when the first row holds the names.", default=False)
    compression: str = key(PACKINGS, "How a file is packed.", default="none")


says(
    Custom,
    "Custom",
    row.columns(),
    row.mark("columnSeparator", "separator"),
    row.mark("recordSeparator", "record_separator", "\n"),
)


@airflow.readers.of(Custom)
def read_in_airflow(format_: Custom, work: Work) -> Options:
    """The function that reads it, which is that of `tsv`."""
    return "read_tsv", without_quotes(format_, work)


@airflow.writers.of(Custom)
def write_in_airflow(format_: Custom, work: Work) -> Options:
    """The function that writes it, which is that of `tsv`."""
    return "write_tsv", without_quotes(format_, work)
