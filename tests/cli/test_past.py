"""A schedule that starts in the past is warned of, by `check` alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import FIRST_DAY, Pipec

DAY = 86_400


def on(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(FIRST_DAY + days * DAY)))


def test_more_than_a_day_is_warned_of(
    pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, 3.5)
    said = pipec("check", "shop.pipe.yaml")
    assert said.status == 0
    assert "warning[P324]: Starts in the past" in said.out
    assert said.out.count("warning[P324]") == 1
    assert "runs what was missed, 84 of its intervals, 3 of `daily`" in said.out
    assert pipec("compile", "shop.pipe.yaml", "-o", "dags").err.count("P324") == 0


@pytest.mark.parametrize("days", [-5, 0, 0.9, 1])
def test_a_day_is_not(
    pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch, days: float
) -> None:
    on(monkeypatch, days)
    assert "P324" not in pipec("check", "shop.pipe.yaml").out


def test_what_was_clean_is_looked_at_again_on_another_day(
    pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "nothing to complain about" in pipec("check", ".").err
    on(monkeypatch, 2)
    assert "P324" in pipec("check", ".").out


@pytest.mark.parametrize(
    ("schedule", "days", "many"),
    [
        ("every 1 day from 2026-01-01 at start", 2, 3),
        ("every 1 month from 2026-01-01", 20, 0),
        ("every 1 month from 2026-01-01 at start", 20, 1),
        ("every 1 month from 2026-01-01", 32, 1),
        ("every 1 hour from 2026-01-01 5 times", 20, 0),
        ("every 1 day from 2026-01-01 until 2026-01-03", 20, 2),
        ('cron "0 6 * * *" in Europe/Zurich from 2026-01-01', 3, 2),
        ("once from 2025-01-01", 3, 0),
    ],
)
def test_how_many(
    pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch, schedule: str, days: int, many: int
) -> None:
    on(monkeypatch, days)
    (home / "one.pipe.yaml").write_text(
        f"pipeline: one\nschedules:\n  main: {schedule}\n"
        "activities:\n  mail: {shell: ./mail, schedule: main}\n"
    )
    out = pipec("check", "one.pipe.yaml").out
    assert ("P324" in out) == bool(many)
    assert not many or f"what was missed, {many} of its intervals" in out


def test_it_can_be_silent(pipec: Pipec, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, 100)
    (home / "pipec.yaml").write_text("ignore: [P324]\n")
    said = pipec("check", ".")
    assert (said.status, said.out) == (0, "")
    assert "nothing to complain about" in said.err


def test_errors_are_never_silent(pipec: Pipec, home: Path) -> None:
    (home / "pipec.yaml").write_text("ignore: [P118]\n")
    text = (home / "shop.pipe.yaml").read_text().replace("after: fetch", "after: fetsh")
    (home / "shop.pipe.yaml").write_text(text)
    assert "P118" in pipec("check", ".").out
