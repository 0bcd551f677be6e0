"""A pipeline with everything in it compiles to the files beside it, for the newest Airflow.

`PIPEC_BLESS=1` rewrites them: read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipec.targets.airflow.version import Version
from tests.compiling import dag_files

RICH = Path(__file__).parent / "rich"
GOLDEN = RICH / "airflow"


def compiled(version: Version = "3.3") -> dict[str, str]:
    texts = {one.name: one.read_text(encoding="utf-8") for one in RICH.iterdir() if one.is_file()}
    return dag_files(dict(sorted(texts.items())), version)


def golden() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.py")}


def test_it_compiles_to_what_stands_beside_it() -> None:
    made = compiled()
    if os.environ.get("PIPEC_BLESS"):
        GOLDEN.mkdir(exist_ok=True)
        for path in GOLDEN.glob("*.py"):
            path.unlink()
        for name, text in made.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    assert made == golden()


@pytest.mark.parametrize("version", ["3.0", "2.11"])
def test_older_airflows_differ_only_in_their_imports(version: Version) -> None:
    old, new = (
        [line for text in files.values() for line in text.splitlines()]
        for files in (compiled(version), golden())
    )
    differing = set(old) ^ set(new)
    assert differing
    imports = re.compile(r"from airflow.*|    \w+,|\)")  # On one line, or on several.
    assert all(imports.fullmatch(line) for line in differing)


@pytest.mark.parametrize(
    "command", [["format", "--diff"], ["check", "--select", "AIR,E,F,I"]], ids=lambda it: it[0]
)
def test_the_files_are_formatted_and_clean(command: list[str]) -> None:
    ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(GOLDEN)]
    found = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_files_are_python() -> None:
    for name, text in golden().items():
        compile(text, name, "exec", dont_inherit=True)
