"""Runs scripts of Hive by Spark, which has Hive's formats, its tables and much of its language.

Spark's Python runs it: `worker.py SOCKET FOLDER`. A request is a line of JSON with the script and
its variables; the answer says what went wrong, or nothing.
"""

from __future__ import annotations

import json
import re
import socket
import sys
from pathlib import Path

from pyspark.sql import SparkSession


def main() -> None:
    address, folder = sys.argv[1], Path(sys.argv[2])
    spark = session(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        print("ready", flush=True)
        while True:
            connection, _ = server.accept()
            with connection, connection.makefile("rw", encoding="utf-8") as lines:
                request = json.loads(lines.readline())
                if request.get("end"):
                    return
                lines.write(json.dumps(answer(spark, request)) + "\n")


def session(folder: Path) -> SparkSession:
    settings = {
        "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:metastore;create=true",
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={folder} -Duser.timezone=UTC -XX:TieredStopAtLevel=1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        # Variables are replaced here, as Hive does it.
        "spark.sql.variable.substitute": "false",
        "spark.ui.enabled": "false",
        # Else Spark would read these files by itself, and not as Hive does.
        "spark.sql.hive.convertMetastoreParquet": "false",
        "spark.sql.hive.convertMetastoreOrc": "false",
    }
    builder = SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.enableHiveSupport().getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def answer(spark: SparkSession, request: dict[str, str]) -> dict[str, object]:
    try:
        if "query" in request:
            rows = spark.sql(request["query"]).collect()
            return {"rows": [[None if it is None else str(it) for it in row] for row in rows]}
        own = spark.newSession()  # What a script sets is for it alone.
        for statement in statements(request["script"]):
            own.sql(replaced(statement, request["variables"]))
        return {"error": ""}
    except Exception as problem:
        return {"error": str(problem)[:4000]}


def replaced(statement: str, variables: dict[str, str]) -> str:
    """The statement with its variables replaced: those that nobody gave stay as they are."""
    known = {**variables, **{f"hivevar:{name}": one for name, one in variables.items()}}
    return re.sub(r"\$\{([\w:.]+)\}", lambda it: known.get(it[1], it[0]), statement)


def statements(script: str) -> list[str]:
    """The statements of a script: a semicolon ends one that is not in quotes or in a comment."""
    parts = re.findall(
        r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|--[^\n]*|;|[^'"`;-]+|-""", script, re.DOTALL
    )
    found = [""]
    for part in parts:
        if part == ";":
            found.append("")
        elif not part.startswith("--"):
            found[-1] += part
    return [one.strip() for one in found if one.strip()]


if __name__ == "__main__":
    main()
