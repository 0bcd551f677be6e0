"""The functions that a Dag file needs at run time, taken from `targets/airflow/helpers/`."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache

from pipec.assets import ASSETS
from pipec.frozen import frozen

FOLDER = ASSETS / "targets" / "airflow" / "helpers"


@frozen
class Helper:
    """One helper file: what it imports, which other helpers it uses, and its code."""

    name: str
    imports: frozenset[tuple[str, str]]
    needs: tuple[str, ...]
    code: str


def helpers(names: Iterable[str]) -> tuple[Helper, ...]:
    """The helpers of these names and all that they need, each after what it needs."""
    found: dict[str, Helper] = {}

    def add(name: str) -> None:
        if name not in found:
            one = read_helper(name)
            for other in one.needs:
                add(other)
            found[name] = one

    for name in sorted(names):
        add(name)
    return tuple(found.values())


@cache
def read_helper(name: str) -> Helper:
    """The helper file `name`, taken apart."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    imports: set[tuple[str, str]] = set()
    needs: list[str] = []
    start = 0
    for statement in ast.parse(text).body:
        match statement:
            case ast.Import():
                imports |= {(one.name, "") for one in statement.names}
            case ast.ImportFrom(module=module) if module and module.startswith("helpers."):
                needs.append(module.removeprefix("helpers."))
            case ast.ImportFrom(module=module) if module:
                imports |= {(module, one.name) for one in statement.names}
            case ast.Expr():
                pass  # The docstring of the file is about the file, not about the code.
            case _:
                first = min(
                    [
                        statement.lineno,
                        *(one.lineno for one in getattr(statement, "decorator_list", [])),
                    ]
                )
                start = first - 1
                break
    code = "\n".join(text.split("\n")[start:]).rstrip("\n")
    return Helper(name, frozenset(imports), tuple(sorted(needs)), code)
