"""The user's own text arrives unchanged where the work runs, whatever stands in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.airflow.pythons import every_airflow
from tests.airflow.running import ran

TEXTS = [
    *("it's \"quoted\" `back`", "{{ ds }} {% raw %} {# note #} {% endraw %}", "{{", "}}", "{%", "{#"),
    *("{", "{{ a }}{{ b }}{{ c }}", "100 % $HOME ${HOME} $(true) %s %(a)s %%", "\\n \\ \\\\", "\\"),
    *("two\nlines\n", "empty line\n\n", "cr\r\nlf\r\n", "{\r", "\r", "\ttab\t", "äöü ß 名前", "🦆 é"),
    *(" around ", "run.sh", "a.sql", "b.json", "{{ x }}.sh", "q.hql", "#!/bin/sh", "${{ start }}"),
    *("-n", "*", "~", "\u2028", "endraw {{ a }} {{ b }} {{ c }}", "%}{", "? :x", "'; DROP --"),
    *("a // b /* c */", "line \\\nnext", "None", "1.10", "no", "<!-- x -->"),
]  # fmt: skip
LAST_WORDS = ["# {{ x }} run.sh", "# a.sql", "# { {\n\n", "# 🦆 {% x"]
KEYS = [
    "name.json",
    "it's {{ ds }} ä 🦆 名.sh",
    "100%20 $HOME q?x=1&y#z a+b",
    "back\\slash {# x #} [1-9]*.sql",
]
SCRIPT = """\
import json, os

TEXTS = {texts!r}


def keep(**given):
    with open(os.environ["PIPEC_TEST_FOLDER"] + "/python.json", "w") as file:
        json.dump([given, TEXTS, "{{{{ not a template }}}} {{% x %}}"], file)
"""


def written(value: Any) -> Any:
    """A value as a user writes it who wants no expression in it."""
    match value:
        case str():
            return value.replace("${{", "$${{")
        case list():
            return [written(one) for one in value]
        case dict():
            return {name: written(one) for name, one in value.items()}
    return value


def quoted(text: str) -> str:
    """A text as SQL holds it."""
    return "'" + text.replace("'", "''") + "'"


def keep(name: str) -> str:
    return f'printf "%s\\0" "$@" > "$PIPEC_TEST_FOLDER/{name}"'


def project() -> dict[str, str]:
    """One pipeline with all texts in all places."""
    inserts = "".join(
        f"INSERT INTO texts VALUES ('sql', {number}, {quoted(text)});\n"
        for number, text in enumerate(TEXTS)
    )
    heredoc = "\n".join(f"cat <<'E_O_F'\n{text}\nE_O_F" for text in TEXTS)
    activities: dict[str, Any] = {
        "args": {"shell": keep("args"), "args": TEXTS},
        "vars": {"shell": 'env -0 > "$PIPEC_TEST_FOLDER/vars"',
                 "vars": {f"TEXT_{number}": text for number, text in enumerate(TEXTS)}},
        "heredoc": {"shell": f'{{\n{heredoc}\n}} > "$PIPEC_TEST_FOLDER/heredoc"'},
        "script": {"script": "./keep.sh", "args": TEXTS},
        "other": {"script": "./keep.py", "args": TEXTS},
        "python": {"python": "keep", "script": "./keep_all.py",
                   "args": {"texts": TEXTS, "named": {"a": TEXTS[1]}, "number": 3}},
        "create": {"sql": "CREATE TABLE texts (place text, number int, value text)", "connection": "db"},
        "sql": {"sql": inserts + "-- {{ end }}.sql", "connection": "db", "after": "create"},
        "file": {"sql": None, "script": "./insert.sql", "connection": "db", "after": "create"},
        "operator": {
            "operator": "airflow.providers.standard.operators.bash.BashOperator",
            "args": {"bash_command": keep("operator").replace('"$@"', '"$A" "$B"') + " # x.sh",
                     "append_env": True, "env": {"A": TEXTS[1], "B": "run.sh"}},
        },
        "object": {
            "operator": "airflow.providers.amazon.aws.operators.s3.S3CreateObjectOperator",
            "args": {"s3_key": "s3://keys/object.json", "data": "".join(TEXTS) + ".json"},
        },
    }  # fmt: skip
    for number, word in enumerate(LAST_WORDS):
        activities[f"end_{number}"] = {"shell": f"{keep(f'end_{number}')} {word}", "args": ["x"]}
    rows = ", ".join(f"({number}, {quoted(text)})" for number, text in enumerate(TEXTS))
    every = (
        f"SELECT 1 FROM known JOIN (VALUES {rows}) AS mine (number, value) USING (number, value)"
    )
    queries = [
        f"{every} HAVING count(*) = {len(TEXTS)}",
        *(f"SELECT 1 WHERE 1 = 1 {word.replace('#', '--')}" for word in LAST_WORDS),
    ]
    activities["known"] = {
        "shell": "true",
        "when": [{"query": query, "connection": "db"} for query in queries],
    }
    datanodes: dict[str, Any] = {}
    for number, key in enumerate(KEYS):
        datanodes[f"in_{number}"] = {"s3": f"s3://keys/in/{key}", "when": "not_empty"}
        datanodes[f"out_{number}"] = {"s3": f"s3://keys/out/{key}"}
        datanodes[f"folder_{number}"] = {"s3": f"s3://keys/folder/{key}/"}
        activities[f"copy_{number}"] = {"copy": f"in_{number} -> out_{number}"}
    stage = [
        f'cp "$INPUT{n}_STAGING_DIR"/* "$OUTPUT{n}_STAGING_DIR"' for n in range(1, len(KEYS) + 1)
    ]
    sides = [", ".join(f"{side}_{n}" for n in range(len(KEYS))) for side in ("in", "folder")]
    activities["stage"] = {"shell": "\n".join(stage), "flow": " -> ".join(sides)}
    pipeline = {
        "pipeline": "texts",
        "description": " ".join(TEXTS[:3]),
        "schedules": {"daily": "every 1 day from 2026-01-01T00:00Z 1 times"},
        "defaults": {"schedule": "daily", "attempts": "1"},
        "connections": {"db": "postgres"},
        "datanodes": written(datanodes),
        "activities": written(activities),
    }
    python = (
        "#!/usr/bin/env python3\nimport os, sys\n"
        'with open(os.environ["PIPEC_TEST_FOLDER"] + "/other", "wb") as file:\n'
        '    file.write(b"".join(os.fsencode(one) + b"\\0" for one in sys.argv[1:]))\n'
        "# {{ this is }} {% no template %}\n"
    )
    return {
        "texts.pipe.yaml": yaml.safe_dump(pipeline, sort_keys=False),
        "keep.sh": f"#!/bin/bash\n{keep('script')}\n# {{{{ the end }}}}.sh",
        "keep.py": python,
        "keep_all.py": written(SCRIPT.format(texts=TEXTS)),
        "insert.sql": written(inserts.replace("'sql'", "'file'")),
    }


def words(file: Path) -> list[str]:
    return file.read_bytes().decode().split("\0")[:-1]


@every_airflow
def test_texts_arrive(python: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEC_TEST_FOLDER", str(tmp_path))
    # The runner reads this file with any line end.
    sure = [quoted(text).replace("\r", "' || chr(13) || '") for text in TEXTS]
    known = [f"({number}, {text})" for number, text in enumerate(sure)]
    script = tmp_path / "data" / "sql" / "db.sql"
    script.parent.mkdir(parents=True)
    script.write_bytes(
        b"CREATE TABLE known (number int, value text);"
        + f"INSERT INTO known VALUES {', '.join(known)}".encode()
    )
    for key in KEYS:
        place = tmp_path / "data" / "s3" / "keys" / "in" / key
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(key)
    result = ran(
        python, project(), tmp_path, ("2026-01-01T00:00Z", "2026-01-02T00:00Z"), patience=3
    )
    assert {name: found for name, found in result.states.items() if found != ["finished"]} == {}
    assert words(tmp_path / "args") == TEXTS
    assert words(tmp_path / "script") == TEXTS
    assert words(tmp_path / "other") == TEXTS
    environment = dict(one.partition("=")[::2] for one in words(tmp_path / "vars"))
    assert [environment[f"TEXT_{number}"] for number in range(len(TEXTS))] == TEXTS
    assert (tmp_path / "heredoc").read_bytes().decode() == "".join(f"{text}\n" for text in TEXTS)
    assert words(tmp_path / "operator") == [TEXTS[1], "run.sh"]
    for number in range(len(LAST_WORDS)):
        assert words(tmp_path / f"end_{number}") == ["x"]
    given, inside, other = json.loads((tmp_path / "python.json").read_text())
    assert given == {"texts": TEXTS, "named": {"a": TEXTS[1]}, "number": 3}
    assert inside == TEXTS
    assert other == "{{ not a template }} {% x %}"
    rows = {(place, int(number)): text for place, number, text in result.table("db/public.texts")}
    for place in ("sql", "file"):
        assert [rows[place, number] for number in range(len(TEXTS))] == TEXTS
    assert result.object("keys/object.json").decode() == "".join(TEXTS) + ".json"
    for key in KEYS:
        name = key.rpartition("/")[2]
        assert result.object(f"keys/out/{key}").decode() == key
        assert result.object(f"keys/folder/{key}/{name}").decode() == key
