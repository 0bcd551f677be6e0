"""The grammars, as parsers. Building one is slow, so its tables are kept and read back.

Tables are looked for beside the grammar (a wheel ships them) and in the user's cache folder.
`python -m pipec.grammar DIR` writes the tables of every grammar to DIR.

A grammar says itself how lark has to read it, in a comment; only then can its tables be shipped:

    // read with: lexer=basic start=schedule,flow
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipec.assets import ASSETS

if TYPE_CHECKING:
    from lark import Lark

GRAMMARS = ASSETS / "grammar"

_FREE = {"transformer", "postlex", "lexer_callbacks", "propagate_positions", "tree_class"}
"""The options of lark that change nothing in the tables."""

_MARK_SIZE = 32  # Of the SHA-256 digest that a file of tables begins with.


def load(name: str, **options: Any) -> Lark:
    """The LALR parser of `grammar/NAME.lark`.

    `transformer`, `postlex`, `lexer_callbacks`, `propagate_positions` and `tree_class` are chosen
    by the caller. Other options of lark are better stated in the grammar; given here, they must
    say the same for shipped tables to be of use.
    """
    free = {key: options.pop(key) for key in _FREE & options.keys()}
    settings = _settings(name) | options
    made_of = _sources(name, settings)
    kept = _cache_file(made_of)
    for file in (GRAMMARS / f"{name}.tables", kept):
        if file is not None and (parser := _read(file, made_of, free)) is not None:
            return parser
    built = _build(name, settings)
    if kept is not None:
        with suppress(OSError):  # A user whose home cannot be written to only waits longer.
            _write(kept, _tables(built, made_of))
    return _build(name, settings | free) if free else built


def write_tables(folder: Path) -> None:
    """Write the tables of all grammars to `folder`, one file `NAME.tables` each."""
    for file in sorted(GRAMMARS.glob("*.lark")):
        settings = _settings(file.stem)
        tables = _tables(_build(file.stem, settings), _sources(file.stem, settings))
        _write(folder / f"{file.stem}.tables", tables)


def _text(name: str) -> str:
    return (GRAMMARS / f"{name}.lark").read_text(encoding="utf-8")


def _sources(name: str, settings: dict[str, Any]) -> str:
    """All that the tables depend on: the grammar, those that it imports from, the settings."""
    texts = {name: _text(name)}
    unread = [name]
    while unread:
        for other in re.findall(r"^%import \.(\w+)", texts[unread.pop()], re.MULTILINE):
            if other not in texts:
                texts[other] = _text(other)
                unread.append(other)
    return "\n".join([*texts.values(), str(sorted(settings.items()))])


def _settings(name: str) -> dict[str, Any]:
    """The options that the grammar itself states."""
    stated = re.search(r"^// read with: (.+)$", _text(name), re.MULTILINE)
    settings: dict[str, Any] = {}
    for word in stated[1].split() if stated else ():
        key, _, value = word.partition("=")
        settings[key] = {"true": True, "false": False}.get(value, value)
    if "start" in settings:
        settings["start"] = settings["start"].split(",")
    return settings


def _build(name: str, options: dict[str, Any]) -> Lark:
    from lark import Lark

    return Lark.open(str(GRAMMARS / f"{name}.lark"), parser="lalr", **options)


def _mark(made_of: str, tables: bytes) -> bytes:
    """What tables that are whole, and made by this lark of `made_of`, begin with.

    The version of Python is not in it: tables hold numbers and text, nothing of the interpreter,
    and one wheel serves all versions.
    """
    import hashlib

    import lark

    return hashlib.sha256(f"{lark.__version__}\n{made_of}\n".encode() + tables).digest()


def _tables(parser: Lark, made_of: str) -> bytes:
    from io import BytesIO

    out = BytesIO()
    parser.save(out)
    return _mark(made_of, out.getvalue()) + out.getvalue()


def _read(file: Path, made_of: str, options: dict[str, Any]) -> Lark | None:
    """The parser whose tables `file` holds; None when they are missing, stale or damaged."""
    import pickle

    from lark import Lark

    try:
        content = file.read_bytes()
        mark, tables = content[:_MARK_SIZE], content[_MARK_SIZE:]
        if mark != _mark(made_of, tables):
            return None
        # `Lark.load` takes no options; the stand-alone parsers that lark generates load like this.
        parser: Lark = Lark._load_from_dict(**pickle.loads(tables), **options)  # type: ignore[no-untyped-call]
    except Exception:  # Whatever is wrong with a table, the grammar itself is still there.
        return None
    return parser


def _cache_file(made_of: str) -> Path | None:
    """Where tables built of `made_of` are kept; None for a user without a home."""
    try:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    version = f"{sys.version_info.major}.{sys.version_info.minor}\n"
    return root / "pipec" / "grammar" / f"{_mark(made_of, version.encode()).hex()[:32]}.tables"


def _write(file: Path, content: bytes) -> None:
    """Put `content` into `file` all at once: whoever reads it meanwhile sees all of it or none."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        unfinished.write_bytes(content)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


if __name__ == "__main__":
    write_tables(Path(sys.argv[1]))
