"""How much was found, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from pipec.diagnostic import Diagnostic


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """Such as `2 errors, 1 warning in 2 files`; empty when there is nothing to count."""
    errors = sum(one.severity == "error" for one in diagnostics)
    counts = [
        _count(errors, "error"),
        _count(len(diagnostics) - errors, "warning"),
    ]
    files = len({one.span.source.name for one in diagnostics} - {""})
    found = ", ".join(filter(None, counts))
    return f"{found} in {_count(files, 'file')}" if files else found


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}" if number else ""
