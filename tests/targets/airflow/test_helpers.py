"""The functions that Dag files hold fit together in one file, whichever of them it needs."""

from __future__ import annotations

from pipec.targets.airflow.helpers import FOLDER, helpers


def test_a_name_means_the_same_in_all_of_them() -> None:
    every = helpers(file.stem for file in FOLDER.glob("*.py"))
    assert len(every) > 100
    meant: dict[str, set[str]] = {one.name: {f"helpers.{one.name}"} for one in every}
    for one in every:
        for module, name in one.imports:
            meant.setdefault(name or module.partition(".")[0], set()).add(f"{module}.{name}")
    assert {name: found for name, found in meant.items() if len(found) > 1} == {}
