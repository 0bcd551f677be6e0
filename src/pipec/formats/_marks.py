"""Formats with marks between values: what they have in common, and that no mark has two meanings."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Format, Places
from pipec.targets.airflow.rows import said
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Value


class Marked(Format):
    """Values with marks between them, and perhaps their names in the first row."""

    header: bool

    @property
    def tells_names(self) -> bool:
        """Whether a file itself tells the names of its columns."""
        return self.header

    def check(self, at: Places, report: Report) -> None:
        """Report characters that would have two meanings."""
        check_marks(self, at, report)


def without_quotes(format_: Marked, work: Work) -> dict[str, Value]:
    """What the functions are told that read and write files without quotes: those of `tsv`."""
    return said(format_, work, header=False, separator="\t", escape="\\", record_separator="\n")


def check_marks(format_: Any, at: Places, report: Report, *, quotes: bool = False) -> None:
    """Report the first character that two marks of a format share.

    A format without quotes has `\\N` for NULL; a backslash that is its `escape` goes well with it.
    """
    ends = "\r\n" if format_.record_separator == "\n" else format_.record_separator
    marks = [("`separator`", format_.separator), ("`record_separator`", ends)]
    if quotes:
        marks.append(("a quote", '"'))
    else:
        marks += [("`escape`", format_.escape), ("`\\N`, which is NULL,", "\\N")]
    for (one, some), (other, others) in combinations(marks, 2):
        both = "\\" if (one, some) == ("`escape`", "\\") else ""
        if shared := sorted({*some} & {*others} - {*both}):
            written = f"\\{some[1:2]}"
            near = (
                f'in double quotes, YAML takes `"{written}"` for one character'
                if some == written and written in (r"\t", r"\n", r"\r", r"\0")
                else "take characters that mean nothing else"
            )
            place = at(one.strip("`"), other.strip("`"))
            report.add(TwoMeanings(place, one, other, _shown(shared[0]), near))
            return
    if format_.escape and len(ends) > 1 and len(set(ends)) == 1:
        # After an escaped one of them, nobody knows where the row ends.
        words = "the beginning of `record_separator`", "its end"
        near = "with an `escape`, take one character, or different ones"
        report.add(TwoMeanings(at("record_separator"), *words, _shown(ends[0]), near))


def _shown(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


@diagnostic
class TwoMeanings(Diagnostic):
    """What stands between values, what ends a row, and what takes their meaning from them are told apart.

    Without quotes, `\\N` stands for NULL.
    """

    code = "P460"
    title = "Character with two meanings"
    message = "{one} and {other} share `{character}`"
    help = "{near}"
    fails = """
        pipeline: shop
        datanodes:
          orders:
            s3: s3://shop/orders.txt
            format:
              custom:
              separator: "|"    # P460 "|"
              record_separator: "||"
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders:
            s3: s3://shop/orders.txt
            format:
              custom:
              separator: "|"
              record_separator: ";"
        """

    one: str
    other: str
    character: str
    near: str
