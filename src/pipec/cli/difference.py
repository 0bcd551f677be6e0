"""What is different about one file, for people: the first lines of it."""

from __future__ import annotations

import difflib

from pipec.cli.output import Change

MOST = 40
"""Lines shown of one file."""


def difference(one: Change) -> str:
    """A unified difference from the file on disk to what compiling makes, cut when it is long.

    Nothing for files that are new or stale as a whole: their names say it all.
    """
    if one.state != "changed":
        return ""
    lines = list(
        difflib.unified_diff(
            one.before.splitlines(),
            one.after.splitlines(),
            f"{one.path} (on disk)",
            f"{one.path} (compiled)",
            lineterm="",
        )
    )
    more = len(lines) - MOST
    shown = [*lines[:MOST], f"... {more} more lines"] if more > 0 else lines
    return "\n".join(shown) + "\n"
