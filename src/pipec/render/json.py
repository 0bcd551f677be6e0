"""Diagnostics as a JSON document, for scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pipec.diagnostic import Diagnostic
from pipec.render.region import region


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """The document `{"version": 1, "diagnostics": [...]}`.

    Lines and columns count from 1, columns in characters; the end is the column after the last
    character. What stands in no file has null for all five.
    """
    document = {"version": 1, "diagnostics": [_entry(one) for one in diagnostics]}
    return json.dumps(document, indent=2) + "\n"


def _entry(one: Diagnostic) -> dict[str, Any]:
    where = region(one.span)
    return {
        "code": one.code,
        "severity": one.severity,
        "title": one.title,
        "message": one.text(),
        "file": one.span.source.name if where else None,
        "line": where.line if where else None,
        "column": where.column if where else None,
        "end_line": where.end_line if where else None,
        "end_column": where.end_column if where else None,
        "help": one.hint(),
    }
