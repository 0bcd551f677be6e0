"""Which Python has Airflow."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipec.local.interpreter import NEEDED, VARIABLE, MissingAirflowError, find_airflow


def program(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{text}'\n")
    path.chmod(0o755)
    return str(path)


def everything(version: str) -> str:
    inner = ", ".join(f'"{name}": "{version}"' for name in NEEDED)
    return "{" + inner + "}"


def test_the_option_comes_before_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = program(tmp_path, "asked", everything("3.0.6"))
    other = program(tmp_path, "other", everything("2.11.2"))
    monkeypatch.setenv(VARIABLE, other)
    assert find_airflow(asked).airflow == "3.0.6"
    assert find_airflow().airflow == "2.11.2"


def test_what_is_missing_is_named_with_the_way_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, program(tmp_path, "bare", '{"moto": "5", "boto3": "1"}'))
    with pytest.raises(MissingAirflowError) as found:
        find_airflow()
    assert "lacks apache-airflow, apache-airflow-providers-amazon, pgserver" in str(found.value)
    assert 'pip install "pipec[run]"' in str(found.value)


@pytest.mark.parametrize("text", ["", "hello"])
def test_what_is_no_python(tmp_path: Path, text: str) -> None:
    with pytest.raises(MissingAirflowError, match="is not a Python that works"):
        find_airflow(program(tmp_path, "odd", text))
    with pytest.raises(MissingAirflowError, match="is not a Python that works"):
        find_airflow(str(tmp_path / "nothing"))
