"""Diagnostics as the commands that GitHub turns into notes beside the lines of a change."""

from __future__ import annotations

from collections.abc import Sequence

from pipec.diagnostic import Diagnostic
from pipec.render.region import region


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """One command a line."""
    return "".join(f"{_command(one)}\n" for one in diagnostics)


def _command(one: Diagnostic) -> str:
    properties = {"title": f"{one.code} {one.title}"}
    if where := region(one.span):
        properties |= {"file": one.span.source.name.replace("\\", "/"), "line": str(where.line)}
        # GitHub takes columns only for what stands on one line.
        if where.line == where.end_line:
            properties["col"] = str(where.column)
            properties["endColumn"] = str(where.end_column)
        properties["endLine"] = str(where.end_line)
    ordered = ("file", "line", "col", "endLine", "endColumn", "title")
    given = ",".join(f"{key}={_property(properties[key])}" for key in ordered if key in properties)
    text = "\n".join(filter(None, (one.text(), one.hint())))
    return f"::{one.severity} {given}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
