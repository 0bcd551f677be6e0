"""Imports go one way along the line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "pipec"

LAYERS = (
    ("source", "assets", "frozen"),
    ("diagnostic",),
    ("syntax", "grammar", "grid"),
    ("parse", "expression"),
    ("values",),
    ("facets",),
    ("fields",),
    ("ir",),
    ("links", "kinds", "dialect", "reserved", "split", "aggregate"),
    ("scope", "lower"),
    ("definition",),
    ("checks", "resolve", "plan"),
    ("compiler", "targets", "render"),
    ("formats",),
    ("datanodes", "activities", "preconditions", "resources", "notifications"),
    ("local", "remote", "importing"),
    ("cli",),
)
"""The modules and packages of pipec; each imports only from its own layer and those above it here.

What is imported inside a function (a kind when a pipeline first uses it, what is heavy) does not count.
"""

RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}


def top(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(tree: ast.Module) -> Iterator[str]:
    """The modules of pipec that are imported when the module is."""
    for statement in tree.body:
        match statement:
            case ast.ImportFrom(module=str(module)) if module == "pipec":
                yield from (f"pipec.{one.name}" for one in statement.names)
            case ast.ImportFrom(module=str(module)) if module.startswith("pipec."):
                yield module
            case ast.Import():
                yield from (one.name for one in statement.names if one.name.startswith("pipec."))


@pytest.mark.parametrize(
    "file", sorted(SOURCE.rglob("*.py")), ids=lambda it: it.relative_to(SOURCE).as_posix()
)
def test_a_module_imports_from_its_layer_or_above(file: Path) -> None:
    own = file.relative_to(SOURCE).with_suffix("").parts[0]
    if own in ("__init__", "__main__"):
        return
    wrong = [
        module
        for module in imports(ast.parse(file.read_text(encoding="utf-8")))
        if RANK[top(module)] > RANK[own]
    ]
    assert not wrong


def test_every_module_has_a_layer() -> None:
    found = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert found - {"__init__", "__main__", "__pycache__"} == set(RANK)
