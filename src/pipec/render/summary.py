"""How much was found, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from pipec.diagnostic import Diagnostic, counted


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """Such as `2 errors, 1 warning in 2 files`; empty when there is nothing to count."""
    errors = sum(one.severity == "error" for one in diagnostics)
    counts = [
        counted(number, severity)
        for number, severity in ((errors, "error"), (len(diagnostics) - errors, "warning"))
        if number
    ]
    files = len({one.span.source.name for one in diagnostics} - {""})
    found = ", ".join(counts)
    return f"{found} in {counted(files, 'file')}" if files else found
