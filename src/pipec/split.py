"""The statements of a text of SQL, told apart as the tools of each database do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipec.values import Splice, Text


def split(text: Text, dialect: str) -> tuple[Text, ...]:
    """The statements of a text, without the semicolons in between; comments alone are none.

    What an expression will say belongs to the statement that it stands in. A block of procedural
    code is one statement. SQL Server has what stands between lines of `GO` at once, as a variable
    lives so long; Oracle knows lines of `/`, and MySQL `DELIMITER`.
    """
    words = "".join("\0" if isinstance(piece, Splice) else piece for piece in text.pieces)
    return tuple(_part(text, *ends) for ends in _statements(words, dialect))


def one_statement(text: Text, dialect: str) -> Text:
    """A text that is one statement, without the semicolon after it; any other as it is."""
    first, *more = split(text, dialect) or (text,)
    return text if more else first


def _part(text: Text, start: int, end: int) -> Text:
    pieces: list[str | Splice] = []
    at = 0
    for piece in text.pieces:
        length = 1 if isinstance(piece, Splice) else len(piece)
        if at < end and at + length > start:
            if not isinstance(piece, Splice):
                piece = piece[max(0, start - at) : end - at]
            pieces.append(piece)
        at += length
    return Text(tuple(pieces), text.span)


def _statements(words: str, dialect: str) -> Iterator[tuple[int, int]]:
    """Where the statements start and end."""
    token = _token(dialect)
    only_slashes = dialect == "oracle" and re.search(r"(?m)^[ \t]*/[ \t]*$", words) is not None
    start = at = 0
    own, one = "", _Statement(dialect, only_slashes)
    while at <= len(words):
        found = token.match(words, at)
        kind, over = (found.lastgroup, found.end()) if found else ("end", at + 1)
        keep = at
        if own and words.startswith(own, at):
            kind, over = "line", at + len(own)
        elif kind == "mark" and (own or not one.ends):
            kind = "other"
        elif kind == "mark" and one.procedural:
            keep = over  # There the semicolon belongs to the block.
        if kind in ("line", "mark", "own", "end"):
            if one.says:
                lead = len(words[start:keep]) - len(words[start:keep].lstrip())
                yield start + lead, start + len(words[start:keep].rstrip())
            start, one = over, _Statement(dialect, only_slashes)
            if kind == "own" and found:
                own = found.group().split()[1].replace(";", "", found.group().count(";") == 1)
        elif kind != "blank":
            one.take(words[at:over].upper() if kind == "word" else "", words[over : over + 40])
        at = over


class _Statement:
    """What has been seen of one statement."""

    def __init__(self, dialect: str, only_slashes: bool) -> None:
        self.oracle, self.only_slashes = dialect == "oracle", only_slashes
        self.says = False
        self.words: list[str] = []
        self.depth, self.begun, self.ended = 0, False, False

    @property
    def block(self) -> bool:
        """Whether it may hold semicolons of its own."""
        first = self.words[0] if self.words else ""
        return first in ("BEGIN", "DECLARE", "IF", "WHILE") or self._routine

    @property
    def procedural(self) -> bool:
        """Whether it is PL/SQL, which ends with a semicolon."""
        return self.oracle and (self.words[:1] in (["BEGIN"], ["DECLARE"]) or self._routine)

    @property
    def ends(self) -> bool:
        """Whether a semicolon ends it here."""
        if self.procedural:
            return not self.only_slashes and self.begun and not self.depth
        return not self.depth

    def take(self, word: str, rest: str) -> None:
        """Go on by a token, which is a word or says something else."""
        self.says = True
        if not word:
            self.ended = False
            return
        self.words.append(word)
        if self.block:
            if word == "BEGIN" and not _TRANSACTION.match(rest):
                self.depth, self.begun = self.depth + 1, True
            elif word == "CASE" and not self.ended:
                self.depth += 1
            elif word == "END" and not _NO_BLOCK.match(rest):
                self.depth = max(0, self.depth - 1)
        self.ended = word == "END"

    @property
    def _routine(self) -> bool:
        if self.words[:1] != ["CREATE"]:
            return False
        made = next((word for word in self.words[1:8] if word not in _MODIFIERS), "")
        return made in ("EVENT", "FUNCTION", "PACKAGE", "PROCEDURE", "TRIGGER")


_TRANSACTION = re.compile(r"\s*(;|$|(WORK|TRAN|TRANSACTION)\b)", re.IGNORECASE)
_NO_BLOCK = re.compile(r"\s*(IF|LOOP|WHILE|REPEAT|FOR)\b", re.IGNORECASE)
_MODIFIERS = {
    "OR", "REPLACE", "EDITIONABLE", "NONEDITIONABLE", "DEFINER", "CURRENT_USER", "AGGREGATE",
    "TEMP", "TEMPORARY", "ALTER",
}  # fmt: skip


@lru_cache
def _token(dialect: str) -> re.Pattern[str]:
    """What a text consists of, for one database."""
    quoted, blank, line, own = (
        [r"'[^']*'", r'"[^"]*"'],
        [r"\n|[^\S\n]+", r"--[^\n]*"],
        "(?!)",
        "(?!)",
    )
    match dialect:
        case "mysql":
            quoted = [r"'(?:[^'\\]|\\.)*'", r'"(?:[^"\\]|\\.)*"', r"`[^`]*`", r"/\*!.*?\*/"]
            blank = [r"\n|[^\S\n]+", r"--(?=\s|\Z)[^\n]*", r"\#[^\n]*"]
            own = r"(?im:^[ \t]*DELIMITER[ \t]+\S+[ \t]*$)"
        case "oracle":
            pairs = [r"\[.*?\]", r"\{.*?\}", r"\(.*?\)", r"<.*?>", r"(?P<edge>\S).*?(?P=edge)"]
            quoted = [rf"[qQ]'(?:{'|'.join(pairs)})'", *quoted]
            line = r"(?m:^[ \t]*/[ \t]*$)"
        case "sqlserver":
            quoted = [*quoted, r"\[[^\]]*\]"]
            line = r"(?im:^[ \t]*GO[ \t]*;?[ \t]*$)"
        case _:
            quoted = [r"[eE]'(?:[^'\\]|\\.)*'", *quoted, r"\$(?P<tag>\w*)\$.*?\$(?P=tag)\$"]
    parts = {
        "own": own, "line": line, "quoted": "|".join(quoted), "blank": "|".join([*blank, r"/\*.*?\*/"]),
        "word": r"[A-Za-z_]\w*", "mark": "(?!)" if dialect == "sqlserver" else ";", "other": ".",
    }  # fmt: skip
    return re.compile("|".join(f"(?P<{name}>{it})" for name, it in parts.items()), re.DOTALL)
