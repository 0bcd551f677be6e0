"""A folder for pipelines, and the command line as a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipec.cli import main

SHOP = """\
pipeline: shop
schedules:
  hourly: every 1 hour from 2026-01-01T00:00Z
  daily: every 1 day from 2026-01-01T00:00Z
defaults: {schedule: hourly}
datanodes:
  orders: s3 s3://shop/orders/${{ start:%Y/%m/%d/%H }}/
activities:
  fetch: {shell: ./fetch, flow: "-> orders"}
  count: {shell: ./count, after: fetch, schedule: daily}
"""


FIRST_DAY = 1_767_225_600
"""The first of January 2026: what starts then has no past yet."""


@dataclass(frozen=True)
class Said:
    """What a command said: its exit status, its result, and what it told people."""

    status: int
    out: str
    err: str


Pipec = Callable[..., Said]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def pipec(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, cache: Path
) -> Pipec:
    """The command line; nothing that it remembers reaches the user's own folders."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("PIPEC_DEBUG", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST_DAY))

    def run(*words: object) -> Said:
        capsys.readouterr()
        status = main([str(word) for word in words])
        return Said(status, *capsys.readouterr())

    return run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the pipeline `shop`, in which the commands are typed."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "shop.pipe.yaml").write_text(SHOP, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder
