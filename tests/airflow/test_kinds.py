"""Each kind of activity, precondition and notification, by what has really happened at the end."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.airflow.pythons import every_airflow
from tests.airflow.running import Ran, ran

KINDS = """
pipeline: kinds
params:
  alerts: {type: sns, default: arn:aws:sns:eu-west-1:111122223333:alerts}
  stored: {secret: airflow shop_token}
  kept: {secret: secretsmanager shop/token}
  given: {secret: env SHOP_TOKEN}
schedules:
  hourly: every 1 hour from 2026-03-01T22:00Z 2 times
  daily: every 1 day from 2026-03-01T00:00Z 2 times
  month: every 1 month from 2026-01-31T00:00Z 2 times at start
  dawn: cron "30 5 * * 1-5" in Europe/Zurich from 2026-03-27T00:00Z until 2026-03-31T00:00Z at start
  night: cron "30 5 * * *" in Europe/Zurich from 2026-03-28T00:00Z until 2026-03-31T00:00Z
  import: once from 2026-03-01T10:11:12Z
defaults: {schedule: hourly, attempts: 2 every 1 minute, notify: {failure: oncall}}
notifications:
  oncall:
    sns: ${{ alerts }}
    subject: "${{ node.name }} (${{ node.kind }}) is ${{ node.status }}: ä\\n"
    message: |
      ${{ node.name }} for ${{ start }} to ${{ end }}, due ${{ run.due:%H:%M }}, {{ 50 % }} "🦆".sh
      attempt ${{ run.attempt }} of ${{ run.id }}: ${{ node.error }}
  happy: {sns: "${{ alerts }}", message: "${{ node.name }} ${{ node.status }} ${{ end - 1 day:%Z %d }}"}
connections: {db: postgres}
datanodes:
  file_there: {s3: "s3://lake/there/${{ start:%H }}.csv", when: exists}
  folder_there: {s3: s3://lake/there/, when: [exists, not_empty]}
  file_full: {s3: s3://lake/there/22.csv, when: not_empty}
  on_disk: {file: DISK/there.txt, when: [exists, not_empty, {shell: "test -e ${{ node.path }}"}]}
  on_disk_folder: {file: DISK/, when: not_empty}
  table_full: {sql: db.rows, at: at, when: not_empty}
  table_asked: {sql: db.rows, when: {query: SELECT NULL}}
  file_empty: {s3: s3://lake/empty/file, when: not_empty}
  folder_empty: {s3: s3://lake/empty/, when: not_empty}
  folder_marked: {s3: s3://lake/marked/, when: exists}
  disk_missing: {file: DISK/missing, when: exists}
  table_empty: {sql: db.nothing, when: not_empty}
  table_silent: {sql: db.rows, when: {query: SELECT 1 WHERE false}}
  out: s3 s3://lake/out/${{ start:%H }}/
  one: s3 s3://lake/one/${{ start:%H }}.txt
activities:
  holds:
    shell: echo "$0"
    stage: false
    flow: file_there, folder_there, file_full, on_disk, on_disk_folder, table_full, table_asked
    when:
      - shell: test "$1" = 'a b'
        args: [a b]
      - shell: test ${{ node.name }} = holds
      - {script: ./open.sh, args: ["${{ start:%H }}"]}
      - script: s3://lake/scripts/${{ start:%Y/%m }}.sh
    notify: {success: happy}
  no_file: {shell: "true", flow: file_empty}
  no_folder: {shell: "true", flow: folder_empty}
  no_mark: {shell: "true", flow: folder_marked}
  no_disk: {shell: "true", flow: disk_missing}
  no_row: {shell: "true", flow: table_empty}
  no_answer: {shell: "true", flow: table_silent}
  never: {shell: "true", when: {shell: exit 99}}
  staged:
    shell: |
      cat "$INPUT1_STAGING_DIR"/* > "$OUTPUT1_STAGING_DIR"/one.txt
      find "$INPUT2_STAGING_DIR" -type f | wc -l > "$OUTPUT2_STAGING_DIR"/any
      cat "$INPUT3_STAGING_DIR" >> "$OUTPUT2_STAGING_DIR"/any
      mkdir "$OUTPUT1_STAGING_DIR/below"; touch "$OUTPUT1_STAGING_DIR/below/empty"
    flow: file_there, folder_there, on_disk -> out, one
  far_script: {script: "s3://lake/scripts/far-${{ start:%Y }}.sh", args: ["a'b", "${{ run.id }}"], vars: {X: y.sh}}
  secrets:
    shell: |
      echo "$A $B $C" | rev > "$PIPEC_TEST_FOLDER/secrets"
    vars: {A: "${{ stored }}", B: "${{ kept }}", C: "${{ given }}", D: plain}
  secret_stage: {shell: 'test "$A" = "$SHOP_TOKEN" && echo "$A" | rev > "$OUTPUT1_STAGING_DIR/x"', flow: "-> out", vars: {A: "${{ given }}"}}
  skips: {shell: exit 99}
  fails: {shell: "echo no; exit 3", after: skips, notify: {failure: [oncall, happy]}}
  retried: {shell: "echo ${{ run.attempt }} ${{ run.id }} ${{ run.due }} ${{ start:%Z }}; test ${{ run.attempt }} = 2", notify: {success: happy}}
  rows: {sql: "INSERT INTO seen VALUES ('${{ start }}', '{{ x }} %s'); UPDATE seen SET note = note || ';'", connection: db}
  broken: {sql: "INSERT INTO seen VALUES ('never', ''); SELECT 1 / 0", connection: db, attempts: 1}
  call: {python: os.path.join, args: {b: x}, attempts: 1}
  call_well: {python: textwrap.shorten, args: {text: "${{ start:%H }} is it", width: 9}}
  script: {python: note, script: ./note.py, args: {name: script, hour: "${{ start:%H }}", deep: [{a: "${{ end }}"}]}}
  other: {python: note, script: ./other/note.py, args: {name: other}}
  month_start: {shell: "echo month ${{ start }} ${{ end }} ${{ end - 1 day }}", schedule: month}
  at_dawn: {shell: "echo dawn ${{ start }} ${{ end }} ${{ run.due }} ${{ end - 1 hour:%z }}", schedule: dawn}
  at_night: {shell: "echo night ${{ start }} ${{ end }} ${{ midnight(start) }}", schedule: night}
  once: {shell: "echo once ${{ start }} ${{ end }}", schedule: import}
"""
NOW = """
pipeline: kinds_now
params:
  day: {type: datetime, at: run, default: 2024-02-29T10:00+02:00}
  items: {type: int, at: run, default: 20}
  ratio: {type: double, at: run, default: 2}
  text: {type: string, at: run, default: "it's {{ x }} 🦆"}
  nothing: {type: string, at: run, optional: true}
  wide: {type: bool, at: run, default: true}
schedules: {now: on demand}
defaults: {schedule: now}
activities:
  asked:
    shell: printf '%s\\0' "$@" > "$PIPEC_TEST_FOLDER/asked"
    args:
      - ${{ day + 1 year:%Y-%m-%d %H }}
      - ${{ items / 3 + 1 }}
      - ${{ ratio }}
      - ${{ text }}
      - <${{ nothing }}>
      - ${{ wide }}
      - ${{ start }} ${{ end - 1 month:%d %Z }} ${{ run.due }}
"""
CHAIN = """
pipeline: chain
schedules:
  hourly: every 1 hour from 2026-03-01T00:00Z 4 times
  pairs: every 2 hours from 2026-03-01T00:00Z 2 times
  last: every 2 hours from 2026-03-01T00:00Z 2 times at start
defaults: {schedule: hourly, attempts: 1, late: after 1 hour, notify: {late: oncall}}
notifications: {oncall: {sns: "arn:aws:sns:eu-west-1:111122223333:alerts", message: late}}
connections: {db: postgres}
datanodes: {hours: sql db.hours, pairs_made: sql db.pairs, ends: sql db.ends}
activities:
  make: {sql: "INSERT INTO hours VALUES ('${{ start }}')", flow: "pairs_made[-1] -> hours"}
  pair: {sql: "INSERT INTO pairs SELECT '${{ start }}', count(*) FROM hours", flow: hours -> pairs_made, schedule: pairs}
  finish: {sql: "INSERT INTO ends SELECT '${{ end }}', count(*) FROM hours", flow: "hours over 3 hours -> ends", schedule: last}
"""
NOTE = """
import json, os


def note(name, **given):
    with open(os.environ["PIPEC_TEST_FOLDER"] + "/note", "a") as file:
        file.write(json.dumps(["WHICH", name, given, __file__]) + "\\n")
"""
SECRETS = {"airflow": "sesame-stored", "kept": "sesame-kept", "env": "sesame-given"}


def place_data(folder: Path) -> None:
    files = {
        "s3/lake/there/22.csv": "22\n",
        "s3/lake/there/23.csv": "23\n",
        "s3/lake/empty/file": "",
        "s3/lake/scripts/2026/03.sh": '#!/bin/sh\ntest -z "$1"\n',
        "s3/lake/scripts/far-2026.sh": '#!/bin/bash\necho "far $1 $2 $X"\n',
        "sql/db.sql": "CREATE TABLE rows (at timestamp); CREATE TABLE nothing (at timestamp);"
        "CREATE TABLE seen (at text, note text); CREATE TABLE hours (at text);"
        "CREATE TABLE pairs (at text, hours int); CREATE TABLE ends (at text, hours int);"
        "INSERT INTO rows VALUES ('2026-03-01T22:30:00'), ('2026-03-01T23:00:00')",
    }
    for name, text in files.items():
        file = folder / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (folder / "disk").mkdir()
    (folder / "disk" / "there.txt").write_text("on disk\n")


@every_airflow
def test_kinds(python: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEC_TEST_FOLDER", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_VAR_SHOP_TOKEN", SECRETS["airflow"])
    monkeypatch.setenv("PIPEC_SECRET_SHOP_TOKEN", SECRETS["kept"])
    monkeypatch.setenv("SHOP_TOKEN", SECRETS["env"])
    place_data(tmp_path)
    project = {
        "kinds.pipe.yaml": KINDS.replace("DISK", str(tmp_path / "disk")),
        "kinds_now.pipe.yaml": NOW,
        "chain.pipe.yaml": CHAIN,
        "open.sh": 'test "$1" -ge 22\n# {{ x }}.sh',
        "note.py": NOTE.replace("WHICH", "first"),
        "other/note.py": NOTE.replace("WHICH", "second"),
    }
    options = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{tmp_path}/airflow.db"}
    window = ("2026-01-01T00:00Z", "2026-05-01T00:00Z")
    result = ran(python, project, tmp_path, window, patience=2, options=options)
    assert not result.outcome.problem
    check_states(result)
    check_shell(result, tmp_path)
    check_python_and_sql(result, tmp_path)
    check_schedules(result)
    check_notices(result)
    check_secrets(result, tmp_path)
    check_asked(tmp_path)
    check_chain(result)


FAILING = {
    *("no_file", "no_folder", "no_mark", "no_disk", "no_row", "no_answer", "never"),
    *("skips", "fails", "broken", "call"),
}


def check_states(result: Ran) -> None:
    for name, states in result.states.items():
        good = name.partition(".")[0] not in FAILING
        waits = {"file_empty", "folder_empty", "folder_marked", "disk_missing", "table_empty"}
        good &= name.partition(".")[0] not in {*waits, "table_silent"}
        assert set(states) <= ({"finished"} if good else {"failed", "upstream failed"}), name
    for name in ("no_file", "no_mark", "no_disk", "no_row", "no_answer", "never", "fails"):
        assert set(result.states[name]) == {"upstream failed"}, name
    attempts = {one.name: one.attempts for one in result.outcome.instances}
    # An exit status of 99 is a failure like any other; that of a sensor's time is the only one.
    assert (attempts["skips"], attempts["retried"], attempts["never.shell"]) == (2, 2, 1)


def check_shell(result: Ran, folder: Path) -> None:
    assert result.object("lake/out/22/one.txt") == b"22\n"
    assert result.object("lake/out/22/below/empty") == b""
    assert result.object("lake/one/23.txt").decode().split() == ["2", "on", "disk"]
    run = r"(scheduled|manual)__2026\S*"
    assert re.search(rf"far a'b {run} y\.sh", result.log("far_script"))
    last = result.log("retried", 2)
    assert re.search(rf"\b2 {run} 2026-03-01T23:00:00 UTC", last)
    assert re.search(rf"\b2 {run} 2026-03-02T00:00:00 UTC", last)


def check_python_and_sql(result: Ran, folder: Path) -> None:
    notes = [json.loads(line) for line in (folder / "note").read_text().splitlines()]
    deep = [{"a": "2026-03-01T23:00:00"}]
    assert ["first", "script", {"hour": "22", "deep": deep}, "note.py"] in notes
    assert ["second", "other", {}, "other/note.py"] in notes
    assert len(notes) == 4
    assert sorted(result.table("db/public.seen")) == [
        ["2026-03-01T22:00:00", "{{ x }} %s;;"],
        ["2026-03-01T23:00:00", "{{ x }} %s;"],
    ]


def check_schedules(result: Ran) -> None:
    def echoed(task: str, word: str) -> list[str]:
        found = re.findall(rf"(?<!echo ){word} ((?:2026\S+ ?)+(?:\+\d+)?)", result.log(task))
        return sorted({one.strip() for one in found})

    assert echoed("month_start", "month") == [
        "2026-01-31T00:00:00 2026-02-28T00:00:00 2026-02-27T00:00:00",
        "2026-02-28T00:00:00 2026-03-31T00:00:00 2026-03-30T00:00:00",
    ]
    # Clocks change on 29 March, a Sunday.
    assert echoed("at_dawn", "dawn") == [
        "2026-03-27T05:30:00 2026-03-30T05:30:00 2026-03-27T05:30:00 +0200"
    ]
    assert echoed("at_night", "night") == [
        "2026-03-28T05:30:00 2026-03-29T05:30:00 2026-03-28T00:00:00",
        "2026-03-29T05:30:00 2026-03-30T05:30:00 2026-03-29T00:00:00",
    ]
    assert echoed("once", "once") == ["2026-03-01T10:11:12 2026-03-01T10:11:12"]


def check_notices(result: Ran) -> None:
    notices = result.outcome.notices
    failed = [one["message"] for one in notices if one["subject"] == "skips (shell) is failed: a"]
    assert sorted(text.splitlines()[0] for text in failed) == [
        'skips for 2026-03-01T22:00:00 to 2026-03-01T23:00:00, due 23:00, {{ 50 % }} "🦆".sh',
        'skips for 2026-03-01T23:00:00 to 2026-03-02T00:00:00, due 00:00, {{ 50 % }} "🦆".sh',
    ]
    for text in failed:
        assert re.match(r"attempt 2 of \w+__2026", text.splitlines()[1])
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
    subjects = [one["subject"] for one in notices]
    assert subjects.count("never.shell (shell) is failed: a") == 2
    assert subjects.count("retried is finished") == 2
    assert subjects.count("holds is finished") == 2
    assert "retried finished UTC 28" in [one["message"] for one in notices]
    # What never ran because of another is told of once: of the other.
    assert not [subject for subject in subjects if subject.startswith("fails")]


def check_secrets(result: Ran, folder: Path) -> None:
    """They arrived, and stand nowhere: not in a log, a field, or a row of Airflow's database."""
    backwards = (folder / "secrets").read_text().strip()
    assert backwards[::-1].split() == list(SECRETS.values())
    assert result.object("lake/out/22/x").decode().strip()[::-1] == SECRETS["env"]
    for file in (*result.folder.rglob("*"), folder / "airflow.db"):
        if file.is_file():
            text = file.read_bytes().decode(errors="replace")
            assert not [value for value in SECRETS.values() if value in text], file
    with sqlite3.connect(folder / "airflow.db") as database:
        (count,) = database.execute("SELECT count(*) FROM rendered_task_instance_fields").fetchone()
    assert count > 20


def check_asked(folder: Path) -> None:
    """The values that a run on demand is given, here the defaults, and its time."""
    assert (folder / "asked").read_text().split("\0")[:-1] == [
        *("2025-02-28 08", "7", "2.0", "it's {{ x }} 🦆", "<>", "true"),
        "2026-01-01T00:00:00 01 UTC 2026-01-01T00:00:00",
    ]


def check_chain(result: Ran) -> None:
    """What waited for instances of another schedule found all of them there."""
    assert {name: set(result.states[name]) for name in ("make", "pair", "finish")} == {
        "make": {"finished"},
        "pair": {"finished"},
        "finish": {"finished"},
    }
    assert result.table("db/public.pairs") == [
        ["2026-03-01T00:00:00", "2"],
        ["2026-03-01T02:00:00", "4"],
    ]
    ends = dict(result.table("db/public.ends"))
    assert int(ends["2026-03-01T02:00:00"]) >= 2
    assert int(ends["2026-03-01T04:00:00"]) == 4
    # A run that began when it was late already tells nobody.
    assert "late" not in [one["message"] for one in result.outcome.notices]
