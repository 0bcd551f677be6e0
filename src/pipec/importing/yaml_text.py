"""Pipeline files as a careful person writes them: in lines, with quotes only where YAML needs them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias, cast

from pipec import syntax
from pipec.diagnostic import Report
from pipec.frozen import frozen
from pipec.parse import parse
from pipec.source import Source
from pipec.targets.python.characters import escape, shown, width

WIDTH = 100
"""The columns of a line of comment, and of a mapping or list that stands in one line."""

Value: TypeAlias = "str | Mapping[str, Value] | Sequence[Value] | Flow | Commented | None"
"""A text, a mapping, a list, or nothing; each may have a wish for how it is written."""


@frozen
class Commented:
    """A value whose entry has lines of comment above it, or a blank line."""

    value: Value
    comments: tuple[str, ...] = ()
    blank_before: bool = False


@frozen
class Flow:
    """A mapping or list that stands in braces or brackets, if it fits into its line."""

    value: Mapping[str, Value] | Sequence[Value]


def yaml_text(document: Mapping[str, Value], header: tuple[str, ...] = ()) -> str:
    """A file that is read as the document. Every text of it comes back as it is.

    There is one exception: half a surrogate pair is no character, and YAML has no way to write it.
    It stands there as an escape, which readers refuse.
    """
    above = [*_comments(header, WIDTH), ""] if header else []
    body = _lines(document, WIDTH, True) if document else ["{}"]
    return "\n".join([*above, *body, ""])


def _lines(value: Mapping[str, Value] | Sequence[Value], room: int, top: bool = False) -> list[str]:
    """The lines of a mapping or list that is not empty; at the top, sections stand apart."""
    lines: list[str] = []
    section = False
    for head, one in _entries(value):
        content, comments, apart = _bare(one)
        after, section = section, top and not isinstance(content, str | None)
        # A text may end in blank lines, and would take in one more.
        if (apart or section or after) and lines and lines[-1]:
            lines.append("")
        lines += [*_comments(comments, room), *_entry(head, content, room)]
    return lines


def _entries(value: Mapping[str, Value] | Sequence[Value]) -> list[tuple[str, Value]]:
    """What the mapping or list holds, each value with what stands before it."""
    if isinstance(value, Mapping):
        return [(_head(key), one) for key, one in value.items()]
    return [("-", one) for one in value]


def _head(key: str) -> str:
    spelled = _key(key)
    return f"{spelled}:" if len(spelled) <= LONGEST_KEY else f"? {spelled}\n:"


LONGEST_KEY = 1000
"""YAML looks no further than some 1024 characters for the colon of a key without a `?`."""


def _bare(value: Value) -> tuple[Value, tuple[str, ...], bool]:
    """The value itself, the comments above it, and whether a blank line is above them."""
    comments: tuple[str, ...] = ()
    apart = False
    while isinstance(value, Commented):
        comments += value.comments
        apart |= value.blank_before
        value = value.value
    return value, comments, apart


def _entry(head: str, value: Value, room: int) -> list[str]:
    """The lines of a key or dash and its value."""
    *before, head = head.split("\n")
    if value is None:
        return [*before, "- ~" if head == "-" else head]
    if isinstance(value, str):
        first, *more = _text(value)
        return [*before, f"{head} {first}", *more]
    inline = _inline(value) if isinstance(value, Flow) else None
    if inline is not None and width(f"{head} {inline}") <= room:
        return [*before, f"{head} {inline}"]
    content = _collection(value)
    if not content:
        return [*before, f"{head} {'{}' if isinstance(content, Mapping) else '[]'}"]
    below = _lines(content, room - INDENT)
    if head != "-":
        return [*before, head, *_indented(below)]
    # What is said of the first entry stands above the dash.
    start = next(at for at, line in enumerate(below) if not line.startswith("#"))
    return [*below[:start], f"- {below[start]}", *_indented(below[start + 1 :])]


INDENT = 2


def _collection(value: Value) -> Mapping[str, Value] | Sequence[Value]:
    while isinstance(value, Flow | Commented):
        value = value.value
    return cast("Mapping[str, Value] | Sequence[Value]", value)


def _indented(lines: list[str]) -> list[str]:
    return [line and " " * INDENT + line for line in lines]


def _inline(value: Value) -> str | None:
    """The value in one line; None if it has something that takes lines of its own."""
    match value:
        case None:
            return ""
        case str():
            return None if "\n" in value else _in_flow(value)
        case Flow():
            return _inline(value.value)
        case Commented():
            return None if value.comments else _inline(value.value)
        case Mapping():
            values = [_inline(one) for one in value.values()]
            entries = [f"{_key(key)}: {one}" for key, one in zip(value, values, strict=True)]
            return None if None in values else f"{{{', '.join(entries)}}}"
        case Sequence():
            items = [_inline(one) for one in value]
            return None if None in items else f"[{', '.join(one or '~' for one in items)}]"


@lru_cache(maxsize=1024)
def _text(text: str) -> tuple[str, ...]:
    """The text after a key or dash: its first line, and those below it."""
    if "\n" in text:
        return _literal(text) or (_quoted(text),)
    if len(text) > LONGEST_LINE and (lines := _folded(text)):
        return lines
    if _is_plain(text) and _read(f"- {text}\n- a: {text}\n- b\n") == [text, {"a": text}, "b"]:
        return (text,)
    # Quotes would change it; it is better copied and read as it is.
    changes = "'" in text and ('"' in text or "\\" in text) and text == text.strip()
    return (_literal(text) if changes else ()) or (_quoted(text),)


LONGEST_LINE = 120
"""The characters of a text that stands in one line."""


def _folded(text: str) -> tuple[str, ...]:
    """The text as a block below a `>`, over several lines; nothing if it cannot be one."""
    lines = [""]
    for word in _words(text):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        lines = [*lines[:-1], longer] if len(longer) <= WIDTH - 8 else [*lines, word]
    made = (">-", *_indented([line for line in lines if line]))
    written = "\n".join(["a: " + made[0], *made[1:], "b: c", ""])
    return made if _read(written) == {"a": text, "b": "c"} else ()


def _words(text: str) -> list[str]:
    """The text between its single blanks; expressions stay whole."""
    whole = re.sub(r"\$\{\{.*?\}\}", lambda it: it[0].replace(" ", "\0"), text)
    return [it.replace("\0", " ") for it in re.split(r"(?<=\S) (?=\S)", whole)]


def _literal(text: str) -> tuple[str, ...]:
    """The text as a block below a `|`; nothing if it cannot be one."""
    if not text.strip():
        return ()
    # The first line tells how deep the block is, if nothing else does.
    depth = INDENT if text.lstrip("\n")[0] in " \t" else ""
    kept = text.endswith("\n") + text.endswith("\n\n")
    lines = (f"|{depth}{('-', '', '+')[kept]}", *_indented(text.removesuffix("\n").split("\n")))
    written = "\n".join(["a: " + lines[0], *lines[1:], "b: c", ""])
    return lines if _read(written) == {"a": text, "b": "c"} else ()


@lru_cache(maxsize=1024)
def _in_flow(text: str) -> str:
    """The text, which has one line, between braces or brackets."""
    written = f"- [{text}, {text}]\n- {{a: {text}, b: {text}}}\n"
    read = [[text, text], {"a": text, "b": text}]
    return text if _is_plain(text) and _read(written) == read else _quoted(text)


@lru_cache(maxsize=1024)
def _key(text: str) -> str:
    """The text as a key, in a line of its own as well as between braces."""
    written = f"{text}: {{{text}: a}}\n"
    return text if _is_plain(text) and _read(written) == {text: {text: "a"}} else _quoted(text)


def _is_plain(text: str) -> bool:
    """Whether people take it for words, and readers for no sign of YAML and not for nothing."""
    return bool(_WORD.search(text)) and not _UNSEEN.search(text) and text.lower() != "null"


def _read(written: str) -> object:
    """What is read there; None if there is something to complain about."""
    report = Report()
    tree = parse(Source("", written), report)
    return None if report.found or tree is None else _plainly(tree)


def _plainly(tree: syntax.Tree) -> object:
    match tree:
        case syntax.Scalar():
            return tree.value
        case syntax.Sequence():
            return [_plainly(one) for one in tree.items]
        case syntax.Mapping():
            return {key.value: _plainly(one) for key, one in tree}


def _quoted(text: str) -> str:
    if _UNSEEN.search(text):
        return '"' + shown(text).replace('"', '\\"') + '"'
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


_WORD = re.compile(r"[0-9A-Za-z\x80-\U0010ffff]")

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f"
    "\u205f-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
"""Characters that are no mark on paper, or that YAML does not take as they are."""


def _comments(texts: Sequence[str], room: int) -> list[str]:
    """The texts behind hashes, each in lines of its own."""
    return [
        line for text in texts for one in text.splitlines() or [""] for line in _comment(one, room)
    ]


def _comment(text: str, room: int) -> list[str]:
    seen = _UNSEEN.sub(lambda found: escape(found[0]), text.expandtabs(4).rstrip())
    wrapped = textwrap.wrap(
        seen,
        max(room, 40) - 2,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    return [f"# {line}" for line in wrapped] or ["#"]
