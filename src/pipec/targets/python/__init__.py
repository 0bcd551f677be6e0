"""Python for Dag files: values, statements, imports and prose, laid out as `ruff format` does."""

from __future__ import annotations

from pipec.targets.python.imports import imports
from pipec.targets.python.layout import show
from pipec.targets.python.prose import comment, docstring
from pipec.targets.python.statement import statement
from pipec.targets.python.values import Attribute, Binary, Call, Name, Value

__all__ = [
    "Attribute",
    "Binary",
    "Call",
    "Name",
    "Value",
    "comment",
    "docstring",
    "imports",
    "show",
    "statement",
]
