"""Imported pipelines load in real Airflows, and do on this machine what the definitions say."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.airflow.asking import asked
from tests.airflow.pythons import every_airflow
from tests.airflow.running import version_of
from tests.airflow.test_run import instances, pipec_run
from tests.importing.importing import CORPUS, NAMES, VALUES, errors, files, imported

STARTED = "2026-01-01T06:30:05Z"
"""When the service would have been told to start."""


@every_airflow
def test_every_one_loads(python: str, tmp_path: Path) -> None:
    folder = tmp_path / "dags"
    folder.mkdir()
    made: dict[str, str] = {}
    for name in NAMES:
        text = imported(name, values=True).imported.text
        dags, said = files(text, "airflow", version=version_of(python))
        assert errors(said) == []
        assert dags
        assert not made.keys() & dags.keys()
        made |= dags
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    told = asked(python, "load.py", {"folder": str(folder), "most": 2}, tmp_path)
    assert told["errors"] == {}
    assert told["warnings"] == []
    assert sorted(f"{it}.py" for it in told["dags"]) == sorted(made)
    assert [it for it, dag in told["dags"].items() if dag["addresses"] or not dag["tasks"]] == []


def typed(*words: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pipec", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )
    print(done.stdout, done.stderr)
    return done


def put(folder: Path, texts: dict[str, str]) -> None:
    """Fill the folder `local` beside a pipeline."""
    for place, text in texts.items():
        file = folder / "local" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def done_at_home(name: str, python: str, folder: Path, local: dict[str, str]) -> tuple[Path, str]:
    """What is there after a definition was imported, and run with what is in S3 and databases."""
    done = typed(
        "import", CORPUS / f"{name}.json", "--values", VALUES / f"{name}.json", "-o", folder
    )
    assert done.returncode == 0
    [file] = folder.glob("*.pipe.yaml")
    assert done.stdout == f"wrote {file}\n"
    put(folder, local)
    found = pipec_run(
        file, python, folder / "run", "--at", STARTED, "--set", f"first_run={STARTED}"
    )
    assert found.returncode == 0
    assert {state for one in instances(found.stdout).values() for state, _ in one} == {"finished"}
    return folder / "run", found.stderr


TOOLS = {
    "sudo": '#!/bin/sh\nexec "$@"\n',
    "yum": "#!/bin/sh\ntest \"$*\" = '-y update aws-cli'\n",
    "unzip": """\
#!PYTHON
import sys, zipfile
_, option, file = sys.argv
assert option == "-p"
with zipfile.ZipFile(file) as packed:
    for name in packed.namelist():
        sys.stdout.buffer.write(packed.read(name))
""",
    "aws": """\
#!PYTHON
import sys, boto3
assert sys.argv[1:3] == ["s3", "rm"] and sys.argv[4:] == ["--recursive"], sys.argv
bucket, _, key = sys.argv[3].removeprefix("s3://").partition("/")
boto3.resource("s3").Bucket(bucket).objects.filter(Prefix=key).delete()
""",
}
"""What stands on an instance of EC2, as far as these commands use it."""


@pytest.fixture
def tools(tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in TOOLS.items():
        (folder / name).write_text(text.replace("PYTHON", python), encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


@every_airflow
def test_a_command_with_staging(python: str, tmp_path: Path) -> None:
    """The script comes from S3 beside what it reads; what it sends to S3 arrives there."""
    script = f"""\
cd "$(dirname "$0")"
echo "said $1"
{python} -c 'import boto3, sys; boto3.client("s3").put_object(
    Bucket="shop-staging", Key="out/said.txt", Body=(sys.argv[1] + open("names/one.txt").read()).encode()
)' "$1"
"""
    left, said = done_at_home(
        "ShellCommandWithS3StagingDirectory_shellcommandwiths3stagingdir",
        python,
        tmp_path,
        {
            "s3/shop-staging/bashscript.sh": script,
            "s3/shop-staging/names/one.txt": " to Zoë",
            "s3/shop-staging-2/bashscript.sh": "exit 1",
        },
    )
    # The command does not quote `$1`: of `hello world` the script gets the first word.
    assert (left / "s3/shop-staging/out/said.txt").read_text(encoding="utf-8") == "hello to Zoë"
    [log] = left.glob("logs/*/20260101T063005/shell_command_staging.1.log")
    assert "said hello" in log.read_text(encoding="utf-8")
    assert "`shell_command_staging` runs on this machine: `new_ec2_instance` is not started" in said


@every_airflow
def test_rows_of_a_database_become_csv(python: str, tmp_path: Path) -> None:
    table = """\
CREATE TABLE orders (id int, item text, price numeric(6, 2), at timestamp);
INSERT INTO orders VALUES
    (1, 'tea, "green"', 3.5, '2026-01-01 00:00:00'), (2, NULL, NULL, NULL), (3, 'Zürich', 0, NULL);
"""
    left, _ = done_at_home("RDStoS3_RDStoS3Pipeline", python, tmp_path, {"sql/mysql.sql": table})
    [file] = (left / "s3/shop-exports").glob("orders.csv/2026-01-01-06-30-05/*")
    assert rows(file) == [
        ["1", 'tea, "green"', "3.50", "2026-01-01 00:00:00"],
        ["2", "", "", ""],
        ["3", "Zürich", "0.00", ""],
    ]


@every_airflow
def test_files_are_loaded_when_they_are_there(python: str, tmp_path: Path) -> None:
    """OVERWRITE_EXISTING: what has the same key makes room, all else stays."""
    tables = """\
CREATE TABLE orders (id int PRIMARY KEY, item text);
INSERT INTO orders VALUES (1, 'water'), (7, 'stays');
CREATE TABLE order_lines (id int, line int, price numeric, PRIMARY KEY (id, line));
INSERT INTO order_lines VALUES (1, 1, 1), (1, 3, 9);
"""
    left, _ = done_at_home(
        "S3TsvFilesToRedshiftTablesIfReady_S3TsvFilesToRedshiftTablesIfReady",
        python,
        tmp_path,
        {
            "s3/shop-imports/orders.tsv": "1\ttea\n2\tcof\\\tfee\n",
            "s3/shop-imports/lines.tsv": "1\t1\t3.5\n1\t2\t4\n",
            "sql/redshift_cluster.sql": tables,
        },
    )
    kept = left / "sql" / "redshift_cluster"
    found = rows(kept / "public.orders.csv")
    assert sorted(found[1:]) == [["1", "tea"], ["2", "cof\tfee"], ["7", "stays"]]
    found = rows(kept / "public.order_lines.csv")
    assert sorted(found[1:]) == [["1", "1", "3.5"], ["1", "2", "4"], ["1", "3", "9"]]


HEAD = (
    "InvoiceID,PayerAccountId,LinkedAccountId,RecordType,ProductName,RateId,SubscriptionId,"
    "PricingPlanId,UsageType,Operation,AvailabilityZone,ReservedInstance,ItemDescription,"
    "UsageStartDate,UsageEndDate,UsageQuantity,BlendedRate,BlendedCost,UnBlendedRate,UnBlendedCost"
)
LINE = (
    """{},1,2,LineItem,S3,3,4,5,Requests,Put,,N,"{}",2026-01-01 00:00:00,2026-01-01 01:00:00,1,{}"""
)


@every_airflow
@pytest.mark.usefixtures("tools")
def test_a_bill_is_loaded(python: str, tmp_path: Path) -> None:
    """Files are packed otherwise in a folder, loaded as the options of COPY say, and the folder is emptied."""
    made = tmp_path / "made"
    bills = made / "local" / "s3" / "shop-billing" / "reports"
    bills.mkdir(parents=True)
    lines = [
        HEAD,
        LINE.format("A", "puts, and gets", "0.5,1.5,0.5,1.5"),
        LINE.format("B", "gets", "0,,0,"),
    ]
    for month in ("2025-12", "2026-01"):
        name = f"1-aws-billing-detailed-line-items-{month}.csv.zip"
        with zipfile.ZipFile(bills / name, "w") as file:
            file.writestr("lines.csv", "\n".join(lines if month == "2026-01" else lines[:2]) + "\n")
    left, _ = done_at_home("billing_template", python, made, {})
    found = rows(left / "sql" / "redshift_cluster" / "public.billing.csv")
    columns = [found[0].index(it) for it in ("invoice_id", "item_description", "blended_cost")]
    shown = sorted([row[at] for at in columns] for row in found[1:])
    assert shown == [["A", "puts, and gets", "1.5"], ["B", "gets", ""]]
    kept = {it.name for it in (left / "s3" / "shop-billing").rglob("*") if it.is_file()}
    assert kept == {it.name for it in bills.iterdir()}


@every_airflow
def test_what_needs_a_cluster_is_refused(python: str, tmp_path: Path) -> None:
    name = "DynamoDBExport_DynamoDBtoCSV"
    assert typed("import", CORPUS / f"{name}.json", "-o", tmp_path).returncode == 0
    [file] = tmp_path.glob("*.pipe.yaml")
    found = pipec_run(file, python, tmp_path / "run", "--at", STARTED)
    assert found.returncode == 1
    missing = ("first_run", "output_s3_loc", "ddb_table_name", "ddb_table_col_mapping")
    assert [
        it for it in (*missing, "s3_col_mapping", "log_uri") if f"`{it}`" not in found.stderr
    ] == []
    file.unlink()
    typed("import", CORPUS / f"{name}.json", "--values", VALUES / f"{name}.json", "-o", tmp_path)
    given = ("--at", STARTED, "--set", f"first_run={STARTED}")
    found = pipec_run(file, python, tmp_path / "run", *given)
    assert found.returncode == 1
    assert "`table_backup` runs on a cluster, and on this machine there is none" in found.stderr
    assert not (tmp_path / "run").exists()
