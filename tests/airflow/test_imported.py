"""Imported pipelines load in real Airflows, and do on this machine what the definitions say."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.airflow.asking import asked
from tests.airflow.pythons import every_airflow
from tests.airflow.running import version_of
from tests.importing.importing import NAMES, errors, files, imported


@every_airflow
def test_every_one_loads(python: str, tmp_path: Path) -> None:
    folder = tmp_path / "dags"
    folder.mkdir()
    made: dict[str, str] = {}
    for name in NAMES:
        dags, said = files(
            imported(name, values=True).imported.text, "airflow", version=version_of(python)
        )
        assert errors(said) == []
        assert not made.keys() & dags.keys()
        made |= dags
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    told = asked(python, "load.py", {"folder": str(folder), "most": 2}, tmp_path)
    assert told["errors"] == {}
    assert told["warnings"] == []
    assert sorted(f"{it}.py" for it in told["dags"]) == sorted(made)
    assert [it for it, dag in told["dags"].items() if dag["addresses"] or not dag["tasks"]] == []
