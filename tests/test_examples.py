"""Each example compiles to the files that stand beside it, which are what a careful colleague would write.

`PIPEC_BLESS=1` rewrites them (`make snapshots`): read the difference before you commit it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipec.cli import main

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = sorted(path.name for path in EXAMPLES.iterdir() if list(path.glob("*.pipe.yaml")))
RUFF = [sys.executable, "-m", "ruff"]


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles_to_what_stands_beside_it(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    golden = EXAMPLES / name / "airflow"
    if os.environ.get("PIPEC_BLESS"):
        assert main(["compile", str(EXAMPLES / name), "-o", str(golden)]) == 0
    assert main(["compile", str(EXAMPLES / name), "-o", str(tmp_path)]) == 0
    assert files(tmp_path) == files(golden)
    assert "warning" not in capsys.readouterr().err


def test_the_timeline_is_what_plan_draws(capsys: pytest.CaptureFixture[str]) -> None:
    kept = EXAMPLES / "sales" / "timeline.svg"
    window = ["--from", "2026-03-02", "--to", "2026-03-04", "--format", "svg"]
    assert main(["plan", str(EXAMPLES / "sales"), *window]) == 0
    drawn = capsys.readouterr().out
    if os.environ.get("PIPEC_BLESS"):
        kept.write_text(drawn, encoding="utf-8")
    assert drawn == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("version", ["3.0", "2.11"])
def test_older_airflows_differ_only_in_their_imports(version: str, tmp_path: Path) -> None:
    for name in NAMES:
        folder = tmp_path / name
        arguments = ["compile", str(EXAMPLES / name), "-o", str(folder), "--airflow", version]
        assert main(arguments) == 0
        for file, text in files(folder).items():
            golden = (EXAMPLES / name / "airflow" / file).read_text(encoding="utf-8")
            differing = set(text.splitlines()) ^ set(golden.splitlines())
            assert differing
            assert all(line.startswith("from airflow") for line in differing)


def test_the_files_are_formatted_and_clean() -> None:
    """`ruff format` changes nothing, `ruff check` finds nothing; nor in what is copied into them."""
    folders = [str(EXAMPLES / name / "airflow") for name in NAMES]
    helpers = str(EXAMPLES.parent / "targets" / "airflow" / "helpers")
    for command in (
        ["format", "--isolated", "--diff", *folders, helpers],
        ["check", "--isolated", "--select", "AIR,E,F,I", *folders, helpers],
    ):
        found = subprocess.run([*RUFF, *command], capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stdout + found.stderr
