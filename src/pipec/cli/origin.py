"""From which pipeline a file in the output folder was made."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass

_DOCSTRING = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""', re.DOTALL)
_MADE = re.compile(
    r"Made by pipec from (?P<source>.+?\.pipe\.yaml): everything on the schedule"
    r" `(?P<schedule>\w+)`\. "
)


_DEFINITION = re.compile(
    r'\{\s*"metadata": \{\s*"about": "Made by pipec from ((?:[^"\\]|\\.)+?\.pipe\.yaml)\. '
)


@dataclass(frozen=True)
class Origin:
    """What the first lines of a compiled file say of it."""

    source: str
    """The pipeline file, by its path from the folder of its project."""
    schedule: str
    """Empty for a definition, which is of all schedules."""


def origin(name: str, text: str) -> Origin | None:
    """The origin of the file `name`; None when it was not made by pipec.

    It is only if its very first lines are a docstring whose last paragraph says so, and if it
    holds the Dag that it is named after; a definition, if that is what its first key says.
    """
    if name.endswith(".json"):
        about = _DEFINITION.match(text)
        return Origin(json.loads(f'"{about[1]}"'), "") if about else None
    docstring = _DOCSTRING.match(text)
    if docstring is None or f'dag_id="{name.removesuffix(".py")}"' not in text:
        return None
    try:
        said = str(ast.literal_eval(docstring[0]))
    except (SyntaxError, ValueError):
        return None
    last = " ".join(said.rstrip().rpartition("\n\n")[2].split())
    made = _MADE.match(f"{last} ")
    return Origin(made["source"], made["schedule"]) if made else None
