"""What is sent to a machine arrives there unchanged: real Airflow renders it, real shells run it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from pipec.targets.airflow.version import Version
from tests.airflow.pythons import every_airflow
from tests.airflow.running import version_of
from tests.airflow.test_texts import KEYS, TEXTS, keep, words, written
from tests.compiling import compiled

HEREDOC = "\n".join(f"cat <<'E_O_F'\n{text}\nE_O_F" for text in [*TEXTS, "END_OF_COMMAND"])
PYTHON = (
    "#!/usr/bin/env python3\nimport os, sys\n"
    'with open(os.environ["PIPEC_TEST_FOLDER"] + "/other", "wb") as file:\n'
    '    file.write(b"".join(os.fsencode(one) + b"\\0" for one in sys.argv[1:]))\n'
    "# {{ this is }} {% no template %}\n"
)
BINARIES = {
    "getent": 'echo "root:x:0:0:root:$PIPEC_TEST_FOLDER/home:/bin/bash"',
    "runuser": 'shift 3; exec "$@"',
    "chown": ":",
    "cloud-init": ":",
    # As the real one copies: one object, or all below a prefix.
    "aws": """
shift 3; all=; [ "$1" = --recursive ] && { all=1; shift; }
from=${1/#s3:\\/\\//$PIPEC_TEST_FOLDER/s3/} to=${2/#s3:\\/\\//$PIPEC_TEST_FOLDER/s3/}
case $to in */) mkdir -p "$to" ;; *) mkdir -p "$(dirname "$to")" ;; esac
if [ "$all" ]; then mkdir -p "$to"; cp -r "$from"/. "$to"; else cp "$from" "$to"; fi""",
}


def project(folder: Path) -> dict[str, str]:
    """One pipeline with all texts in all places that a machine is sent."""
    sides = [", ".join(f"{side}_{n}" for n in range(len(KEYS))) for side in ("in", "out")]
    copies = [
        f'cp "$INPUT{n}_STAGING_DIR"/* "$OUTPUT{n}_STAGING_DIR"' for n in range(1, len(KEYS) + 1)
    ]
    datanodes = {"kept": {"file": f"{folder}/kept/"}}
    for number, key in enumerate(KEYS):
        datanodes[f"in_{number}"] = {"s3": f"s3://keys/in/{key}"}
        datanodes[f"out_{number}"] = {"s3": f"s3://keys/out/{key}"}
    activities: dict[str, Any] = {
        "args": {"shell": keep("args"), "args": TEXTS},
        "vars": {
            "shell": 'env -0 > "$PIPEC_TEST_FOLDER/vars"',
            "vars": {f"TEXT_{number}": text for number, text in enumerate(TEXTS)},
        },
        "heredoc": {"shell": f'{{\n{HEREDOC}\n}} > "$PIPEC_TEST_FOLDER/heredoc"'},
        "around": {"shell": f'{{\n{HEREDOC}\n}} > "$OUTPUT1_STAGING_DIR/heredoc"', "flow": "-> kept"},
        "script": {"script": "./keep.sh", "args": TEXTS},
        "other": {"script": "./keep.py", "args": TEXTS},
        "stage": {"shell": "\n".join(copies), "flow": " -> ".join(sides)},
        "count": {"shell": "hadoop fs -count /", "runs_on": "cluster"},
        "fails": {"shell": "echo before; false", "flow": "-> kept"},
    }  # fmt: skip
    pipeline = {
        "pipeline": "texts",
        "schedules": {"daily": "every 1 day from 2026-01-01T00:00Z"},
        "defaults": {"schedule": "daily", "runs_on": "box"},
        "resources": {"box": "ec2 m5.large", "cluster": "emr emr-7.1.0"},
        "datanodes": written(datanodes),
        "activities": written(activities),
    }
    return {
        "texts.pipe.yaml": yaml.safe_dump(pipeline, sort_keys=False),
        "keep.sh": f"#!/bin/bash\n{keep('script')}\n# {{{{ the end }}}}.sh",
        "keep.py": PYTHON,
    }


@every_airflow
def test_texts_arrive_on_machines(python: str, tmp_path: Path) -> None:
    version: Version = version_of(python)
    files = compiled(project(tmp_path), version).files
    dag = tmp_path / "texts.py"
    dag.write_text(files["texts.py"], encoding="utf-8")
    script = Path(__file__).parent / "sending.py"
    home = {**os.environ, "AIRFLOW_HOME": str(tmp_path / "airflow")}
    done = subprocess.run(
        [python, str(script), str(dag)], env=home, stdout=subprocess.PIPE, check=True, text=True
    )
    sent = json.loads(done.stdout.splitlines()[-1])
    (tmp_path / "kept").mkdir()
    (tmp_path / "home").mkdir()
    for key in KEYS:
        place = tmp_path / "s3" / "keys" / "in" / key
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(key)

    status = {name: run(lines, tmp_path) for name, lines in sent.items()}

    assert status == {**dict.fromkeys(sent, 0), "fails": 1}
    for name in ("args", "script", "other"):
        assert words(tmp_path / name) == TEXTS
    environment = dict(one.partition("=")[::2] for one in words(tmp_path / "vars"))
    assert [environment[f"TEXT_{number}"] for number in range(len(TEXTS))] == TEXTS
    for file in (tmp_path / "heredoc", tmp_path / "kept" / "heredoc"):
        assert file.read_bytes().decode() == "".join(
            f"{text}\n" for text in [*TEXTS, "END_OF_COMMAND"]
        )
    for key in KEYS:
        assert (tmp_path / "s3" / "keys" / "out" / key).read_text() == key
    assert not [*Path("/var/tmp").glob("texts.box.*.20260101T000000")]


def run(lines: list[str], folder: Path) -> int:
    """The exit status of what an agent of Systems Manager does: it writes lines to a file, for sh."""
    # It replaces what looks like a parameter of its own: there must be none.
    assert "{{" not in "\n".join(lines)
    binaries = folder / "bin"
    binaries.mkdir(exist_ok=True)
    for name, text in BINARIES.items():
        (binaries / name).write_text(f"#!/bin/bash\n{text}\n")
        (binaries / name).chmod(0o755)
    file = folder / "_script.sh"
    file.write_text("\n".join(lines))
    path = f"{binaries}:{os.environ['PATH']}"
    environment = {
        "PATH": path,
        "PIPEC_TEST_FOLDER": str(folder),
        "AWS_SSM_REGION_NAME": "us-east-1",
    }
    return subprocess.run(["sh", str(file)], env=environment, check=False).returncode
