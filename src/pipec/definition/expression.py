"""The texts of a definition, split where `#{ ... }` stands in them, and the inside of one read."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from pipec import grammar
from pipec.expression.literals import NoLiteralError, string
from pipec.expression.parse import DEEPEST, LONGEST, Builder
from pipec.expression.pieces import Hole, Piece, Words
from pipec.expression.tree import Call, Expr, Name, depth
from pipec.frozen import frozen

if TYPE_CHECKING:
    from lark import Lark, Token


@frozen
class Misread:
    """Why a `#{ ... }` cannot be read."""

    why: str


def split(text: str) -> tuple[Piece, ...]:
    """The words and the `#{ ... }` of `text`, in order. One that nothing closes is words."""
    found: list[Piece] = []
    words_from = done = 0
    while (opening := text.find("#{", done)) >= 0:
        done = opening + 2
        closing = _closing(text, done)
        if closing is None:
            continue
        if words_from < opening:
            found.append(Words(text[words_from:opening], words_from, opening))
        found.append(Hole(text[done:closing], done, closing))
        words_from = done = closing + 1
    if words_from < len(text):
        found.append(Words(text[words_from:], words_from, len(text)))
    return tuple(found)


@lru_cache(maxsize=8192)
def read(text: str) -> Expr | Misread:
    """What `text`, the inside of one `#{ ... }`, says, in nodes of our own language.

    Its names are theirs, with their `@` and `*`. A method has become the function.
    """
    from lark.exceptions import UnexpectedInput, UnexpectedToken

    if not text.strip():
        return Misread("nothing stands between the braces")
    if len(text) > LONGEST:
        return Misread(f"it has {len(text)} characters")
    try:
        tree: Expr = _parser().parse(text)  # type: ignore[assignment]
    except UnexpectedInput as found:
        if isinstance(found, UnexpectedToken) and found.token.type == "$END":
            return Misread("it ends too early")
        rest = text[found.pos_in_stream or 0 :].strip()
        return Misread(f"nothing can be made of `{rest[:40]}`")
    except NoLiteralError as found:
        wrong = text[found.complaint.start : found.complaint.end]
        return Misread(f"`{wrong[:40]}` is more than a number holds")
    except _EscapeError as found:
        return Misread(f"no guide says what `{found}` means inside of quotes")
    if depth(tree) > DEEPEST:
        return Misread(f"it nests more than {DEEPEST} deep")
    return tree


_STEP = re.compile(r"""'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|\}|#\{""")


def _closing(text: str, start: int) -> int | None:
    """Where the `}` is that ends the expression that begins at `start`."""
    for step in _STEP.finditer(text, start):
        if step[0] == "}":
            return step.start()
        if step[0] == "#{":
            return None
    return None


@cache
def _parser() -> Lark:
    return grammar.load("datapipeline", transformer=_Builder())


class _Builder(Builder):
    """Makes a node of each rule of the grammar, as soon as lark has recognised it."""

    def chain(self, found: list[Token]) -> Expr:
        token = found[0]
        return Name(tuple(token.split(".")), token.start_pos or 0, token.end_pos or 0)

    def call(self, found: list[Any]) -> Expr:
        name, _, *arguments, closing = found
        inside = tuple(arguments[0]) if arguments else ()
        *lead, function = str(name).split(".")
        start = name.start_pos or 0
        if lead:  # As in @scheduledStartTime.format('YYYY')
            end = start + len(".".join(lead))
            inside = (Name(tuple(lead), start, end), *inside)
        return Call(function, inside, start, closing.end_pos or 0)

    def method(self, found: list[Any]) -> Expr:
        value, method, _, *arguments, closing = found
        inside = tuple(arguments[0]) if arguments else ()
        return Call(str(method)[1:], (value, *inside), value.start, closing.end_pos or 0)

    def string(self, found: list[Token]) -> Expr:
        token = found[0]
        start = token.start_pos or 0
        # Before anything but a quote and itself, no guide says what a backslash means.
        for escape in re.finditer(r"\\([\s\S])", token):
            if escape[1] not in "\\'\"":
                raise _EscapeError(escape[0])
        return string(str(token), start)


class _EscapeError(Exception):
    """A text in quotes has a backslash of which nobody knows what it means."""
