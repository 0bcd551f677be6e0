"""The ids of parameters in a definition, and their names in a pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipec.lower.naming import RESERVED


def id_of(name: str, *, secret: bool = False) -> str:
    """The id of the parameter `name`: no two names have the same.

    It begins with `my`, as it has to: `myFirstRun` for `first_run`. Names that are not written in
    such words follow as they are: `my_firstRun`. The id of a secret begins with a star.
    """
    star = "*" if secret else ""
    camel = "".join(word.capitalize() for word in name.split("_"))
    return f"{star}my{camel}" if _words(camel) == name else f"{star}my_{name}"


def names_of(ids: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """The names of the parameters with these ids: each its own, and none of those `taken`.

    Where the id was made by `id_of`, it is the name it was made of.
    """
    used = {*taken, *RESERVED}
    found: dict[str, str] = {}
    for id in dict.fromkeys(ids):
        name = wanted = _name(id)
        number = 2
        while name in used:
            name, number = f"{wanted}_{number}", number + 1
        used.add(name)
        found[id] = name
    return found


def _name(id: str) -> str:
    rest = re.sub(r"^\*?(my(?=[A-Z_0-9]))?", "", id)
    if _LEGAL.fullmatch(rest[1:]) and id_of(rest[1:]) == f"my{rest}":
        return rest[1:]
    name = _words(rest)
    return name if _LEGAL.fullmatch(name) else f"param_{name}".rstrip("_")


def _words(text: str) -> str:
    """What is written in capitals, as words with `_` between them: `RDSUsername`, `rds_username`."""
    # Words begin at a capital, and at the last one of several.
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text).lower()
    return re.sub(r"[^a-z0-9]+", "_", words).strip("_")[:180].rstrip("_")


_LEGAL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,199}")
