"""The kinds of objects: one module each, imported when a pipeline first uses it.

The module `activities/shell.py` holds the kind `shell`, in a class `Shell`. A new kind is a
new file; nothing else knows their list.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

SECTIONS = ("datanodes", "activities", "preconditions", "resources", "notifications")
"""The packages of kinds, named as the sections of a pipeline file (preconditions are nested)."""


@cache
def keywords(section: str) -> tuple[str, ...]:
    """The kinds of a section, in alphabetical order."""
    folder = Path(__file__).parent / section
    found = (path.stem for path in folder.glob("*.py"))
    return tuple(sorted(name for name in found if not name.startswith("_")))


@cache
def kind_class(section: str, keyword: str) -> type:
    """The class of a kind."""
    module = import_module(f"pipec.{section}.{keyword}")
    found = getattr(module, "".join(word.capitalize() for word in keyword.split("_")))
    assert isinstance(found, type)
    return found
