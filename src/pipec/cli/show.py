"""Complaints, as they are shown: for the files that were asked for, named as the user would."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from pipec.cli.load import Loaded
from pipec.cli.project import SETTINGS
from pipec.diagnostic import Diagnostic, counted
from pipec.source import Source, Span


def complaints(loaded: Iterable[Loaded]) -> list[Diagnostic]:
    """What was reported about the files that were asked for, in the order to show it."""
    found: dict[Diagnostic, None] = {}
    for one in loaded:
        names = {*one.project.files, SETTINGS}
        sources: dict[str, Source] = {}
        for it in one.report.sorted():
            ignored = it.severity == "warning" and it.code in one.settings.ignore
            if one.concern.is_about(it) and not ignored:
                found[_renamed(it, one, names, sources)] = None
    return sorted(found, key=lambda it: (it.span.source.name, it.span.start, it.span.end, it.code))


def hidden(loaded: Iterable[Loaded]) -> str:
    """A sentence about the complaints that are not shown; empty when there are none."""
    for one in loaded:
        files = {it.span.source.name for it in one.report.found if not one.concern.is_about(it)}
        if files:
            place = one.project.shown or "."
            what = counted(len(files), "other file")
            return f"{what} of the project should be looked at: pipec check {place}"
    return ""


def tell(found: list[Diagnostic], loaded: Iterable[Loaded]) -> None:
    """Show complaints to people, on standard error."""
    if found:
        from pipec.render import FORMATS
        from pipec.render.summary import summary

        sys.stderr.write(FORMATS["text"](found, colour=in_colour(sys.stderr)))
        print(f"\n{summary(found)}", file=sys.stderr)
    if more := hidden(loaded):
        print(more, file=sys.stderr)


def errors(found: Iterable[Diagnostic]) -> bool:
    """Whether one of them is more than a warning."""
    return any(one.severity == "error" for one in found)


def in_colour(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that shows colours, to someone who wants them."""
    wanted = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return wanted and stream.isatty()


def _renamed(
    one: Diagnostic, loaded: Loaded, names: set[str], sources: dict[str, Source]
) -> Diagnostic:
    """The same complaint, its file named as the user would."""
    name = one.span.source.name
    if not loaded.project.shown or name not in names:
        return one
    if name not in sources:
        sources[name] = Source(loaded.project.show(name), one.span.source.text)
    span = Span(sources[name], one.span.start, one.span.end)
    return type(one)(**(vars(one) | {"span": span}))
