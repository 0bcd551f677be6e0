"""Bash commands between copies of S3 folders."""

import datetime
import glob
import os
import tempfile

import lab
from helpers.staged_bash import StagedBash

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG

HERE = tempfile.mkdtemp(dir=os.environ["AIRFLOW_HOME"])
ONE_SECOND = datetime.timedelta(seconds=1)

with DAG("staging", schedule=None, start_date=lab.START) as dag:
    StagedBash(
        task_id="folder",
        bash_command=(
            'cd "$INPUT1_STAGING_DIR" && find . -type f | sort > "$OUTPUT1_STAGING_DIR"/names'
            ' && mkdir "$OUTPUT1_STAGING_DIR"/deep'
            ' && cat a.txt deep/b.txt > "$OUTPUT1_STAGING_DIR"/deep/both'
            ' && echo "$MINE $HOME" > "$OUTPUT2_STAGING_DIR"/whatever'
        ),
        env={"MINE": "{{ data_interval_start.strftime('%H') }}"},
        inputs={"INPUT1_STAGING_DIR": "s3://lake/in/{{ data_interval_start.strftime('%Y') }}/"},
        outputs={
            "OUTPUT1_STAGING_DIR": "s3://lake/out/{{ data_interval_start.strftime('%d') }}/",
            "OUTPUT2_STAGING_DIR": "s3://lake/out/one.txt",
        },
    )
    StagedBash(
        task_id="window",
        bash_command='cd "$IN" && ls * > "$OUT"/names && cat */* >> "$OUT"/names; test ! -e "$EMPTY"/* -a ! -e "$NONE"/*',
        inputs={
            # Jinja strips the line break that ends a template, but none that a loop writes.
            "IN": "{% for it in ['05:00 s3://lake/w/1/', '06:00 s3://lake/w/2/', '07:00 s3://lake/w/x',"
            f" '08:00 s3://lake/no/', '09:00 {HERE}'] %}}{{{{ it }}}}\n{{% endfor %}}",
            "EMPTY": "s3://lake/no/",
            "NONE": "",
        },
        outputs={"OUT": "s3://lake/out/window/"},
    )
    StagedBash(
        task_id="fails",
        bash_command='echo $RANDOM > "$OUT"/first; test ! -e "$OUT"/second; touch "$OUT"/second; exit 3',
        outputs={"OUT": "s3://lake/out/fails/"},
        retries=1,
        retry_delay=ONE_SECOND,
    )
    StagedBash(
        task_id="hostile",
        bash_command='cd "$IN" && find . -type f > "$OUT"/names',
        inputs={"IN": "s3://lake/hostile/"},
        outputs={"OUT": "s3://lake/out/hostile/"},
    )
    StagedBash(task_id="missing", bash_command="true", inputs={"IN": "s3://lake/not/there"})
    StagedBash(
        task_id="two_for_one",
        bash_command='touch "$OUT"/a "$OUT"/b',
        outputs={"OUT": "s3://lake/one"},
    )


def check_staging():
    lab.put("in/2026/a.txt", b"A")
    lab.put("in/2026/deep/b.txt", b"B")
    lab.put("in/2026/", b"")
    lab.put("in/2027/c.txt", b"C")
    for folder in "12":
        lab.put(f"w/{folder}/part-0", folder.encode())
    lab.put("w/x", b"x")
    with open(f"{HERE}/near", "w") as near:
        near.write("y")
    lab.put("w/xy", b"not asked for")
    lab.put("hostile/../../../../tmp/pipec-escaped", b"")
    lab.put("hostile//slash", b"")

    states = lab.states(lab.run(dag))

    assert states == {
        "": "failed",
        "folder": "success",
        "window": "success",
        "fails": "failed",
        "hostile": "success",
        "missing": "failed",
        "two_for_one": "failed",
    }
    assert lab.got("out/20/") == {"names": b"./a.txt\n./deep/b.txt\n", "deep/both": b"AB"}
    home = os.environ["HOME"]
    assert lab.got("out/one.txt") == {"": f"00 {home}\n".encode()}
    assert lab.got("out/window/") == {
        "names": b"05:00:\npart-0\n\n06:00:\npart-0\n\n07:00:\nx\n\n08:00:\n\n09:00:\nnear\n12xy"
    }
    assert lab.got("out/fails/") == {}
    names = lab.got("out/hostile/")["names"].splitlines()
    assert sorted(names) == [b"./slash", b"./tmp/pipec-escaped"]
    assert lab.got("one") == {}
    assert glob.glob(os.environ["AIRFLOW_HOME"] + "/stage-*") == []


def check_a_killed_command_leaves_nothing():
    """As a timeout does: on 2.11 it leaves `dag.test`, so the operator is run by hand."""
    import signal
    import subprocess

    command = f"sleep {100000 + os.getpid()}"
    task = StagedBash(
        task_id="killed", bash_command=f"{command}; true", outputs={"OUT": "s3://lake/out/"}
    )

    def stop(*_):
        raise TimeoutError("as a timeout of Airflow")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(3)
    assert "as a timeout" in str(lab.error(lambda: task.execute({})))
    assert task.subprocess_hook.sub_process.wait(5) == -signal.SIGTERM
    assert glob.glob(os.environ["AIRFLOW_HOME"] + "/stage-*") == []
    running = subprocess.run(["ps", "-e", "-o", "args"], capture_output=True, text=True).stdout
    assert command not in running.splitlines()
