"""Whatever stands in a definition, as much of it is imported as can be: nothing is raised."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from pipec.definition.check import check_definition
from pipec.definition.read import read_definition
from pipec.definition.write import definition_text
from pipec.diagnostic import Report
from pipec.importing.importer import import_definition
from pipec.importing.report import Done, report_json, report_text
from pipec.source import Source
from tests.definition.generated import definition
from tests.importing.importing import CORPUS, NAMES, files, read

WORDS = [
    *("", " ", "0", "-1", "1", "1 day", "15 minutes", "1 month", "every", "true", "Default", "x y"),
    *("#{", "#{}", "#{*x}", "#{myNothing}", "#{node.x}", "#{input.y.z}", "#{format(@actualEndTime"),
    *("#{format(@scheduledStartTime,'YYYY')}", "#{minusDays(@scheduledStartTime,1)}", "${{ x }}"),
    *(
        "s3://",
        "s3://a",
        "s3:/b",
        "jdbc:",
        "jdbc:mysql:",
        "jdbc:oracle:thin:@a:b",
        "no, such, thing",
    ),
    *(
        "2026-13-01T00:00:00",
        "2026-01-01T00:00:00",
        "FIRST_ACTIVATION_DATE_TIME",
        "cron",
        "ondemand",
    ),
    *(
        "\n",
        "é\u2028",
        "a\tb: c # d",
        "'",
        '"',
        "- a",
        "{a}",
        "|",
        "command-runner.jar,a,b",
        "1e999",
    ),
]
KEYS = [
    *("id", "name", "type", "parent", "schedule", "scheduleType", "runsOn", "workerGroup", "input"),
    *(
        "output",
        "precondition",
        "dependsOn",
        "onFail",
        "database",
        "dataFormat",
        "period",
        "startAt",
    ),
    *("startDateTime", "occurrences", "endDateTime", "column", "command", "scriptUri", "step"),
    *("connectionString", "directoryPath", "filePath", "table", "insertQuery", "selectQuery"),
    *("instanceType", "configuration", "property", "myVar", "*password", "lateAfterTimeout"),
    *("maximumRetries", "retryDelay", "filterSql", "hiveScript", "generatedScriptsPath", "stage"),
    *("manifestFilePath", "where", "script", "schemaName", "arguments", "tupel", "nonsense"),
]
TYPES = [
    *("Schedule", "ShellCommandActivity", "CopyActivity", "SqlActivity", "RedshiftCopyActivity"),
    *("EmrActivity", "HadoopActivity", "HiveActivity", "HiveCopyActivity", "PigActivity"),
    *("S3DataNode", "SqlDataNode", "MySqlDataNode", "DynamoDBDataNode", "RedshiftDataNode"),
    *("Ec2Resource", "EmrCluster", "HttpProxy", "CSV", "TSV", "Custom", "DynamoDBExportDataFormat"),
    *(
        "S3KeyExists",
        "S3PrefixNotEmpty",
        "Exists",
        "ShellCommandPrecondition",
        "DynamoDBDataExists",
    ),
    *("SnsAlarm", "Terminate", "RdsDatabase", "JdbcDatabase", "RedshiftDatabase", "Property"),
    *("EmrConfiguration", "Nonsense", "ShelCommandActivity"),
]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("name", NAMES)
def test_a_definition_with_something_else_in_it(name: str, seed: int) -> None:
    text = (CORPUS / f"{name}.json").read_text(encoding="utf-8")
    imported_anyhow(f"{name}.json", mutated(text, f"{name} {seed}"))


@pytest.mark.parametrize("seed", range(200))
def test_any_types_with_something_else_in_them(seed: int) -> None:
    imported_anyhow("made.json", mutated(definition_text(definition(seed)), f"made {seed}"))


def imported_anyhow(file: str, text: str) -> None:
    """Import what is in a file, tell of it, and hold the pipeline against everything."""
    report = Report()
    for one in read_definition(Source(file, text), report):
        check_definition(one, report)
        if not one.objects:
            continue
        made = import_definition(one, report)
        done = [Done(file, made, "made.pipe.yaml")]
        assert report_text(done)
        assert json.loads(report_json(done, []))["imports"][0]["pipeline"] == made.name
        assert all(it.why for it in made.accounts if it.outcome != "carried")
        _, said = read(made.text)
        for it in said.found:
            assert it.text()
        if not said.errors:
            for target in ("airflow", "datapipeline"):
                files(made.text, target)
    for it in report.sorted():
        assert it.text()
        assert it.hint() is not None
        assert 0 <= it.span.start <= it.span.end


def mutated(text: str, seed: str) -> str:
    """A definition after a few things have happened to it."""
    chance = random.Random(seed)
    tree = json.loads(text)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        happen(tree, chance)
    text = json.dumps(tree, indent=2, ensure_ascii=chance.random() < 0.5)
    if chance.random() < 0.1:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(("", '"', "{", ",", "é", "\x00", text)) + text[at + 1 :]
    return text


def happen(tree: Any, chance: random.Random) -> None:
    """Change one thing."""
    objects = [it for it in every(tree) if isinstance(it, dict)]
    one = chance.choice(objects)
    ids = [it["id"] for it in objects if isinstance(it.get("id"), str)] or ["x"]
    key = chance.choice([*one]) if one else "x"
    other = chance.choice(objects)
    match chance.randrange(12):
        case 0:
            one.pop(key, None)
        case 1:
            one[key] = chance.choice(WORDS)
        case 2 | 3:
            one[key if chance.random() < 0.5 else chance.choice(KEYS)] = {"ref": chance.choice(ids)}
        case 4:
            one[chance.choice(KEYS)] = chance.choice(WORDS)
        case 5:
            one["type"] = chance.choice(TYPES)
        case 6:
            one[key] = [
                copy.deepcopy(one.get(key)),
                chance.choice((*WORDS, {"ref": chance.choice(ids)})),
            ]
        case 7:
            one[f"{key}x"] = one.pop(key, "")
        case 8:
            for name, value in copy.deepcopy(other).items():
                one.setdefault(name, value)
        case 9:
            for it in every(tree):
                if isinstance(it, list) and any(isinstance(inner, dict) for inner in it):
                    it.insert(chance.randrange(len(it)), copy.deepcopy(chance.choice(it)))
                    break
        case 10:
            one[key] = chance.choice((None, 1, 2.5, True, [], {}, {"ref": 1}, [[]], {"a": ["b"]}))
        case 11 if isinstance(one.get(key), str) and one[key]:
            at = chance.randrange(len(one[key]))
            one[key] = one[key][:at] + chance.choice(WORDS) + one[key][at + 1 :]


def every(tree: Any) -> Iterator[Any]:
    """A tree, and all that is inside it."""
    yield tree
    inside = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    for one in inside:
        yield from every(one)
