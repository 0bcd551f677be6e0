"""`pipec check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipec.cli import show
from tests.cli.conftest import SHOP, Pipec

STOCK = """\
pipeline: stock
schedules: {hourly: every 1 hour from 2026-01-01T00:00Z}
defaults: {schedule: hourly}
datanodes: {left: "s3 s3://shop/left/${{ start:%Y/%m/%d/%H }}/"}
activities:
  subtract: {shell: ./subtract, flow: shop.orders -> left}
"""


@pytest.fixture
def project(home: Path) -> Path:
    (home / "pipec.yaml").write_text("", encoding="utf-8")
    (home / "stock.pipe.yaml").write_text(STOCK, encoding="utf-8")
    return home


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def complaints(pipec: Pipec, *words: object) -> list[tuple[str, str, int]]:
    found = pipec("check", "--format", "json", *words)
    document = json.loads(found.out)
    assert document["version"] == 1
    every = document["diagnostics"]
    assert found.status == any(one["severity"] == "error" for one in every)
    return [(one["code"], one["file"], one["line"]) for one in every]


def test_clean(pipec: Pipec, home: Path) -> None:
    found = pipec("check", ".")
    assert (found.status, found.out) == (0, "")
    assert found.err == "1 pipeline, nothing to complain about\n"


def test_the_same_once_more_is_remembered(
    pipec: Pipec, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "send.sh").write_text("send", encoding="utf-8")
    spoil(project / "shop.pipe.yaml", "shell: ./count", "script: ./send.sh")
    first = pipec("check", ".")
    assert first.status == 0

    def load(*_: object) -> None:
        raise AssertionError("the pipelines are read again")

    with monkeypatch.context() as while_remembered:
        while_remembered.setattr("pipec.cli.load.load", load)
        assert pipec("check", ".") == first
        for name in ("send.sh", "pipec.yaml", "stock.pipe.yaml"):
            before = (project / name).read_text(encoding="utf-8")
            (project / name).write_text(before + "\n# more", encoding="utf-8")
            assert pipec("check", ".").status == 2
            (project / name).write_text(before, encoding="utf-8")
            assert pipec("check", ".") == first
        (project / "more.pipe.yaml").write_text("", encoding="utf-8")
        assert pipec("check", ".").status == 2
    assert pipec("check", ".").status == 1


def test_mistakes_of_all_files_in_order(pipec: Pipec, home: Path) -> None:
    for name in ("b", "a"):
        text = SHOP.replace("pipeline: shop", f"pipeline: {name}")
        text = text.replace("{shell: ./fetch,", "{shel: ./fetch,")
        (home / f"{name}.pipe.yaml").write_text(text.replace("daily}", "dayly}"), encoding="utf-8")
    assert complaints(pipec, ".") == [
        ("P104", "a.pipe.yaml", 9),
        ("P118", "a.pipe.yaml", 10),
        ("P104", "b.pipe.yaml", 9),
        ("P118", "b.pipe.yaml", 10),
    ]
    found = pipec("check", ".")
    assert found.err == "\n4 errors in 2 files\n"


def test_each_format(pipec: Pipec, home: Path) -> None:
    spoil(home / "shop.pipe.yaml", "daily}", "dayly}")
    text = pipec("check", ".")
    assert text.out.startswith("error[P118]: Unknown name\n  --> shop.pipe.yaml:10:")
    assert "\x1b" not in text.out
    github = pipec("check", ".", "--format", "github")
    assert github.out.startswith("::error file=shop.pipe.yaml,line=10,")
    assert github.err == ""
    sarif = json.loads(pipec("check", ".", "--format", "sarif").out)
    assert sarif["runs"][0]["results"][0]["ruleId"] == "P118"
    spoil(home / "shop.pipe.yaml", "dayly}", "daily}")
    assert json.loads(pipec("check", ".", "--format", "json").out) == {
        "version": 1,
        "diagnostics": [],
    }


def test_colour_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert show.in_colour(Terminal())  # type: ignore[arg-type]
    monkeypatch.setenv("TERM", "dumb")
    assert not show.in_colour(Terminal())  # type: ignore[arg-type]
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "")
    assert not show.in_colour(Terminal())  # type: ignore[arg-type]


def test_the_target_has_its_say(pipec: Pipec, home: Path) -> None:
    spoil(home / "shop.pipe.yaml", "every 1 day from", "every 10 seconds from")
    assert "P410" in [code for code, _, _ in complaints(pipec, ".")]


def test_references_reach_the_other_files_of_the_project(pipec: Pipec, project: Path) -> None:
    assert complaints(pipec, "stock.pipe.yaml") == []
    (project / "pipec.yaml").unlink()
    assert complaints(pipec, "stock.pipe.yaml") == [("P118", "stock.pipe.yaml", 6)]
    assert complaints(pipec, "stock.pipe.yaml", "shop.pipe.yaml") == []


def test_complaints_about_files_that_were_not_asked_for(pipec: Pipec, project: Path) -> None:
    spoil(project / "stock.pipe.yaml", "shell: ./subtract", "shel: ./subtract")
    found = pipec("check", "shop.pipe.yaml")
    assert (found.status, found.out) == (0, "")
    assert "1 other file of the project should be looked at: pipec check ." in found.err
    # What it rests on matters, though.
    spoil(project / "stock.pipe.yaml", "shel: ./subtract", "shell: ./subtract")
    spoil(project / "shop.pipe.yaml", "shell: ./count", "shel: ./count")
    assert complaints(pipec, "stock.pipe.yaml") == [("P104", "shop.pipe.yaml", 10)]


def test_what_rests_on_a_mistake_is_left_until_it_is_mended(pipec: Pipec, project: Path) -> None:
    spoil(project / "stock.pipe.yaml", "flow: shop.orders -> left", "after: shop.fetch")
    spoil(project / "shop.pipe.yaml", "every 1 hour", "every 1 hur")
    assert complaints(pipec, "stock.pipe.yaml") == [("P220", "shop.pipe.yaml", 3)]
    for words in (["compile"], ["compile", "--check"], ["plan"], ["run"]):
        found = pipec(*words, "stock.pipe.yaml")
        assert (found.status, found.out) == (1, "")
        assert "1 error in 1 file" in found.err


def test_a_name_that_two_files_give(pipec: Pipec, project: Path) -> None:
    (project / "twin.pipe.yaml").write_text(SHOP, encoding="utf-8")
    for asked in (".", "shop.pipe.yaml", "twin.pipe.yaml"):
        assert complaints(pipec, asked) == [("P124", "twin.pipe.yaml", 1)]
    assert complaints(pipec, "stock.pipe.yaml") == [("P124", "twin.pipe.yaml", 1)]


def test_settings_with_mistakes(pipec: Pipec, project: Path) -> None:
    (project / "pipec.yaml").write_text("airflw: 3\nairflow: 3.5\n", encoding="utf-8")
    assert complaints(pipec, "shop.pipe.yaml") == [
        ("P101", "pipec.yaml", 1),
        ("P205", "pipec.yaml", 2),
    ]
    (project / "pipec.yaml").write_text("- airflow\n", encoding="utf-8")
    assert complaints(pipec, ".") == [("P201", "pipec.yaml", 1)]
    (project / "pipec.yaml").write_text("# airflow: 3.3\n\n", encoding="utf-8")
    assert complaints(pipec, ".") == []
    (project / "pipec.yaml").write_bytes(b"output: d\xe4gs\n")
    assert complaints(pipec, ".") == [("P001", "pipec.yaml", 1)]


def test_values_go_to_those_that_declare_them(pipec: Pipec, home: Path) -> None:
    text = SHOP.replace("pipeline: shop", "pipeline: mail\nparams: {size: int, lake: s3}")
    (home / "mail.pipe.yaml").write_text(text, encoding="utf-8")
    assert (
        complaints(pipec, ".", "--set", "size=3", "--set", "size=4", "--set", "lake=s3://a") == []
    )
    assert complaints(pipec, ".", "--set", "size=much") == [("P202", "--set", 1)]
    found = pipec("check", ".", "--set", "sizes=3")
    assert found.status == 2
    assert "no pipeline has a parameter `sizes`; did you mean `size`?" in found.err


def test_environments_are_for_those_that_have_some(pipec: Pipec, home: Path) -> None:
    text = SHOP.replace("pipeline: shop", "pipeline: mail\nparams: {size: int}")
    text += "environments: {test: {size: 3}}\n"
    (home / "mail.pipe.yaml").write_text(text, encoding="utf-8")
    assert complaints(pipec, ".", "--env", "test") == []
    assert complaints(pipec, ".", "--env", "tset") == [("P115", "mail.pipe.yaml", 12)]


def test_scripts_stay_inside_the_project(pipec: Pipec, project: Path) -> None:
    (project.parent / "outside.sh").write_text("echo", encoding="utf-8")
    (project / "scripts").mkdir()
    (project / "scripts" / "inside.sh").write_text("echo", encoding="utf-8")
    (project / "scripts" / "link.sh").symlink_to("../../outside.sh")
    (project / "scripts" / "binary.sh").write_bytes(b"\xff\xfe")
    for path, inside in {
        "scripts/inside.sh": True,
        "./scripts/../scripts/inside.sh": True,
        "../outside.sh": False,
        str(project.parent / "outside.sh"): False,
        "scripts/link.sh": False,
        "scripts": False,
        "scripts/binary.sh": False,
        "scripts/none.sh": False,
    }.items():
        text = SHOP.replace("shell: ./count", f"script: {path}")
        (project / "shop.pipe.yaml").write_text(text, encoding="utf-8")
        expected = [] if inside else [("P230", "shop.pipe.yaml", 10)]
        assert complaints(pipec, "shop.pipe.yaml") == expected, path


def test_files_that_are_no_text(pipec: Pipec, home: Path) -> None:
    for content, code in (
        (b"\x00\x01\x02\xff" * 1000, "P001"),
        (SHOP.encode("utf-16"), "P001"),
        (b"\xef\xbb\xbf" + SHOP.encode(), ""),
        (SHOP.replace("\n", "\r\n").encode(), ""),
        (b"", "P002"),
        (b"[" * 100_000, "P004"),
    ):
        (home / "shop.pipe.yaml").write_bytes(content)
        assert [one for one, _, _ in complaints(pipec, ".")] == ([code] if code else [])


def test_an_alias_bomb(pipec: Pipec, home: Path) -> None:
    lines = ["x0: &x0 [a, a, a, a, a, a, a, a, a]"]
    lines += [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 12)]
    (home / "shop.pipe.yaml").write_text(SHOP + "\n".join(lines), encoding="utf-8")
    assert "P005" in [code for code, _, _ in complaints(pipec, ".")]
