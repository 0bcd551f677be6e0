"""What may be typed, and what is said of the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from pipec.cli import COMMANDS, main
from tests.cli.conftest import Pipec

ROOT = Path(__file__).parents[2]


def typed(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pipec", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **more},
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("chekc .", "there is no command `chekc`: did you mean `check`?"),
        ("convert x", "there is no command `convert`: there are `check`, `compile`"),
        ("--versoin", "there is no command `--versoin`"),
        ("check", "`pipec check` needs a PATH: pipec check PATH..."),
        ("plan", "`pipec plan` needs a PATH: pipec plan PATH"),
        ("plan . .", "`pipec plan` takes one PATH, not 2"),
        ("check . --formt json", "`pipec check` has no option `--formt`: did you mean `--format`?"),
        ("check . -x", "`pipec check` has no option `-x`: there are `--target`"),
        ("check . --format xml", "`--format` cannot be `xml`: there are `text`, `json`"),
        ("check . --format jsn", "`--format` cannot be `jsn`: did you mean `json`?"),
        ("check . --format", "`--format` needs a value: --format FORMAT"),
        ("check . --format= x", "`--format` cannot be ``"),
        ("check . --env --set a=b", "`--env` needs a value: --env NAME"),
        ("check . --env a --env b", "`--env` is given twice, with different values"),
        ("compile . --check=yes", "`--check` takes no value, and `--check=yes` gives it one"),
        ("compile . --airflow 3.3.2", "`--airflow` cannot be `3.3.2`: did you mean `3.3`?"),
        ("import", "`pipec import` needs a FILE: pipec import FILE..."),
        ("import no_such.json", "`no_such.json` cannot be read: no such file or directory"),
        ("compile . --target airfolw", "there is no target `airfolw`: did you mean `airflow`?"),
        ("check . --set lake", "`--set lake` gives no value: write --set NAME=VALUE"),
        ("check . --set =x", "`--set =x` gives no value"),
        ("check . --set lake=x", "no pipeline has a parameter `lake`; they have none"),
        ("check . --env test", "`--env test`: no pipeline has `environments:`"),
        ("plan . --from 2026", "--from: `2026` is not a point in time"),
        ("plan . --from 2026-02-01 --to 2026-01-01", "`--to` has to be after `--from`"),
        ("plan . --from 2026-02-01 --to 2026-02-01", "`--to` has to be after `--from`"),
        ("run . --at 2026-01-01 --to 2026-01-01", "`--at` is one moment, `--from` and `--to` are"),
        ("run . --limit soon", "`--limit` takes a number of seconds, not `soon`"),
        (
            "explain P100",
            "there is no message `P100`: a CODE is like P101, and `pipec explain` lists",
        ),
        ("explain DuplicateKey", "did you mean `P003`, Duplicate key?"),
        ("explain shop", "there is no message `shop`: a CODE is like P101"),
    ],
)
def test_misuse_is_one_line_and_2(pipec: Pipec, home: Path, words: str, said: str) -> None:
    found = pipec(*words.split(" "))
    assert found.status == 2
    assert found.out == ""
    assert found.err.startswith("pipec: ")
    assert said in found.err
    assert found.err.count("\n") == 1


@pytest.mark.parametrize(
    "words", ["-o out .", "-oout .", "-o=out .", "--output out -- .", ". --output=out", ". -o out"]
)
def test_options_may_stand_anywhere_and_in_every_form(pipec: Pipec, home: Path, words: str) -> None:
    found = pipec("compile", *words.split(" "))
    assert (found.status, found.out) == (0, "wrote out/shop.daily.py\nwrote out/shop.py\n")


def test_the_overview_names_every_command(pipec: Pipec) -> None:
    found = pipec("--help")
    assert (found.status, found.err) == (0, "")
    for name in COMMANDS:
        assert f"pipec {name} " in found.out
    assert pipec() == found.__class__(2, found.out, "")
    assert pipec("-h") == pipec("help") == found
    assert max(map(len, found.out.splitlines())) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(pipec: Pipec, name: str) -> None:
    found = pipec(name, "--help")
    assert (found.status, found.err) == (0, "")
    assert found.out.startswith(f"pipec {name} ")
    for option in import_module(f"pipec.cli.{name}").COMMAND.options:
        assert f" {option.name} {option.value}".rstrip() in found.out
    assert pipec(name, "no such path", "-h") == found
    assert max(map(len, found.out.splitlines())) <= 100


def test_the_version_is_that_of_the_checkout(pipec: Pipec) -> None:
    declared = (ROOT / "pyproject.toml").read_text()
    found = pipec("--version")
    assert found.status == 0
    assert f'version = "{found.out.split()[1]}"' in declared


def test_it_is_a_module_as_well() -> None:
    done = typed("explain", "P003")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("P003: Duplicate key\n")


def test_a_reader_that_has_seen_enough() -> None:
    command = f"{sys.executable} -m pipec explain; echo ended with $? >&2"
    done = subprocess.run(
        ["bash", "-c", f"({command}) | (exec <&-; sleep 0.01)"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.stderr == "ended with 141\n"


def test_a_terminal_that_knows_ascii_only(home: Path, tmp_path: Path) -> None:
    text = "pipeline: shop\nactivitäten: {}\n"
    (home / "shop.pipe.yaml").write_text(text, encoding="utf-8")
    done = typed("check", ".", PYTHONIOENCODING="ascii", PIPEC_DEBUG="1")
    assert done.returncode == 1
    assert r"activit\xe4ten" in done.stdout


def test_a_bug_says_so(pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("pipec.cli.load.load", broken)
    monkeypatch.delenv("PIPEC_DEBUG")
    found = pipec("plan", ".")
    assert found.status == 2
    assert (
        "this is a bug in pipec, not in your pipelines: ZeroDivisionError: division by" in found.err
    )
    assert "\n  version  pipec 0." in found.err
    assert "\n  command  pipec plan .\n" in found.err
    assert "Traceback" not in found.err
    monkeypatch.setenv("PIPEC_DEBUG", "1")
    assert "Traceback" in pipec("plan", ".").err


def test_the_keyboard_ends_it(pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipec.cli.load.load", interrupted)
    assert pipec("plan", ".").status == 130


def test_main_takes_the_words_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["pipec", "nonsense"])
    assert main() == 2
