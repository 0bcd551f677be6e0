"""`pipec plan --format json` gives exactly the plans of `tests/vectors/plan_vectors.json`.

What they refuse, and what they warn of, `pipec plan` says as well.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipec.cli import main

FILE = Path(__file__).parent.parent / "vectors" / "plan_vectors.json"
DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))
VECTORS: list[dict[str, Any]] = DOCUMENT["vectors"]
ERRORS: list[dict[str, Any]] = DOCUMENT["errors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda it: it["name"])
def test_the_plan_is_exact(
    vector: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "two.pipe.yaml"
    file.write_text(vector["pipeline"], encoding="utf-8")
    window = ["--from", vector["from"], "--to", vector["to"]]
    assert main(["plan", str(file), *window, "--format", "json"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)["instances"]

    assert ("warning[P311]" in said.err) == ("a warning" in vector.get("note", ""))
    if "names d[-1]" in vector.get("note", ""):
        assert "`d[-1]` would not wait" in said.err

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


@pytest.mark.parametrize("vector", ERRORS, ids=lambda it: it["name"])
def test_there_is_no_plan(
    vector: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "two.pipe.yaml"
    file.write_text(vector["pipeline"], encoding="utf-8")
    assert main(["plan", str(file)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    code = "P310" if "cuts" in vector["name"] else "P309"
    assert re.findall(r"^error\[(P\d+)\]", said.err, re.MULTILINE) == [code]
