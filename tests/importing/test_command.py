"""`pipec import`, as it is typed; and what `pipec compile` says of what it has written."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Pipec, Said, cache, pipec
from tests.importing.importing import CORPUS, MOMENTS, NAMES, NO_JSON, PARTS, VALUES

__all__ = ["cache", "pipec"]

PIG = "SimplePigActivity_pig_activity_sample"
SHELL = "ShellCommandWithS3StagingDirectory_shellcommandwiths3stagingdir"
ORACLE = "oracle-backup_definition"
WRONG = ("guide_dp-copydata-redshift-define-pipeline-cli__01", "json-to-dynamodb_definition")
"""Published definitions that the service itself does not take."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the commands are typed."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def corpus(name: str) -> Path:
    return CORPUS / f"{name}.json"


def values(name: str) -> list[object]:
    """The options that give a definition of the corpus its values."""
    files = [corpus(PARTS[0])] if name == ORACLE else []
    files += [it] if (it := VALUES / f"{name}.json").exists() else []
    return [word for file in files for word in ("--values", file)]


def moments(file: Path) -> list[str]:
    """The options that say when what nobody but the service knows was."""
    text = file.read_text(encoding="utf-8")
    given = [f"{name}={at}" for name, at in MOMENTS.items() if f"  {name}:" in text]
    return [word for one in given for word in ("--set", one)]


def wrote(said: Said) -> list[Path]:
    return [Path(it.removeprefix("wrote ")) for it in said.out.splitlines()]


def codes(said: Said) -> list[str]:
    """The codes of the errors in what was said."""
    return [it[6:10] for it in said.err.splitlines() if it.startswith("error[")]


@pytest.mark.parametrize("name", NAMES)
def test_with_values_what_was_imported_compiles(name: str, pipec: Pipec, here: Path) -> None:
    found = pipec("import", corpus(name), *values(name), "-o", "made")
    assert found.status == int(name in WRONG)
    [file] = wrote(found)
    found = pipec("compile", file, "-o", "dags", *moments(file))
    assert (found.status, codes(found)) == (0, [])
    assert list(here.glob("dags/*.py"))


@pytest.mark.parametrize("name", NAMES)
def test_without_values_what_is_missing_is_listed(name: str, pipec: Pipec, here: Path) -> None:
    """All of it, and nothing else: a definition may lack nothing."""
    added = values(name)[:2] if name == ORACLE else []
    found = pipec("import", corpus(name), *added)
    [file] = wrote(found)
    params: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8")).get("params") or {}
    missing = {
        name
        for name, one in params.items()
        if not isinstance(one, dict) or not {"default", "secret", "optional"} & one.keys()
    }
    found = pipec("compile", file, "-o", "dags")
    assert found.status == int(bool(missing))
    assert all(f"`{one}`" in found.err for one in missing)
    assert set(codes(found)) == ({"P125"} if missing else set())
    assert (here / "dags").exists() == (not missing)


def test_several_files_and_values_twice(pipec: Pipec, here: Path) -> None:
    """What the later file says replaces what the earlier one says."""
    first = {"values": {"myS3LogsPath": "s3://first/logs", "myS3StagingPath": "s3://first/staging"}}
    (here / "first.json").write_text(json.dumps(first), encoding="utf-8")
    later = {"values": {"myS3StagingPath": "s3://later/staging"}}
    (here / "later.json").write_text(json.dumps(later), encoding="utf-8")
    given = ("--values", "first.json", "--values", "later.json")
    found = pipec("import", corpus(SHELL), *given, "-o", "deep/er")
    assert found.status == 0
    text = wrote(found)[0].read_text(encoding="utf-8")
    assert "default: s3://first/logs" in text
    assert "default: s3://later/staging" in text
    assert "s3://first/staging" not in text
    several = [corpus(it) for it in NAMES if it not in (*WRONG, ORACLE)]
    found = pipec("import", *several, "-o", "all")
    assert found.status == 0
    assert len({*wrote(found)}) == len(several)
    assert sorted(wrote(found)) == sorted(it.relative_to(here) for it in here.glob("all/*"))


def test_the_report_for_scripts(pipec: Pipec, here: Path) -> None:
    given = (corpus(PIG), corpus(SHELL), *values(SHELL))
    found = pipec("import", *given, "--report", "json")
    document = json.loads(found.out)
    assert found.status == 0
    assert [it["source"] for it in document["imports"]] == [*map(str, given[:2])]
    for one in document["imports"]:
        assert (
            (here / one["file"]).read_text(encoding="utf-8").count(f"pipeline: {one['pipeline']}\n")
        )
        told = Counter(it["outcome"] for it in one["fields"])
        assert {it: many for it, many in one["counts"].items() if many} == told
        places = [(it["object"], it["field"]) for it in one["fields"]]
        assert len(places) == len({*places})
        assert all(it["why"] for it in one["fields"] if it["outcome"] != "carried")
    source = json.loads(corpus(PIG).read_text(encoding="utf-8"))
    many = sum(len(it.keys() - {"id", "name"}) for it in source["objects"])
    many += sum(len(it.keys() - {"id"}) for it in source.get("parameters", ()))
    fields = document["imports"][0]["fields"]
    assert len([it for it in fields if it["field"] != "value"]) == many
    warned = [it["severity"] for it in document["diagnostics"]]
    assert warned
    assert {*warned} == {"warning"}
    again = pipec("import", *given, "--report", "text")
    assert again.status == 0
    assert f"{given[1]} -> " in again.out


def test_a_file_that_is_there_is_left_alone(pipec: Pipec, here: Path) -> None:
    [file] = wrote(pipec("import", corpus(SHELL)))
    before = file.read_bytes()
    found = pipec("import", corpus(SHELL))
    assert (found.status, wrote(found)) == (0, [file])
    file.write_bytes(before + b"# by hand\n")
    found = pipec("import", corpus(SHELL), corpus(PIG))
    assert found.status == 1
    assert codes(found) == ["P562"]
    assert str(file) in found.err
    assert len(wrote(found)) == 1
    assert file.read_bytes() == before + b"# by hand\n"
    assert pipec("import", corpus(SHELL), corpus(SHELL), "-o", "other").status == 1


def test_what_is_not_there(pipec: Pipec, here: Path) -> None:
    (here / "folder").mkdir()
    for words in (
        ("nothing.json",),
        ("folder",),
        (corpus(SHELL), "--values", "nothing.json"),
        (),
        (corpus(SHELL), "--report", "xml"),
        (corpus(SHELL), "-o", "file/below"),
    ):
        (here / "file").write_text("", encoding="utf-8")
        found = pipec("import", *words)
        assert (found.status, found.out) == (2, "")
        assert found.err.startswith("pipec")
        assert "Traceback" not in found.err
    assert "`nothing.json` cannot be read: no such file" in pipec("import", "nothing.json").err


def test_what_is_no_definition_is_told_where(pipec: Pipec, here: Path) -> None:
    found = pipec("import", corpus(NO_JSON))
    assert (found.status, found.out) == (1, "")
    assert f"{corpus(NO_JSON)}:4:82" in found.err
    for text in ("", "{", "[]", "null", "\x00", '{"objects": []}', "pipeline: shop", "\udcff"):
        (here / "a.json").write_bytes(text.encode("utf-8", "surrogateescape"))
        found = pipec("import", "a.json", corpus(SHELL), "-o", "made")
        assert found.status == 1, text
        assert "a.json:1:1" in found.err or text == "{"
        assert len(wrote(found)) == 1, text
    assert pipec("import", corpus(PARTS[0])).status == 1


def as_api(definition: dict[str, Any], *, template: bool = False) -> dict[str, Any]:
    """The same definition as the API, or a template of CloudFormation, says it."""

    def key(name: str) -> str:
        return name[0].upper() + name[1:] if template else name

    def fields(one: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                key("key"): name,
                key("refValue" if isinstance(it, dict) else "stringValue"): it["ref"]
                if isinstance(it, dict)
                else it,
            }
            for name, value in one.items()
            if name not in ("id", "name")
            for it in (value if isinstance(value, list) else [value])
        ]

    return {
        key("pipelineObjects"): [
            {key("id"): it["id"], key("name"): it.get("name", it["id"]), key("fields"): fields(it)}
            for it in definition["objects"]
        ],
        key("parameterObjects"): [
            {key("id"): it["id"], key("attributes"): fields(it)}
            for it in definition.get("parameters", ())
        ],
        key("parameterValues"): [
            {key("id"): id_, key("stringValue"): it}
            for id_, value in definition.get("values", {}).items()
            for it in (value if isinstance(value, list) else [value])
        ],
    }


@pytest.mark.parametrize("name", [it for it in NAMES if it not in (*WRONG, ORACLE)])
def test_every_form_says_the_same(name: str, pipec: Pipec, here: Path) -> None:
    definition = json.loads(corpus(name).read_text(encoding="utf-8"))
    definition.pop("metadata", None)  # Only the file of a template says what it is for.
    if values(name):
        definition |= json.loads((VALUES / f"{name}.json").read_text(encoding="utf-8"))
    properties = {"Name": "shop", **as_api(definition, template=True)}
    resource = {"Type": "AWS::DataPipeline::Pipeline", "Properties": properties}
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Shop": resource}}
    forms = {
        "plain/shop.json": json.dumps(definition),
        "api/shop.json": json.dumps(as_api(definition)),
        "template/shop.json": json.dumps(template),
        "template/shop.yaml": yaml.safe_dump(template, sort_keys=False),
    }
    made = []
    for place, text in forms.items():
        file = here / place
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        found = pipec("import", file, "-o", f"{file.suffix[1:]}-{file.parent.name}")
        assert found.status == 0, found.err
        [written] = wrote(found)
        made.append(written.read_text(encoding="utf-8").partition("\n")[2])
    assert made[1:] == made[:1] * 3


BROKEN = {
    "objects": [
        {"id": "Default", "workerGroup": "office", "schedule": {"ref": "Days"}},
        {
            "id": "Days",
            "type": "Schedule",
            "period": "1 day",
            "startDateTime": "2026-01-01T00:00:00",
        },
        {"id": "Look", "type": "ShellCommandActivity", "command": "./look"},
    ]
}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"id": "Look", "type": "ShellCommandActivity", "command": "false"}, ["P525"]),
        (
            {"id": "B", "type": "ShellCommandActivity", "command": "b", "dependsOn": {"ref": "No"}},
            ["P526"],
        ),
        ({"id": "B", "type": "ShelCommandActivity", "command": "b"}, ["P527"]),
        ({"id": "B", "type": "Nonsense", "command": "b"}, ["P527"]),
        ({"id": "B", "type": "ShellCommandActivity", "comand": "b"}, ["P536", "P528"]),
        ({"id": "B", "type": "ShellCommandActivity", "command": {"ref": "B"}}, ["P531"]),
        (
            {"id": "B", "parent": {"ref": "B"}, "type": "ShellCommandActivity", "command": "b"},
            ["P536", "P537"],
        ),
        (
            {"id": "B", "type": "CopyActivity", "input": {"ref": "Look"}, "output": {"ref": "B"}},
            ["P535", "P535"],
        ),
        ({"type": "ShellCommandActivity", "command": "b"}, ["P524"]),
        ("B", ["P515"]),
    ],
)
def test_as_much_is_imported_as_can_be(
    more: Any, expected: list[str], pipec: Pipec, here: Path
) -> None:
    text = json.dumps({"objects": [*BROKEN["objects"], more]}, indent=2)
    (here / "broken.json").write_text(text, encoding="utf-8")
    found = pipec("import", "broken.json")
    assert found.status == 1
    assert codes(found) == expected
    assert "Traceback" not in found.err
    [file] = wrote(found)
    assert "  look:\n    shell: ./look\n" in file.read_text(encoding="utf-8")


def test_a_configuration_inside_itself(pipec: Pipec, here: Path) -> None:
    cluster = {
        "id": "Nodes", "type": "EmrCluster", "releaseLabel": "emr-5.36.0", "configuration": {"ref": "A"},
    }  # fmt: skip
    own = {
        "id": "A", "type": "EmrConfiguration", "classification": "a", "configuration": {"ref": "A"},
    }  # fmt: skip
    work = {
        "id": "Sum",
        "type": "EmrActivity",
        "step": "s3://shop/a.jar",
        "runsOn": {"ref": "Nodes"},
    }
    text = json.dumps({"objects": [*BROKEN["objects"], cluster, own, work]})
    (here / "broken.json").write_text(text, encoding="utf-8")
    found = pipec("import", "broken.json", "--report", "text")
    assert "A.configuration (line 1): a configuration cannot be inside itself" in found.out


def test_what_is_lost_of_several_values_is_told(pipec: Pipec, here: Path) -> None:
    several = {
        "id": "B", "type": "ShellCommandActivity", "command": ["b", "c"], "myOwn": ["1", "2"],
        "scriptArgument": ["1", "2"], "maximumRetries": ["1", "2"],
    }  # fmt: skip
    text = json.dumps({"objects": [*BROKEN["objects"], several]})
    (here / "several.json").write_text(text, encoding="utf-8")
    found = pipec("import", "several.json", "--report", "json")
    [one] = json.loads(found.out)["imports"]
    lost = {it["field"] for it in one["fields"] if it["why"] == "it takes one value, and has 2"}
    assert lost == {"command", "myOwn", "maximumRetries"}


def test_no_password_reaches_a_file_or_a_report(pipec: Pipec, here: Path) -> None:
    (here / "shop.json").write_text(
        json.dumps({
            "objects": [
                {"id": "Default", "schedule": {"ref": "Day"}, "scheduleType": "cron"},
                {"id": "Day", "type": "Schedule", "period": "1 day", "startDateTime": "2026-01-01T00:00:00"},
                {"id": "Box", "type": "Ec2Resource", "role": "r", "resourceRole": "r"},
                {"id": "Db", "type": "RdsDatabase", "rdsInstanceId": "shop", "username": "etl", "*password": "hunter2"},
                {"id": "Rows", "type": "SqlDataNode", "database": {"ref": "Db"}, "table": "rows",
                 "selectQuery": "SELECT '#{database.*password}'"},
                {"id": "Own", "type": "MySqlDataNode", "connectionString": "jdbc:mysql://db/shop?ssl=1&password=hunter2", "table": "t",
                 "username": "etl", "*password": "hunter2", "insertQuery": "INSERT #{*password} VALUES (?)"},
                {"id": "Copy", "type": "CopyActivity", "input": {"ref": "Rows"}, "output": {"ref": "Own"},
                 "runsOn": {"ref": "Box"}},
                {"id": "Say", "type": "ShellCommandActivity", "command": "echo #{myKey}", "runsOn": {"ref": "Box"},
                 "dependsOn": {"ref": "Copy"}, "myKey": "#{*mySecret}"},
            ],
            "parameters": [{"id": "*mySecret", "type": "String", "default": "hunter2"}],
            "values": {"*mySecret": "hunter2"},
        }),
        encoding="utf-8",
    )  # fmt: skip
    for form in ("text", "json"):
        found = pipec("import", "shop.json", "-o", form, "--report", form)
        written = (here / form / "shop.pipe.yaml").read_text(encoding="utf-8")
        assert "hunter2" not in found.out + found.err + written
        assert written.count("secret: airflow") == 3
