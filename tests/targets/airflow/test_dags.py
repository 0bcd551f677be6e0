"""What stands in a Dag file: its id, its tasks and their names, their order, what they share."""

from __future__ import annotations

import ast
import re
import textwrap

import pytest

from pipec.targets.airflow.version import VERSIONS, Version, home
from tests.compiling import compiled, complaints, dag_files

HEAD = """\
pipeline: shop
schedules:
  hourly: every 1 hour from 2026-01-01T00:00Z
  daily: every 1 day from 2026-01-01T00:00Z
  month: every 1 month from 2026-01-31T00:00Z at start
  night: cron "0 2 * * *" in Europe/Zurich from 2026-01-01T00:00Z until 2026-02-01T00:00Z
defaults: {schedule: hourly}
connections: {db: postgres}
notifications: {oncall: {sns: "arn:aws:sns:us-east-1:111122223333:a", message: m}}
"""


def shop(text: str, head: str = HEAD) -> dict[str, str]:
    """The Dag files of the shop with more sections; `# file:` begins another file."""
    return dag_files(head + textwrap.dedent(text).lstrip("\n"))


def dag(text: str) -> str:
    """The only Dag file: from `with DAG` on."""
    (file,) = shop(text).values()
    return file[file.index("with DAG") :]


def call(file: str, task: str) -> dict[str, str]:
    """The arguments of a task, as they are written."""
    for node in ast.walk(ast.parse(file)):
        if isinstance(node, ast.Call):
            given = {one.arg: ast.unparse(one.value) for one in node.keywords if one.arg}
            if given.get("task_id") == repr(task):
                return given
    raise AssertionError(task)


# Dags


def test_a_dag_is_named_after_its_schedule_and_nothing_else() -> None:
    activities = "activities: {a: {shell: a}, b: {shell: b, schedule: daily}}\n"
    assert sorted(shop(activities)) == ["shop.daily.py", "shop.py"]
    assert 'dag_id="shop.daily"' in shop(activities)["shop.daily.py"]
    no_default = HEAD.replace("defaults: {schedule: hourly}\n", "")
    alone = "activities: {b: {shell: b, schedule: daily}}\n"
    assert sorted(shop(alone)) == sorted(shop(alone, no_default)) == ["shop.daily.py"]


def test_a_pipeline_without_work_has_no_dag() -> None:
    assert shop("datanodes: {orders: s3 s3://shop/orders/}\n") == {}


@pytest.mark.parametrize(
    ("schedule", "lines"),
    [
        (
            "hourly",
            ["schedule=DeltaDataIntervalTimetable(timedelta(hours=1)),",
             "start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),", "catchup=True,"],
        ),
        ("month", ["schedule=DeltaTriggerTimetable(relativedelta(months=1, day=31)),",
                   "start_date=datetime(2026, 1, 31, tzinfo=timezone.utc),"]),
        (
            "night",
            ['schedule=CronDataIntervalTimetable("0 2 * * *", timezone="Europe/Zurich"),',
             "start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),",
             # 2:00 in Zurich, and the interval ends before `until`.
             "end_date=datetime(2026, 1, 30, 1, 0, tzinfo=timezone.utc),"],
        ),
    ],
)  # fmt: skip
def test_the_timetable_is_explicit(schedule: str, lines: list[str]) -> None:
    text = dag(f"activities: {{a: {{shell: a, schedule: {schedule}}}}}\n")
    for line in lines:
        assert f"    {line}\n" in text


def test_on_demand_has_no_timetable_and_asks_for_its_parameters() -> None:
    (file,) = dag_files("""
        pipeline: shop
        params:
          day: {type: datetime, at: run, default: 2026-01-31T00:00Z}
          size: {type: string, at: run, one_of: [s, m], optional: true, description: How large.}
          ids: {type: list(int), at: run}
        schedules: {now: on demand}
        defaults: {schedule: now}
        activities: {a: {shell: "a ${{ day:%d }} ${{ start:%Y }}"}}
        """).values()
    text = file[file.index("with DAG") :]
    assert "schedule=None," in text
    assert "catchup=False," in text
    assert "start_date" not in text
    day = '"day": Param("2026-01-31T00:00:00+00:00", type="string", format="date-time"),'
    assert day in text
    assert 'Param(\n            None,\n            type=["string", "null"],' in text
    assert 'enum=["s", "m", None],' in text
    assert '"ids": Param(type="array", items={"type": "integer"}),' in text
    assert 'user_defined_macros={"run_time": run_time},' in text


def test_it_says_where_it_comes_from() -> None:
    (file,) = shop("description: All about shoes.\nactivities: {a: {shell: a}}\n").values()
    assert file.startswith('"""All about shoes.\n\nMade by pipec from shop.pipe.yaml: ')
    assert 'description="All about shoes.",' in file
    assert "    # shop.pipe.yaml:11\n    a = BashOperator(" in file


def test_as_many_runs_as_one_wait_spans() -> None:
    files = shop("""
        datanodes: {hours: sql db.hours, days: sql db.days}
        activities:
          make: {shell: make, flow: "days[-1] -> hours", max_active: 3}
          sum: {shell: sum, flow: hours -> days, schedule: daily}
        """)
    assert "max_active_runs=51," in files["shop.py"]
    assert "\n# 51 runs at a time: 3 for the work, 48 because a wait may" in files["shop.py"]
    [alone] = shop("activities: {make: {shell: make}}").values()
    assert "runs at a time" not in alone
    assert "max_active_runs=7," in files["shop.daily.py"]
    assert call(files["shop.py"], "make")["max_active_tis_per_dag"] == "3"


# Tasks


def test_names_that_stand_for_something_else_get_a_line_below() -> None:
    text = dag("""
        activities:
          class: {shell: a}
          list: {shell: b, after: class}
          DAG: {shell: c, after: list}
          BashOperator: {shell: d, after: DAG}
          datetime: {shell: e}
          python: {python: f, script: ./python.py}
          PYTHON_PY: {shell: g}
          partial: {shell: h}
          call_script: {shell: i}
          a: {matrix: {n: [b, c]}, shell: j}
          a_b: {shell: k}
        # file: python.py
        def f(): pass
        """)
    names = re.findall(r"^    (\w+) = ", text, re.MULTILINE)
    assert names == [
        *("class_", "list_", "DAG_", "BashOperator_", "datetime_", "python", "PYTHON_PY_"),
        *("partial_", "call_script_", "a_b_", "a_c", "a_b"),
    ]
    ids = re.findall(r'task_id="([\w.]+)"', text)
    assert ids == [
        *("class", "list", "DAG", "BashOperator", "datetime", "python", "PYTHON_PY"),
        *("partial", "call_script", "a.b", "a.c", "a_b"),
    ]
    assert "    class_ >> list_ >> DAG_ >> BashOperator_\n" in text


def test_two_scripts_of_one_name_are_two_constants() -> None:
    (file,) = shop("""
        activities:
          a: {python: f, script: ./one/load.py}
          b: {python: f, script: ./two/load.py}
          c: {python: g, script: ./one/load.py}
        # file: one/load.py
        ONE = 1
        # file: two/load.py
        TWO = 2
        """).values()
    assert 'LOAD_PY = "ONE = 1\\n"\n' in file
    assert 'LOAD_PY_2 = "TWO = 2\\n"\n' in file
    assert file.count("_PY = ") == 1
    assert 'partial(call_script, LOAD_PY_2, "two/load.py", "f")' in file


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        ({"b": "a", "c": "b"}, ["a >> b >> c"]),
        ({"b": "a", "c": "a"}, ["a >> b", "a >> c"]),
        ({"c": "a, b", "d": "c"}, ["[a, b] >> c >> d"]),
        ({"b": "a", "d": "b, c"}, ["a >> b", "[b, c] >> d"]),
        ({}, []),
    ],
)
def test_the_order_is_told_in_chains(after: dict[str, str], lines: list[str]) -> None:
    tasks = [f"  {one}: {{shell: x, after: [{after.get(one, '')}]}}\n" for one in "abcd"]
    text = dag("activities:\n" + "".join(tasks))
    assert re.findall(r"^    ([^#\n=]* >> [^\n]*)$", text, re.MULTILINE) == lines


def test_what_most_tasks_share_stands_in_the_defaults() -> None:
    head = HEAD.replace(
        "{schedule: hourly}", "{schedule: hourly, timeout: 1 hour, notify: {failure: oncall}}"
    )
    (file,) = shop("""
        owner: ada
        activities:
          a: {shell: a}
          b: {shell: b, attempts: 5 every 2 minutes}
          c: {shell: c}
          d: {operator: shop.Mail, notify: }
        """, head).values()  # fmt: skip
    text = file[file.index("default_args") :]
    assert text.startswith("""\
default_args={
        "owner": "ada",
        "retries": 2,
        "retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=1),
        "do_xcom_push": False,
        "on_failure_callback": partial(tell_oncall, "failed"),
        "pre_execute": only_on_schedule,
    },
""")
    assert call(file, "a") == {"task_id": "'a'", "bash_command": "'a'", "skip_on_exit_code": "None"}
    assert call(file, "b")["retries"] == "4"
    assert "timedelta(minutes=2)" in call(file, "b")["retry_delay"]
    assert call(file, "d") == {
        "task_id": "'d'",
        "do_xcom_push": "True",
        "on_failure_callback": "None",
    }


def test_a_precondition_is_a_sensor_that_comes_back() -> None:
    (file,) = shop("""
        datanodes:
          orders: {s3: s3://shop/orders/, when: {exists: , timeout: 2 hours, poll: 5 minutes}}
        activities:
          a: {shell: a, flow: orders, stage: false, timeout: 1 hour}
        """).values()
    sensor = call(file, "orders.exists")
    assert sensor["mode"] == "'reschedule'"
    assert sensor["poke_interval"] == "timedelta(minutes=5)"
    assert sensor["timeout"] == "timedelta(hours=2)"
    assert "execution_timeout" not in sensor
    assert "    orders_exists >> a\n" in file


def test_workers_are_reached_by_executor_and_queue() -> None:
    text = """
        resources: {office: workers edge onprem, farm: workers celery big}
        datanodes: {here: {file: /srv/x, when: exists, runs_on: office}}
        activities:
          a: {shell: a, runs_on: office, when: {shell: "true"}}
          b: {shell: b, runs_on: farm, flow: here}
        """
    (file,) = shop(text).values()
    assert '"queue": "onprem"' in file[file.index("default_args") :]
    edge = "'airflow.providers.edge3.executors.EdgeExecutor'"
    for task in ("a", "a.shell", "here.exists"):
        given = call(file, task)
        assert given["executor"] == edge
        assert "queue" not in given
    assert call(file, "b")["queue"] == "'big'"
    assert "executor" not in call(file, "b")
    (local,) = compiled(HEAD + textwrap.dedent(text).lstrip("\n"), local=True).files.values()
    assert "queue" not in local
    assert "executor" not in local


def test_what_is_given_to_airflow_alone_comes_last_and_wins() -> None:
    text = "activities: {a: {shell: a, airflow: {retries: 9, pool: p, priority_weight: 3}}}\n"
    given = call(*shop(text).values(), "a")  # type: ignore[call-arg]
    assert (given["retries"], given["pool"], given["priority_weight"]) == ("9", "'p'", "3")


def test_a_sensor_looks_at_the_first_row_as_its_database_says_it() -> None:
    said = {}
    for engine in ("postgres", "mysql", "oracle", "sqlserver", "jdbc"):
        (file,) = shop(
            "datanodes: {t: {sql: db.s.t, when: not_empty}}\n"
            "activities: {a: {shell: a, flow: t}}\n",
            HEAD.replace("db: postgres", f"db: {engine}"),
        ).values()
        said[engine] = call(file, "t.not_empty")["sql"].strip("'")
    standard = "SELECT 1 FROM s.t FETCH FIRST 1 ROWS ONLY"
    assert said == {
        "postgres": "SELECT 1 FROM s.t LIMIT 1",
        "mysql": "SELECT 1 FROM s.t LIMIT 1",
        "oracle": standard,
        "sqlserver": "SELECT TOP 1 1 FROM s.t",
        "jdbc": standard,
    }


def test_statements_are_sent_one_by_one_where_the_database_takes_no_more() -> None:
    found = {}
    for engine in ("postgres", "redshift", "mysql", "oracle", "sqlserver"):
        (file,) = shop(
            "activities: {a: {sql: DELETE FROM t; DELETE FROM u;, connection: db}}\n",
            HEAD.replace("db: postgres", f"db: {engine}"),
        ).values()
        made = call(file, "a")
        found[engine] = made.get("sql") or made["op_kwargs"]
    assert found["postgres"] == "'DELETE FROM t; DELETE FROM u;'"
    for engine in ("redshift", "mysql", "oracle"):
        assert found[engine] == "['DELETE FROM t', 'DELETE FROM u']"
    # SQL Server has what stands between lines of `GO` at once.
    assert "'statements': ['DELETE FROM t; DELETE FROM u;']" in found["sqlserver"]


def test_names_that_a_database_does_not_take_bare_are_quoted() -> None:
    (file,) = shop("""
        datanodes:
          t: {sql: db.t, at: order day, columns: '"order day" timestamp, user string, n int'}
          u: {sql: db.u}
        activities: {a: {copy: t -> u}}
        """).values()
    assert 'SELECT "order day", "user", n FROM t WHERE "order day" >= ' in "".join(
        part for part in re.findall(r"'([^'\n]*)'", call(file, "a")["op_kwargs"])
    )


# Waits


def test_a_wait_names_the_instances_of_another_dag() -> None:
    files = shop("""
        datanodes: {hours: sql db.hours}
        activities:
          make: {shell: make, flow: -> hours}
          sum: {shell: sum, flow: hours, schedule: daily}
          more: {shell: more, flow: hours, schedule: daily}
          week: {shell: week, flow: hours over 7 days, schedule: night}
        """)
    file = files["shop.daily.py"]
    assert call(file, "make.wait") == {
        "task_id": "'make.wait'",
        "external_dag_id": "'shop'",
        "external_task_id": "'make'",
        "starts": "make_starts",
        "failed_states": "['failed', 'upstream_failed']",
        "deferrable": "True",
        "poke_interval": "timedelta(minutes=1)",
        "timeout": "timedelta(days=7)",
        "retry_delay": "timedelta(minutes=1)",
    }
    assert "    make_wait >> sum_\n    make_wait >> more\n" in file
    # Days are counted on the clock of the one who counts.
    assert 'end.in_timezone("Europe/Zurich").subtract(days=7),' in files["shop.night.py"]


def test_what_may_wait_for_a_rerun_does_not_fail_others() -> None:
    files = shop("""
        datanodes: {hours: sql db.hours}
        activities:
          make: {shell: make, flow: -> hours, on_failure: wait}
          sum: {shell: sum, flow: hours, schedule: daily}
        """)
    assert "failed_states" not in call(files["shop.daily.py"], "make.wait")


def test_schedules_and_helpers_do_not_share_names() -> None:
    """There is a helper `month_start`, and one `cron_start`."""
    files = dag_files("""
        pipeline: shop
        schedules:
          month: every 1 month from 2026-01-01T00:00Z
          cron: every 3 months from 2026-01-01T00:00Z
        connections: {db: postgres}
        datanodes: {months: sql db.months, far: sql db.far}
        activities:
          make: {shell: make, flow: -> months, schedule: month}
          use: {shell: use, flow: "months, other.days, other.days[-1]", schedule: cron}
        # file: other.pipe.yaml
        pipeline: other
        schedules: {month: every 1 month from 2020-01-01T00:00Z}
        connections: {db: postgres}
        datanodes: {days: sql db.days}
        activities: {make: {shell: make, flow: -> days, schedule: month}}
        """)
    file = files["shop.cron.py"]
    defined = re.findall(r"^def (\w+)", file, re.MULTILINE)
    assert len(defined) == len(set(defined))
    assert {"month_start", "start_on_month", "start_on_month_2"} <= set(defined)
    assert "datetime(2020, 1, 1, tzinfo=timezone.utc), 1, time, n" in file


def test_notices_of_one_name_from_two_pipelines_are_two() -> None:
    files = dag_files(HEAD + textwrap.dedent("""
        activities:
          use: {shell: use, flow: other.days, notify: {failure: oncall}}
        # file: other.pipe.yaml
        pipeline: other
        notifications: {oncall: {sns: "arn:aws:sns:us-east-1:111122223333:b", message: m}}
        datanodes: {days: {s3: s3://shop/days/, when: exists, notify: {failure: oncall}}}
        """).lstrip("\n"))  # fmt: skip
    file = files["shop.py"]
    assert call(file, "days.exists" if '"days.exists"' in file else "other.days.exists")
    assert 'topic="arn:aws:sns:us-east-1:111122223333:a"' in file
    assert 'topic="arn:aws:sns:us-east-1:111122223333:b"' in file
    assert "partial(tell_oncall_of_shop, " in file or "partial(tell_oncall_of_other, " in file


# Notices


def test_notices_are_one_function_for_each_and_callbacks() -> None:
    (file,) = shop("""
        activities:
          a: {shell: a, late: after 2 hours, notify: {success: [oncall], late: oncall}}
          b: {shell: b, late: after 2 hours, notify: {late: oncall}}
          c: {shell: c, late: after 3 hours, notify: {late: oncall}}
        """).values()
    assert file.count("def tell_oncall(status, context):") == 1
    assert call(file, "a")["on_success_callback"] == "partial(tell_oncall, 'finished')"
    tell = "[partial(tell_oncall, 'late')]"
    assert call(file, "late.watch")["rules"] == (
        f"[(timedelta(hours=2), ['a', 'b'], {tell}), (timedelta(hours=3), ['c'], {tell})]"
    )
    assert file.count("WatchLate(\n") == 1


LATE = (
    HEAD
    + """\
activities:
  late: {shell: work, matrix: {place: [watch, bench]}, late: after 2 hours, notify: {late: oncall}}
  mail: {shell: mail, late: after 3 hours, notify: {late: oncall}}
"""
)


def test_the_watch_has_a_name_that_no_activity_has() -> None:
    (file,) = dag_files(LATE).values()
    assert call(file, "late.watch")["bash_command"] == "'work'"
    assert "['late.watch', 'late.bench']" in call(file, "late.watch_2")["rules"]


def test_a_wait_has_a_name_that_no_activity_has() -> None:
    files = shop("""
        activities:
          days: {shell: a, schedule: daily, after: other.months}
          other: {shell: b, schedule: daily, matrix: {m: [months], n: [wait]}}
        # file: other.pipe.yaml
        pipeline: other
        schedules: {month: every 1 month from 2026-01-01T00:00Z}
        activities: {months: {shell: c, schedule: month}}
        """)
    file = files["shop.daily.py"]
    assert call(file, "other.months.wait")["bash_command"] == "'b'"
    assert call(file, "other.months.wait_2")["external_task_id"] == "'months'"


def test_where_nothing_is_deferred_each_limit_has_a_watch_of_its_own() -> None:
    (file,) = compiled(LATE, local=True).files.values()
    assert "['late.watch', 'late.bench']" in call(file, "late.watch_2")["rules"]
    assert "['mail']" in call(file, "late.watch_3")["rules"]


# Versions


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_has_its_imports(version: Version) -> None:
    pipeline = HEAD + "activities: {a: {shell: a}}\n"
    (file,) = dag_files(pipeline, version).values()
    lines = [line for line in file.splitlines() if "Timetable" in line or "DAG" in line]
    assert (
        lines[:-2]
        == {
            "3.3": ["from airflow.sdk import DAG, DeltaDataIntervalTimetable"],
            "3.0": [
                "from airflow.sdk import DAG",
                "from airflow.timetables.interval import DeltaDataIntervalTimetable",
            ],
            "2.11": [
                "from airflow import DAG",
                "from airflow.timetables.interval import DeltaDataIntervalTimetable",
            ],
        }[version]
    )
    assert home(version, "json", "dumps") == "json"


# What Airflow cannot say


def test_arguments_that_python_cannot_name() -> None:
    project = (
        HEAD + "activities:\n"
        "  a: {operator: shop.Mail, args: {reply-to: b, class: c}}\n"
        "  b: {shell: b, airflow: {in: d}}\n"
    )
    assert complaints(project) == [("P407", "a"), ("P407", "a"), ("P407", "b")]
