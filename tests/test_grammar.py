"""Grammars load from their tables when those are whole and new, and from their text otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import lark
import pytest

from pipec import grammar

TEXT = """// read with: lexer=basic start=both,one
both: one "," one
one: WORD
WORD: /[a-z]+/
%ignore " "
"""


class Words:
    def one(self, found: list[lark.Token]) -> str:
        return str(found[0]).upper()


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the grammar `words` and an empty cache beside it."""
    monkeypatch.setattr(grammar, "GRAMMARS", tmp_path / "grammar")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "grammar").mkdir()
    (tmp_path / "grammar" / "words.lark").write_text(TEXT)
    return tmp_path


def kept(places: Path) -> list[Path]:
    return sorted((places / "cache").rglob("*.*"))


def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the grammars that are built from their text, from now on."""
    built: list[str] = []
    build = grammar._build

    def counted(name: str, options: dict[str, Any]) -> lark.Lark:
        built.append(name)
        return build(name, options)

    monkeypatch.setattr(grammar, "_build", counted)
    return built


def check(**options: object) -> None:
    parser = grammar.load("words", **options)
    found = parser.parse("a, b", start="both")
    expected = ["A", "B"] if options else [lark.Tree("one", ["a"]), lark.Tree("one", ["b"])]
    assert found.children == expected
    assert parser.parse("c", start="one") == ("C" if options else lark.Tree("one", ["c"]))


def test_builds_once_and_then_reads_the_tables(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = builds(monkeypatch)
    check()
    assert [file.suffix for file in kept(places)] == [".tables"]
    assert built == ["words"]
    check()
    check(transformer=Words())
    assert built == ["words"]


def test_options_hold_the_first_time_too(places: Path) -> None:
    check(transformer=Words())


def test_tables_beside_the_grammar_come_first(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grammar.write_tables(places / "grammar")
    assert sorted(file.name for file in (places / "grammar").iterdir()) == [
        "words.lark",
        "words.tables",
    ]
    built = builds(monkeypatch)
    check(transformer=Words())
    assert built == []
    assert kept(places) == []


def test_tables_of_an_older_grammar_are_left_alone(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grammar.write_tables(places / "grammar")
    check()
    (places / "grammar" / "words.lark").write_text(TEXT.replace("[a-z]", "[a-z0-9]"))
    built = builds(monkeypatch)
    assert grammar.load("words").parse("a1", start="one") == lark.Tree("one", ["a1"])
    assert built == ["words"]


def test_tables_of_another_lark_are_left_alone(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check()
    built = builds(monkeypatch)
    monkeypatch.setattr(lark, "__version__", "9.9")
    check()
    assert built == ["words"]


@pytest.mark.parametrize("size", [0, 10, 32, 500, -1])
def test_damaged_tables_are_left_alone(
    places: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    check()
    (file,) = kept(places)
    whole = file.read_bytes()
    file.write_bytes(whole[:size])
    built = builds(monkeypatch)
    check()
    assert built == ["words"]
    assert len(file.read_bytes()) == len(whole)
    check()
    assert built == ["words"]


def test_a_changed_byte_is_noticed(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check()
    (file,) = kept(places)
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)
    built = builds(monkeypatch)
    check()
    assert built == ["words"]


def test_does_without_a_cache_that_cannot_be_written(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (places / "cache").write_text("a file where the folder should be")
    check()
    check(transformer=Words())
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    check()


def test_an_imported_grammar_counts(places: Path) -> None:
    (places / "grammar" / "more.lark").write_text("%import .words (WORD)\nstart: WORD\n")
    assert grammar.load("more").parse("a") == lark.Tree("start", ["a"])
    (places / "grammar" / "words.lark").write_text(TEXT.replace("[a-z]", "[0-9]"))
    assert grammar.load("more").parse("1") == lark.Tree("start", ["1"])


def test_options_that_the_grammar_states_may_be_given_too(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grammar.write_tables(places / "grammar")
    built = builds(monkeypatch)
    assert grammar.load("words", start=["both", "one"]).parse("a", start="one").data == "one"
    assert built == []
    assert grammar.load("words", start=["one"]).parse("a").data == "one"
    assert built == ["words"]
    assert grammar.load("words", start=["one"], keep_all_tokens=True).parse("a").data == "one"
    assert built == ["words"] * 2


def test_every_grammar_states_how_it_is_read(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pipec.grammar", str(tmp_path)],
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(grammar.__file__).parents[1])},
    )
    written = {file.name for file in tmp_path.iterdir()}
    assert written == {f"{file.stem}.tables" for file in grammar.GRAMMARS.glob("*.lark")}
    assert "expression.tables" in written
