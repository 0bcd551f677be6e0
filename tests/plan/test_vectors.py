"""`pipec plan --format json` gives exactly the plans of `tests/vectors/plan_vectors.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipec.cli import main

FILE = Path(__file__).parent.parent / "vectors" / "plan_vectors.json"
VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda it: it["name"])
def test_the_plan_is_exact(
    vector: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "two.pipe.yaml"
    file.write_text(vector["pipeline"], encoding="utf-8")
    window = ["--from", vector["from"], "--to", vector["to"]]
    assert main(["plan", str(file), *window, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["instances"]

    used = [
        {
            "start": one["start"],
            "end": one["end"],
            "due": one["due"],
            "needs_make": [need["start"] for need in one["needs"] if need["name"] == "d"],
        }
        for one in found
        if one["name"] == "use"
    ]
    assert used == vector["use"]

    made = [one for one in found if one["name"] == "d"]
    for one in made:  # Seen through the datanode: its instance is that of its producer.
        assert one["needs"] == [{"name": "make", "start": one["start"]}]
