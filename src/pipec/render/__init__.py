"""How diagnostics are shown: for people, for scripts, for GitHub, for code scanners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from pipec.diagnostic import Diagnostic

Render = Callable[..., str]
"""A function from diagnostics, in the order to show them, to the text to print."""


def _lazily(module: str) -> Render:
    def render(diagnostics: Sequence[Diagnostic], **options: Any) -> str:
        shown: str = import_module(f"pipec.render.{module}").render(diagnostics, **options)
        return shown

    return render


FORMATS: dict[str, Render] = {name: _lazily(name) for name in ("text", "json", "github", "sarif")}
"""The formats by name. Each is the module of that name, imported when it is first used."""
