"""The AWS CLI takes what is compiled, sends all of it, and gives it back as it was."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.importing.importing import CORPUS, NAMES, files, imported

pytestmark = pytest.mark.aws

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "tests" / "importing" / "pages"
AS_THEY_ARE = ("billing_template", "guide_emrcluster-example-ebs__01", "RDStoS3_RDStoS3Pipeline")
"""Published definitions that go there without having been imported."""


@pytest.fixture(scope="module")
def put(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The definitions that are put, by their names."""
    texts = {page.stem: page.read_text() for page in PAGES.glob("*.yaml")}
    texts |= {name: imported(name, values=True).imported.text for name in NAMES}
    found = {}
    for name, text in texts.items():
        [found[name.partition(".")[0]]] = files(text, "datapipeline")[0].values()
    return found | {
        f"{name}-as-it-is": (CORPUS / f"{name}.json").read_text() for name in AS_THEY_ARE
    }


@pytest.fixture(scope="module")
def said(put: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the CLI says of each, from a Python that has it."""
    folder = tmp_path_factory.mktemp("definitions")
    for name, text in put.items():
        (folder / f"{name}.json").write_text(text)
    make = ROOT / "tests" / "environments" / "make.sh"
    python = subprocess.run([make, "awscli"], check=True, capture_output=True, text=True).stdout
    script = Path(__file__).with_name("aws_cli.py")
    results = folder / "said"
    subprocess.run([python.strip(), script, folder, results], check=True)
    found: dict[str, Any] = json.loads(results.read_text())
    return found


def test_nothing_is_wrong_with_them(put: dict[str, str], said: dict[str, Any]) -> None:
    assert said.keys() == put.keys()
    assert all(it["put"] == {"errored": False} for it in said.values())


def test_objects_come_back_as_they_were(put: dict[str, str], said: dict[str, Any]) -> None:
    for name, text in put.items():
        mine = {it["id"]: _said(it) for it in json.loads(text)["objects"]}
        theirs = {it["id"]: it for it in said[name]["got"]["objects"]}
        assert theirs == mine, name


def _said(one: dict[str, Any]) -> dict[str, Any]:
    """An object as the CLI writes it: a list of one is what is in it, and the name is there."""
    plain = {key: it[0] if isinstance(it, list) and len(it) == 1 else it for key, it in one.items()}
    return {"name": one["id"], **plain}


def test_parameters_are_sent(put: dict[str, str], said: dict[str, Any]) -> None:
    """moto forgets them: what was sent is what the service gets."""
    sure = 0
    for name, text in put.items():
        wanted = json.loads(text)
        sent = said[name]["sent"]
        mine = {
            it["id"]: {
                (key, one) for key, one in it.items() if key != "id" and isinstance(one, str)
            }
            for it in wanted.get("parameters", ())
        }
        theirs = {
            it["id"]: {(one["key"], one["stringValue"]) for one in it["attributes"]}
            for it in sent.get("parameterObjects", ())
        }
        assert mine.keys() == theirs.keys()
        assert all(mine[it] <= theirs[it] for it in mine)
        given = {it["id"]: it["stringValue"] for it in sent.get("parameterValues", ())}
        assert given == wanted.get("values", {})
        sure += bool(mine) + bool(given)
    assert sure > 5
