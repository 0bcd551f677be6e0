"""What is sent to clusters: texts arrive as they were written, and the API takes each step.

Bash runs the commands. Programs that are not here note what they are given.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.airflow.pythons import every_airflow
from tests.airflow.test_texts import TEXTS, written
from tests.compiling import dag_files

STEPS = Path(__file__).parent / "steps.py"
NOTED = """\
#!/bin/bash
printf '%s\\0' "$@" > "$PIPEC_TEST_FOLDER/${0##*/}.given"
cat ./*.{q,pig,py} > "$PIPEC_TEST_FOLDER/${0##*/}.script" 2> /dev/null || true
"""
BODY = "".join(f"{text}\n" for text in [*TEXTS, "END_OF_TEXT", "ä {{ x }} {% y %}"])
NAMED = {f"text_{number}": text for number, text in enumerate(TEXTS)}
FOR_PIG = {name: text for name, text in NAMED.items() if not text.endswith("\\")}
"""Pig has no way to write a backslash at the end of a value."""
SPLICED = "${{ start:%d.%m. }}"


def project() -> dict[str, str]:
    keep = 'printf "%s\\0"'
    words = " ".join("'" + text.replace("'", "'\\''") + "'" for text in TEXTS)
    activities: dict[str, Any] = {
        "steps": {
            "emr": [{"jar": "s3://shop/it's {{ a }}.jar", "class": "a.B", "args": TEXTS}],
            "prepare": f'{keep} {words} > "$PIPEC_TEST_FOLDER/prepare"',
            "finish": ['echo one', f'{keep} {words} "{TEXTS[-1] * 1000}" > "$PIPEC_TEST_FOLDER/finish"'],
        },
        "program": {"hadoop": "s3://shop/a.jar", "args": TEXTS, "queue": "it's"},
        "hive": {"hive": BODY, "stage": False, "vars": NAMED},
        "pig": {"pig": BODY, "stage": False, "vars": FOR_PIG},
        "spark": {"spark": "./it's {{ a }}.py", "args": TEXTS, "conf": {"spark.a": "it's {{ a }} ä"}},
    }  # fmt: skip
    given = written(activities)
    for name, field in (("program", "args"), ("spark", "args")):
        given[name][field].append(SPLICED)
    given["hive"]["vars"]["spliced"] = given["pig"]["vars"]["spliced"] = SPLICED
    pipeline = {
        "pipeline": "shop",
        "schedules": {"daily": "every 1 day from 2026-01-01T00:00Z"},
        "defaults": {"schedule": "daily", "runs_on": "cluster"},
        "resources": {"cluster": "emr emr-7.1.0 with 4 x m5.xlarge"},
        "activities": given,
    }
    return {
        "shop.pipe.yaml": yaml.safe_dump(pipeline, sort_keys=False),
        "it's {{ a }}.py": written(BODY),
    }


def sent(python: str, folder: Path, tasks: list[str]) -> list[list[Any]]:
    """The steps of tasks, as this Airflow sends them."""
    file = folder / "shop.py"
    asked = {"file": str(file), "start": "2026-01-01T00:00Z", "end": "2026-01-02T00:00Z"}
    done = subprocess.run(
        [python, str(STEPS)],
        input="".join(json.dumps({**asked, "task": task}) + "\n" for task in tasks),
        env={"AIRFLOW_HOME": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    found = [json.loads(line[1:]) for line in done.stdout.splitlines() if line.startswith("@")]
    assert len(found) == len(tasks), done.stderr[-3000:]
    return found


def words(file: Path) -> list[str]:
    return file.read_bytes().decode().split("\0")[:-1]


def pig_reads(value: str) -> str:
    """A value as Pig reads it from its command line, and puts it into a script."""
    if re.fullmatch(r"[A-Za-z0-9][\w.:/-]*", value, re.ASCII):
        return value
    assert re.fullmatch(r'"(?:\\"|[^"])*"', value, re.DOTALL), value
    unquoted = value[1:-1].replace('\\"', '"')
    assert not re.search(r"(?<!\\)\$", unquoted), "it would be a parameter"
    return re.sub(r"\\(.)", r"\1", unquoted, flags=re.DOTALL)


@every_airflow
def test_texts_arrive_at_clusters(python: str, tmp_path: Path) -> None:
    version = {"33": "3.3", "30": "3.0", "11": "2.11"}
    said = subprocess.run(
        [python, "-c", "import airflow; print(airflow.__version__)"],
        env={"AIRFLOW_HOME": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    major, minor = said.stdout.split()[-1].split(".")[:2]
    files = dag_files(project(), version[f"{major}{minor}"[-2:]])  # type: ignore[arg-type]
    (tmp_path / "shop.py").write_text(files["shop.py"], encoding="utf-8")
    (tmp_path / "bin").mkdir()
    for name in ("hive", "pig", "spark-submit"):
        program = tmp_path / "bin" / name
        program.write_text(NOTED)
        program.chmod(0o755)
    steps, program, hive, pig, spark = sent(
        python, tmp_path, ["steps", "program", "hive", "pig", "spark"]
    )
    prepare, jar, *finish = steps
    assert jar == {"Jar": "s3://shop/it's {{ a }}.jar", "MainClass": "a.B", "Args": TEXTS}
    queue = "-Dmapreduce.job.queuename=it's"
    assert program == [{"Jar": "s3://shop/a.jar", "Args": [queue, *TEXTS, "01.01."]}]
    for step in (prepare, *finish, *hive, *pig, *spark):
        assert step["Jar"] == "command-runner.jar"
        # What it loses on the way.
        assert all(re.fullmatch(r"[\t\n -~]+", one) and "}}" not in one for one in step["Args"])
        environment = {
            "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
            "PIPEC_TEST_FOLDER": str(tmp_path),
            "TMPDIR": str(tmp_path),
        }
        subprocess.run(step["Args"], env=environment, check=True, cwd=tmp_path)
    assert words(tmp_path / "prepare") == TEXTS
    assert words(tmp_path / "finish")[:-1] == TEXTS
    assert (tmp_path / "hive.script").read_bytes().decode() == BODY
    given = words(tmp_path / "hive.given")
    assert given[:-2:2] == ["-d"] * (len(NAMED) + 1)
    assert given[1:-2:2] == [*(f"{name}={text}" for name, text in NAMED.items()), "spliced=01.01."]
    assert (tmp_path / "pig.script").read_bytes().decode() == BODY
    pairs = [one.split("=", 1) for one in words(tmp_path / "pig.given")[1:-2:2]]
    assert {name: pig_reads(text) for name, text in pairs} == {**FOR_PIG, "spliced": "01.01."}
    assert (tmp_path / "spark-submit.script").read_bytes().decode() == BODY
    given = words(tmp_path / "spark-submit.given")
    conf = ["--conf", "spark.a=it's {{ a }} ä"]
    assert given == ["--deploy-mode", "client", *conf, "it's {{ a }}.py", *TEXTS, "01.01."]
