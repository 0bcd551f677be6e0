"""Statements of Redshift as the PostgreSQL that stands in for it takes them."""

from __future__ import annotations

import re
from dataclasses import replace

from pipec.values import Splice, Text


def for_postgres(text: Text) -> Text:
    """The same statements; of those that create tables, without the words on how rows are laid out.

    They mean nothing where there is one machine, and do not change what a query finds.
    """
    marks = {chr(_FIRST + at): one for at, one in enumerate(text.pieces) if isinstance(one, Splice)}
    whole = "".join(
        chr(_FIRST + at) if isinstance(one, Splice) else one for at, one in enumerate(text.pieces)
    )
    if len(text.pieces) > _MOST or not _CREATES.search(whole):
        return text
    plain = _APART.sub(lambda found: "" if found["layout"] else found[0], whole)
    parts = re.split(f"([{chr(_FIRST)}-{chr(_FIRST + _MOST)}])", plain)
    return replace(text, pieces=tuple(marks.get(it, it) for it in parts if it))


_FIRST, _MOST = 0xF0000, 0xFFFD
"""Characters that nobody uses stand for the expressions in a text."""
_CREATES = re.compile(r"\bCREATE\s+(?:(?:LOCAL\s+)?TEMP(?:ORARY)?\s+)?TABLE\b", re.IGNORECASE)
_APART = re.compile(
    r"""
    '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/
    | (?P<layout>
        \b(?: DISTSTYLE \s+ \w+
        | DISTKEY \b (?: \s* \( [^)]* \) )?
        | (?: (?: COMPOUND | INTERLEAVED ) \s+ )? SORTKEY \b (?: \s* \( [^)]* \) | \s+ AUTO \b )?
        | ENCODE \s+ \w+
        | BACKUP \s+ (?: YES | NO ) \b
        )
    )
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
