"""Work on clusters, by what has come of it: applications of Spark, rollups, scripts over several files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.airflow.test_texts import TEXTS, written
from tests.spark.cluster import Cluster

pytestmark = pytest.mark.spark

HEAD = """\
pipeline: shop
schedules:
  hourly: every 1 hour from 2026-01-01T00:00Z
  daily: every 1 day from 2026-01-01T00:00Z
defaults: {schedule: daily, runs_on: cluster}
resources: {cluster: {emr: emr-7.1.0}}
"""
DAY = "2026-01-01T00:00Z", "2026-01-02T00:00Z"


def lines(cluster: Cluster, folder: str) -> list[str]:
    """The lines of the files in a folder, in order."""
    files = [it for it in (cluster.s3 / folder).iterdir() if it.name[0] not in "._"]
    return sorted(line for it in files for line in it.read_text(encoding="utf-8").split("\n")[:-1])


def rows(cluster: Cluster, folder: str) -> list[Any]:
    return [json.loads(line) for line in lines(cluster, folder)]


def test_an_application_of_spark(cluster: Cluster) -> None:
    cluster.put("spark/2026-01-01/part.csv", "Bern,1\nZürich,2\nBern,3\n")
    texts = [one for one in TEXTS if "\r" not in one]  # `spark-class` leaves these out.
    application = """\
import json, sys
from pyspark.sql import SparkSession

source, target, *texts = sys.argv[1:]
spark = SparkSession.builder.getOrCreate()
rows = spark.read.csv(source).groupBy("_c0").count()
rows.coalesce(1).write.mode("overwrite").json(target)
name = spark.conf.get("spark.shop.name")
with open("/".join([target.removeprefix("file:"), "texts"]), "w") as file:
    json.dump([texts, name, "${{ start:%Y }}", "{{ x }} {% y %} ä"], file)
"""
    project = {
        "shop.pipe.yaml": HEAD
        + """\
datanodes:
  orders: s3 s3://spark/${{ start:%Y-%m-%d }}/ as csv(city string, price bigint)
  counts: s3 s3://spark/counts/ as json(city string, orders bigint)
activities:
  count:
    spark: ./it's.py
    args: ["${{ input.path }}", "${{ output.path }}", TEXTS]
    conf: {spark.shop.name: "it's {{ x }} ä $y"}
    flow: orders -> counts
""".replace("TEXTS", ", ".join(json.dumps(written(one), ensure_ascii=False) for one in texts)),
        "it's.py": application,
    }
    done = cluster.run(project, "count", *DAY)
    assert done.returncode == 0, done.stderr
    found = json.loads((cluster.s3 / "spark/counts/texts").read_text())
    assert found == [texts, "it's {{ x }} ä $y", "2026", "{{ x }} {% y %} ä"]
    (cluster.s3 / "spark/counts/texts").unlink()
    assert rows(cluster, "spark/counts") == [
        {"_c0": "Bern", "count": 2},
        {"_c0": "Zürich", "count": 1},
    ]


def test_an_application_that_fails(cluster: Cluster) -> None:
    project = {
        "shop.pipe.yaml": f"{HEAD}activities: {{a: {{spark: ./a.py}}}}\n",
        "a.py": "raise ValueError('no orders')\n",
    }
    done = cluster.run(project, "a", *DAY)
    assert done.returncode != 0
    assert "no orders" in done.stdout


def test_a_script_reads_all_hours_of_a_day(cluster: Cluster) -> None:
    """Folders and single files of 24 hours, beside a single file; and no other file near them."""
    for hour in range(24):
        cluster.put(f"hours/{hour:02}/part.csv", f"{hour},it's\n")
        cluster.put(f"hours/{hour:02}.tsv", f"{hour}\tback\\\\slash\n")
    cluster.put("hours/23.tsv", "23\tback\\\\slash\n100\t\n101\t\\N\n")
    cluster.put("hours/24/part.csv", "24,late\n")
    cluster.put("hours/$x ä;'q'.csv", "7,seven\n")
    cluster.put("hours/other.csv", "8,eight\n")
    project = (
        HEAD
        + """\
datanodes:
  folders: {s3: "s3://hours/${{ start:%H }}/", format: "csv(id bigint, name string)", schedule: hourly}
  files: {s3: "s3://hours/${{ start:%H }}.tsv", format: "tsv(id bigint, name string)", schedule: hourly}
  one: {s3: "s3://hours/$x ä;'q'.csv", format: "csv(id bigint, name string)"}
  sums: s3 s3://hours/sums/ as json(what string, orders bigint, ids bigint)
activities:
  count:
    hive: |
      -- it's a comment; {{ x }}
      INSERT OVERWRITE TABLE ${output1}
      SELECT 'folders', count(*), sum(id) FROM ${input1} WHERE name = 'it\\'s'
      UNION ALL SELECT 'files', count(*), sum(id) FROM ${input2} WHERE name = '${mark}'
      UNION ALL SELECT 'empty', count(*), sum(id) FROM ${input2} WHERE name = ''
      UNION ALL SELECT 'one', count(*), sum(id) FROM ${input3}
    vars: {mark: 'back\\\\slash'}
    flow: folders, files, one -> sums
"""
    )
    done = cluster.run(project, "count", *DAY)
    assert done.returncode == 0, done.stderr
    assert rows(cluster, "hours/sums") == [
        {"what": "empty", "orders": 1, "ids": 100},
        {"what": "files", "orders": 24, "ids": 276},
        {"what": "folders", "orders": 24, "ids": 276},
        {"what": "one", "orders": 1, "ids": 7},
    ]
    assert not list((cluster.folder / "hdfs").rglob("*.tsv"))


def test_texts_of_a_script_arrive(cluster: Cluster) -> None:
    def literal(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    # A semicolon ends a statement for some, and lines of Hive's files are rows.
    texts = [one for one in TEXTS if not set(one) & set(";\r\n")]
    selects = "\nUNION ALL ".join(f"SELECT {n}, {literal(one)}" for n, one in enumerate(texts))
    project = (
        HEAD
        + f"""\
datanodes:
  texts: s3 s3://texts/ as json(id bigint, value string)
activities:
  keep:
    hive: {json.dumps(written(f"INSERT OVERWRITE TABLE ${{output1}} {selects}"), ensure_ascii=False)}
    flow: -> texts
"""
    )
    done = cluster.run(project, "keep", *DAY)
    assert done.returncode == 0, done.stderr
    found = {one["id"]: one["value"] for one in rows(cluster, "texts")}
    assert [found[number] for number in range(len(texts))] == texts


def test_a_script_that_fails_ends_the_step(cluster: Cluster) -> None:
    done = cluster.run(f"{HEAD}activities: {{a: {{hive: SELECT nothing}}}}\n", "a", *DAY)
    assert done.returncode != 0
    assert "nothing" in done.stderr


def test_rollups_of_files(cluster: Cluster) -> None:
    cluster.put("roll/00/part.csv", "Bern,1.50\nZürich,2\n")
    for hour in range(1, 24):
        cluster.put(f"roll/{hour:02}/part.csv", "Bern,0.50\n" if hour == 23 else "")
    project = (
        HEAD
        + """\
datanodes:
  orders: {s3: "s3://roll/${{ start:%H }}/", format: "csv(city string, price decimal(10,2))", schedule: hourly}
  by_day: s3 s3://roll/days/${{ start:%Y-%m-%d }}/ as json
rollups:
  count: orders every daily by city with sum(price), count(*), max(price) into by_day on cluster
"""
    )
    for _ in range(2):
        done = cluster.run(project, "count.daily", *DAY)
        assert done.returncode == 0, done.stderr
        found = rows(cluster, "roll/days/2026-01-01")
        assert [(it["city"], float(it["price"]), it["count"]) for it in found] == [
            ("Bern", 2.0, 2),
            ("Zürich", 2.0, 1),
        ]
        assert {it["interval_start"][:19] for it in found} == {"2026-01-01 00:00:00"}


def test_rows_are_copied_through_a_filter(cluster: Cluster) -> None:
    cluster.put("filtered/in/part.csv", "1,it's\n2,plain\n3,it's\n")
    project = (
        HEAD
        + """\
datanodes:
  source: s3 s3://filtered/in/ as csv(id bigint, name string)
  target: s3 s3://filtered/out/ as json(name string, id bigint)
activities:
  keep: {hive_copy: source -> target, filter: "name = 'it\\\\'s' AND id > 1 -- {{ x }}"}
"""
    )
    done = cluster.run(project, "keep", *DAY)
    assert done.returncode == 0, done.stderr
    assert rows(cluster, "filtered/out") == [{"name": "it's", "id": 3}]
