"""The report of an import: every field of every object, and what becomes of it."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterable
from typing import Any

from pipec.diagnostic import counted
from pipec.frozen import frozen
from pipec.importing.accounts import Account
from pipec.importing.importer import Imported
from pipec.targets.datapipeline.sides import Outcome

WIDTH = 100


@frozen
class Done:
    """What was imported from where, and the file it went to; empty when it went nowhere."""

    source: str
    imported: Imported
    file: str


_HEADS: dict[Outcome, str] = {
    "undecided": "To decide", "approximated": "Nearly the same", "dropped": "Not carried over",
}  # fmt: skip


def counts(accounts: Iterable[Account]) -> dict[Outcome, int]:
    """How many fields became what; they add up to the number of fields."""
    found = Counter(one.outcome for one in accounts)
    return {it: found[it] for it in ("carried", "approximated", "dropped", "undecided")}


def report_text(done: Iterable[Done]) -> str:
    """For people."""
    return "\n".join(_text(one) for one in done)


def _text(one: Done) -> str:
    numbers = counts(one.imported.accounts)
    lines = [
        f"{one.source} -> {one.file or one.imported.name}",
        f"{counted(sum(numbers.values()), 'field')}: {numbers['carried']} carried over,"
        f" {numbers['approximated']} nearly, {numbers['dropped']} not, {numbers['undecided']} to decide",
    ]
    for outcome, head in _HEADS.items():
        found = [it for it in one.imported.accounts if it.outcome == outcome]
        if not found:
            continue
        lines += ["", f"{head}:"]
        grouped: dict[str, list[str]] = {}
        for it in found:
            grouped.setdefault(it.why, []).append(f"{it.owner}.{it.field} (line {it.line})")
        for why, places in grouped.items():
            lines += textwrap.wrap(
                f"{', '.join(places)}: {why}", WIDTH, initial_indent="  ", subsequent_indent="    ",
                break_long_words=False, break_on_hyphens=False,
            )  # fmt: skip
    renamed = {id_: name for id_, name in one.imported.names.items() if id_ != name}
    if renamed:
        lines += ["", "Names:"]
        width = max(map(len, renamed))
        lines += [f"  {id_.ljust(width)}  {name}" for id_, name in renamed.items()]
    lines += ["", "What people ask:"]
    for asked in one.imported.answers:
        lines.append(f"  {asked.question}")
        lines += textwrap.wrap(asked.answer, WIDTH, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines) + "\n"


def report_json(done: Iterable[Done], diagnostics: list[dict[str, Any]]) -> str:
    """For scripts: `{"version": 1, "imports": [...], "diagnostics": [...]}`."""
    document = {
        "version": 1,
        "imports": [
            {
                "source": one.source,
                "pipeline": one.imported.name,
                "file": one.file,
                "counts": counts(one.imported.accounts),
                "fields": [
                    {
                        "object": it.owner, "field": it.field, "outcome": it.outcome,
                        "why": it.why, "line": it.line, "column": it.column,
                    }
                    for it in one.imported.accounts
                ],
                "names": dict(one.imported.names),
                "parameters": dict(one.imported.parameters),
                "answers": [
                    {"question": it.question, "answer": it.answer} for it in one.imported.answers
                ],
            }
            for one in done
        ],
        "diagnostics": diagnostics,
    }  # fmt: skip
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
