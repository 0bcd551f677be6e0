"""`csv`: values with commas in between, in quotes where it is needed."""

from __future__ import annotations

from pipec.diagnostic import Report
from pipec.facets import Places
from pipec.fields.columns import columns
from pipec.fields.format import PACKINGS, character, characters
from pipec.fields.key import key
from pipec.fields.scalars import boolean
from pipec.formats._marks import Marked, TwoMeanings, check_marks, without_quotes
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.rows import Options, said
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Value
from pipec.values import Column


@node
class Csv(Marked):
    """Values with a comma in between, one row a line, in quotes where it is needed (RFC 4180).

    With `escape` there are no quotes: this character takes the meaning from the next one, as a
    backslash does in `tsv`.
    """

    columns: tuple[Column, ...] = key(columns, "The columns, in their order.", default=())
    separator: str = key(characters, "What stands between two values.", default=",")
    escape: str = key(
        character, "What takes the meaning from the next character, instead of quotes.", default=""
    )
    record_separator: str = key(characters, "What ends a row.", default="\n")
    header: bool = key(boolean, "True when the first row holds the names.", default=False)
    compression: str = key(PACKINGS, "How a file is packed.", default="none")

    def check(self, at: Places, report: Report) -> None:
        """Report characters that would have two meanings."""
        if self.escape == '"':
            near = "leave `escape` out: in quotes, two of them are one"
            report.add(TwoMeanings(at("escape"), "`escape`", "a quote", '"', near))
        else:
            check_marks(self, at, report, quotes=not self.escape)


says(Csv, "CSV", row.columns(), row.text("escapeChar", "escape"))


@airflow.readers.of(Csv)
def read_in_airflow(format_: Csv, work: Work) -> Options:
    """The function that reads it; with `escape`, that of `tsv`."""
    return f"read_{_like(format_)}", _options(format_, work)


@airflow.writers.of(Csv)
def write_in_airflow(format_: Csv, work: Work) -> Options:
    """The function that writes it; with `escape`, that of `tsv`."""
    return f"write_{_like(format_)}", _options(format_, work)


def _like(format_: Csv) -> str:
    return "tsv" if format_.escape else "csv"


def _options(format_: Csv, work: Work) -> dict[str, Value]:
    if format_.escape:
        return without_quotes(format_, work)
    return said(format_, work, header=False, separator=",", record_separator="\n")
