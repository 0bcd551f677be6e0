"""The import lines of a Dag file, read off its values and sorted as ruff wants them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from itertools import groupby

from pipec.targets.python.characters import WIDTH
from pipec.targets.python.values import Value, names


def imports(values: Iterable[Value], others: Iterable[tuple[str, str]] = ()) -> str:
    """The imports that `values` rest on, and `others`: pairs of a module and a name in it.

    An empty name stands for the module itself. The last line has no line break; without imports
    there is no line.
    """
    wanted = set(others)
    wanted.update(pair for value in values for name in names(value) if (pair := name.imported))
    members: dict[str, list[str]] = {}
    lines = []
    for module, name in wanted:
        if name:
            members.setdefault(module, []).append(name)
        else:
            lines.append((_section(module), 0, _order(module), f"import {module}"))
    for module, taken in members.items():
        lines.append((_section(module), 1, _order(module), _from(module, taken)))
    sections = groupby(sorted(lines), key=lambda line: line[0])
    return "\n\n".join("\n".join(line[-1] for line in section) for _, section in sections)


def _from(module: str, members: list[str]) -> str:
    members.sort(key=_member_order)
    line = f"from {module} import {', '.join(members)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in members), ")"])


def _section(module: str) -> int:
    root = module.partition(".")[0]
    if root == "__future__":
        return 0
    return 1 if root in _STANDARD else 2


_REMOVED = frozenset(
    """aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap msilib
    nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib""".split()  # noqa: SIM905
)
_ADDED = frozenset({"annotationlib", "compression"})
# What the standard library was in Python 3.11, whichever Python runs pipec.
_STANDARD = (sys.stdlib_module_names | _REMOVED) - _ADDED


def _member_order(name: str) -> tuple[int, object]:
    """Constants, then classes, then the others."""
    kind = 0 if len(name) > 1 and name.isupper() else 1 if name[0].isupper() else 2
    return kind, _order(name)


def _order(name: str) -> tuple[object, str]:
    """Numbers in a name count as numbers, and case only where all else is equal."""
    chunks = re.split(r"(\d+)", name.lower())
    return [(int(chunk), "") if chunk.isdigit() else (0, chunk) for chunk in chunks], name
