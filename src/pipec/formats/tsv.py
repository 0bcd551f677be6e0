"""`tsv`: values with tabs in between."""

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
class Tsv(Marked):
    r"""Values with a tab in between, one row a line, without quotes.

    A backslash takes the meaning from the next character, and `\N` is NULL.
    """

    columns: tuple[Column, ...] = key(columns, "The columns, in their order.", default=())
    separator: str = key(characters, "What stands between two values; else a tab.", default="\t")
    escape: str = key(character, "What takes the meaning from the next character.", default="\\")
    record_separator: str = key(characters, "What ends a row.", default="\n")
    header: bool = key(boolean, "True when the first row holds the names.", default=False)
    compression: str = key(PACKINGS, "How a file is packed.", default="none")


says(
    Tsv,
    "TSV",
    row.columns(),
    row.mark("columnSeparator", "separator", "\t"),
    row.mark("escapeChar", "escape", "\\"),
    row.mark("recordSeparator", "record_separator", "\n"),
)


@airflow.readers.of(Tsv)
def read_in_airflow(format_: Tsv, work: Work) -> Options:
    """The function that reads it."""
    return "read_tsv", without_quotes(format_, work)


@airflow.writers.of(Tsv)
def write_in_airflow(format_: Tsv, work: Work) -> Options:
    """The function that writes it."""
    return "write_tsv", without_quotes(format_, work)
