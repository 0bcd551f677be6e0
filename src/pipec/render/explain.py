"""What `pipec explain CODE` prints: the mistake, an example of it, and the same example mended."""

from __future__ import annotations

import inspect
import textwrap

from pipec.diagnostic import Diagnostic
from pipec.render.characters import visible, width
from pipec.render.marks import marks


def explain(mistake: type[Diagnostic]) -> str:
    """The page of `mistake`."""
    parts = [f"{mistake.code}: {mistake.title}", inspect.cleandoc(mistake.__doc__ or "")]
    if mistake.fails.strip():
        parts += ["For example:", textwrap.indent(_marked(mistake.fails), "    ")]
    if mistake.fixed.strip():
        fixed = textwrap.dedent(mistake.fixed).strip()
        parts += ["Write instead:", textwrap.indent(fixed, "    ")]
    return "\n\n".join(part.rstrip() for part in parts if part) + "\n"


def _marked(example: str) -> str:
    """The example, with `^^^^` and the code under the words that are complained about."""
    text, found = marks(example)
    shown = []
    start = 0
    for line in text.splitlines():
        shown.append(visible(line))
        for mark in found:
            if start <= mark.start <= start + len(line):
                indent = " " * width(text[start : mark.start])
                under = "^" * max(width(text[mark.start : mark.end]), 1)
                shown.append(f"{indent}{under} {mark.code}")
        start += len(line) + 1
    return "\n".join(shown)
