"""Diagnostics as a SARIF 2.1.0 log, for code scanners and the places that show their findings."""

from __future__ import annotations

import inspect
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pipec.diagnostic import Diagnostic
from pipec.render.explain import explain
from pipec.render.region import region

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """A log of one run. Its rules are the diagnostics that were found, with their explanations."""
    kinds = sorted({type(one) for one in diagnostics}, key=lambda kind: kind.code)
    places = {kind.code: place for place, kind in enumerate(kinds)}
    run = {
        "tool": {"driver": {"name": "pipec", "rules": [_rule(kind) for kind in kinds]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, places[one.code]) for one in diagnostics],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(kind: type[Diagnostic]) -> dict[str, Any]:
    return {
        "id": kind.code,
        "name": kind.__name__,
        "shortDescription": {"text": kind.title},
        "fullDescription": {"text": inspect.cleandoc(kind.__doc__ or kind.title)},
        "help": {"text": explain(kind)},
        "defaultConfiguration": {"level": kind.severity},
    }


def _result(one: Diagnostic, place: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": place,
        "level": one.severity,
        "message": {"text": "\n".join(filter(None, (one.text(), one.hint())))},
    }
    if where := region(one.span):
        result["locations"] = [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(one.span.source.name)},
                    "region": {
                        "startLine": where.line,
                        "startColumn": where.column,
                        "endLine": where.end_line,
                        "endColumn": where.end_column,
                    },
                }
            }
        ]
    return result


def _uri(name: str) -> str:
    """The file's name as a reference: relative when the name is."""
    path = quote(name.replace("\\", "/").encode("utf-8", "surrogateescape"))
    return f"file://{path}" if path.startswith("/") else path
