"""Everything that the language can say, for the tests of what it becomes: each kind,
each sort of schedule, each way to wait. What it does makes no sense.

Made by pipec from rich.pipe.yaml: everything on the schedule `daily`.
Change that file and compile it again; changes here are lost.
"""

import copy
import json
import logging
import os
import tempfile
import time
import unicodedata
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from importlib import import_module

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.common.sql.sensors.sql import SqlSensor
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.sdk import DAG, BaseSensorOperator, DeltaDataIntervalTimetable
from airflow.sdk.exceptions import AirflowException, AirflowFailException


def any_row(value):
    """True: a row is a row, whatever `value` it begins with."""
    return True


def chosen_columns(rows, columns):
    """Yields `columns`, their names, then of each row what belongs to them.

    `rows` begin with the names of all their columns, perhaps with other capitals.
    """
    names = next(rows, columns)
    lower = [name.lower() for name in names]
    places = [
        names.index(name) if name in names else lower.index(name.lower())
        for name in columns
    ]
    yield columns
    for row in rows:
        yield [row[place] for place in places]


def copy_rows(read, write, source, target, columns=None):
    """Writes the rows of `read(**source)` by `write(rows, **target)` as they come.

    `columns` are the names of those that are written, in their order; else all are.
    """
    with closing(read(**source)) as rows:
        write(chosen_columns(rows, columns) if columns else rows, **target)


def notice_texts(context, status, templates):
    """The texts of a notice: templates that also know `node_name` and `node_status`."""
    task, known = context["task"], copy.copy(context)
    known["node_name"] = context.get("node_name", task.task_id)
    known["node_status"] = status
    try:
        return [task.render_template(text + "{{ '' }}", known) for text in templates]
    except Exception:
        log = logging.getLogger("airflow.task")
        log.exception("A notice goes out as it was written: %s", templates)
        return templates


def notify_sns(context, topic, status, subject, message):
    """Publishes that an activity is `status`; whatever goes wrong is only logged."""
    try:
        from airflow.providers.amazon.aws.hooks.sns import SnsHook

        subject, message = notice_texts(context, status, [subject, message])
        # SNS takes one line of printable ASCII, shorter than 100 characters.
        plain = unicodedata.normalize("NFKD", " ".join(subject.split()))
        words = "".join(c for c in plain if " " <= c <= "~").split()
        line = " ".join(words)[:99] or status
        SnsHook(region_name=topic.split(":")[3]).get_conn().publish(
            TopicArn=topic, Subject=line, Message=message[:60000] or line
        )
    except Exception:
        log = logging.getLogger("airflow.task")
        log.exception("The notice to %s was not sent", topic)


@contextmanager
def sql_session(conn_id, hook_params=None):
    """A connection in which moments without a zone are those of UTC."""
    hook = DbApiHook.get_connection(conn_id).get_hook(hook_params=hook_params)
    if hook.conn_type == "jdbc":
        os.environ["TZ"] = "UTC"  # Java looks there when it starts.
    zone = {
        "postgres": "SET TIME ZONE 'UTC'",
        "redshift": "SET TIME ZONE 'UTC'",
        "mysql": "SET time_zone = '+00:00'",
        "oracle": "ALTER SESSION SET TIME_ZONE = '+00:00'",
    }.get(hook.conn_type)
    with closing(hook.get_conn()) as connection:
        hook.set_autocommit(connection, False)
        if zone:
            with closing(connection.cursor()) as cursor:
                cursor.execute(zone)
        yield connection


def read_mysql(conn_id, sql, columns=None):
    """Yields the names of the columns, then the rows of a query, fetched in parts."""
    with sql_session(conn_id) as session:
        if hasattr(session, "cursorclass"):  # Of mysqlclient: all rows at once.
            from MySQLdb.cursors import SSCursor

            cursor = session.cursor(SSCursor)
        else:
            cursor = session.cursor()
        cursor.execute(sql)
        yield columns or [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(1000):
            yield from rows


def refuse_others(schedule, context, start_of=None):
    """Fails a run for good that is for no interval of `schedule`.

    Somebody started it, for a time of its own: what it would wait for never comes, and
    nothing waits for it. `start_of(time, n)` says where on the grid a time is, if the
    timetable does not.
    """
    run, start = context["dag_run"], context.get("data_interval_start")
    known = start is not None and run.logical_date == start
    if known and (start_of is None or start_of(start, 0) == start):
        return
    raise AirflowFailException(
        f"{run.dag_id} runs {schedule}, and no interval of that begins at "
        f"{run.logical_date}. Clear a run to have it again; those that are missing are "
        f"made by `airflow backfill create --dag-id {run.dag_id}`, in Airflow 2 by "
        f"`airflow dags backfill {run.dag_id}`"
    )


def starts_inside(start_of, since, until, first, last=None):
    """The starts, from `first` to `last`, of the intervals between `since` and `until`.

    `start_of(time, n)` is the start of the interval that is n after the one at `time`.
    """
    start = start_of(since, 0)
    if start < since:
        start = start_of(since, 1)
    starts = []
    while (end := start_of(start, 1)) <= until:
        if first <= start and (last is None or start <= last):
            starts.append(start)
        start = end
    return starts


def step_start(anchor, step, time, n):
    """The start of the interval that is n after the one which holds `time`."""
    passed = (time - anchor).total_seconds() // step.total_seconds()
    return anchor + step * (int(passed) + n)


class WaitForInstances(ExternalTaskSensor):
    """Waits for the instances of a task that start when `starts(start, end)` says.

    `start` and `end` are the interval of this run. Where there are none it does not
    wait: for Airflow 3 an empty list means all instances that ever were. An instance
    that has failed ends it for good; a wait that Airflow loses is tried again.
    """

    some = ()

    def __init__(self, starts, mode="reschedule", **kwargs):
        super().__init__(mode=mode, **kwargs)
        self.starts = starts

    def execute(self, context):
        """Asks for 500 instances at a time, as many as fit into a request."""
        # A run on demand may have no interval, only a time.
        start = context.get("data_interval_start") or context["dag_run"].run_after
        end = context.get("data_interval_end") or start
        self.some = wanted = self.starts(start, end)
        self.parts = [wanted[n : n + 500] for n in range(0, len(wanted), 500)]
        if len(self.parts) > 1:
            self.deferrable = False
        if wanted:
            super().execute(context)

    def execute_complete(self, context, event=None):
        """Is called when Airflow has asked for all of them."""
        return self._for_good(super().execute_complete, context, event)

    def poke(self, context):
        found = []
        for self.some in self.parts:
            found.append(self._for_good(super().poke, context))
        return all(found)

    def _for_good(self, ask, *args):
        try:
            return ask(*args)
        except AirflowException as failed:
            raise AirflowFailException(str(failed)) from failed

    def _get_dttm_filter(self, context):
        return self.some


class WatchLate(BaseSensorOperator):
    """Tells of the activities of this run that are late, and changes nothing else.

    A rule is how long after the run was due, which activities, and what is called with
    each that is not done by then. A run that began later (to catch up) is left alone.
    Between its looks the watch is deferred: it takes no slot and no process.
    """

    ended = ("success", "failed", "upstream_failed", "skipped", "removed")

    def __init__(self, rules, deferrable=True, **kwargs):
        # Where late work holds all slots, the first one free is for telling of it.
        super().__init__(mode="reschedule", priority_weight=1000, **kwargs)
        self.rules = rules
        self.deferrable = deferrable
        self.as_teardown()  # A run does not fail because the watch over it has.

    def execute(self, context):
        """Looks. Where nothing can be deferred it has no memory, and takes one rule."""
        if self.deferrable:
            self.watch(context)
        else:
            super().execute(context)

    def resume_execution(self, next_method, next_kwargs, context):
        """Looks again: a limit has passed, all is done, or the trigger has failed."""
        if (next_kwargs or {}).get("traceback"):
            self.log.warning("The trigger failed: %s", next_kwargs["traceback"])
            time.sleep(60)
        self.watch(context)

    def poke(self, context):
        return self.look(context) is None

    def watch(self, context):
        """Looks, then waits for the next limit, or until nothing more can be late."""
        try:
            ahead = self.look(context)
        except Exception:
            self.log.exception("What is done is not known; it looks again in a minute")
            time.sleep(60)
            ahead = self.look(context)
        if ahead is None:
            return
        from airflow.providers.standard.triggers.external_task import WorkflowTrigger

        activities, seconds = ahead
        run, ti = context["dag_run"], context["ti"]
        which = {"run_ids": [ti.run_id]}
        if not hasattr(ti, "get_task_states"):  # Airflow 2
            which = {"execution_dates": [run.execution_date]}
        trigger = WorkflowTrigger(
            external_dag_id=ti.dag_id,
            external_task_ids=activities[:100],  # As many as fit into a request.
            allowed_states=list(self.ended),
            poke_interval=self.poke_interval,
            **which,
        )
        timeout = timedelta(seconds=seconds)
        self.defer(trigger=trigger, method_name="execute", timeout=timeout)

    def look(self, context):
        """Tells of what is late now; what may be next, and the seconds until then.

        None when nothing may be. The time of the look is kept, or it would tell again.
        """
        run, ti = context["dag_run"], context["ti"]
        due = context.get("data_interval_end") or run.run_after
        now = datetime.now(timezone.utc)
        seen = ti.xcom_pull(task_ids=self.task_id, key="seen")
        since = datetime.fromisoformat(seen) if seen else run.start_date or now
        rules = [rule for rule in self.rules if due + rule[0] > since]
        if not rules:
            return None
        states = self.states(context)
        if any(due + after <= now for after, _, _ in rules):
            ti.xcom_push(key="seen", value=now.isoformat())
        ahead = []
        for after, names, notices in rules:
            wait = (due + after - now).total_seconds()
            late = [name for name in names if states.get(name) not in self.ended]
            if wait > 0:
                ahead += [(wait, name) for name in late]
            else:
                for name in late:
                    self.tell(context, name, notices)
        if not ahead:
            return None
        return [name for _, name in ahead], min(wait for wait, _ in ahead)

    def states(self, context):
        """The states of the activities; one that was ended for being late has none."""
        run, ti = context["dag_run"], context["ti"]
        if hasattr(ti, "get_task_states"):
            runs = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])
            states = runs[ti.run_id]
        else:  # Airflow 2
            states = {one.task_id: one.state for one in run.get_task_instances()}
        return {
            name: states.get(name)
            for _, names, _ in self.rules
            for name in names
            if states.get(name) != "failed"
            or not ti.xcom_pull(task_ids=name, key="late")
        }

    def tell(self, context, activity, notices):
        about = copy.copy(context)
        about["node_name"] = activity
        for notice in notices:
            try:
                notice(about)
            except Exception:
                self.log.exception("A notice was not sent")


def as_text(value, inside=False):
    """`value` as files hold it; with `inside`, as JSON holds it."""
    if isinstance(value, dict):
        pairs = (
            f"{as_text(str(k), True)}: {as_text(v, True)}" for k, v in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(as_text(one, True) for one in value) + "]"
    if value is None or isinstance(value, (int, float)):
        return json.dumps(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        value = value.isoformat(" ")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(abs(value), timedelta(minutes=1))
        clock = (datetime.min + seconds).time().isoformat()[5:]
        sign = "-" if value < timedelta(0) else ""
        value = f"{sign}{minutes // 60:02}:{minutes % 60:02}{clock}"
    if isinstance(value, (set, frozenset)):
        value = ",".join(sorted(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        value = bytes(value).hex()
    return json.dumps(str(value), ensure_ascii=False) if inside else str(value)


@contextmanager
def new_file(path, ending="", **about):
    """The path of a draft, which appears at `path` once all of it is written.

    In a folder, a path that ends with a slash, it is called `part-00000` and `ending`.
    `about` is what S3 is told of it, such as its `ContentType`.
    """
    if path.endswith("/"):
        path += f"part-00000{ending}"
    bucket, _, key = path.partition("://")[2].partition("/")
    beside = None if bucket else os.path.dirname(os.path.abspath(path))
    if beside:
        os.makedirs(beside, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=beside) as folder:
        draft = os.path.join(folder, "draft")
        yield draft
        if beside:
            os.replace(draft, path)
        else:
            from airflow.providers.amazon.aws.hooks.s3 import S3Hook

            s3 = S3Hook().get_conn()
            s3.upload_file(draft, bucket, key, ExtraArgs=about or None)


@contextmanager
def new_text(path, compression="none"):
    """A text file to write, which appears at `path` once all of it is written.

    It is packed as `compression` says, or else the end of its name.
    """
    endings = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz"}
    modules = {".gz": "gzip", ".bz2": "bz2", ".xz": "lzma"}
    ending = endings.get(compression) or os.path.splitext(path)[1]
    opener = import_module(modules[ending]).open if ending in modules else open
    with new_file(path, ending) as draft:
        with opener(draft, "wt", encoding="utf-8", newline="") as file:
            yield file


def write_json(rows, path, compression="none"):
    """Writes `rows` (the names of their columns first), one object a line."""
    names = next(rows, None)
    with new_text(path, compression) as file:
        for row in rows:
            found = dict(zip(names, row))
            line = json.dumps(found, default=as_text, ensure_ascii=False)
            file.write(line + "\n")


def start_on_hourly(time, n):
    """The start of the interval of `hourly` that is n after the one at `time`."""
    return step_start(
        datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc), timedelta(hours=1), time, n
    )


def start_on_daily(time, n):
    """The start of the interval of `daily` that is n after the one at `time`."""
    return step_start(
        datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc), timedelta(days=1), time, n
    )


def copy_rows_starts(start, end):
    """The instances of `copy_rows` within the run's interval."""
    return starts_inside(
        start_on_hourly,
        start,
        end,
        first=datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc),
        last=datetime(2026, 3, 30, 23, 7, tzinfo=timezone.utc),
    )


def sum_day_starts(start, end):
    """The instances of `sum_day` in the 7 days up to the end of the run's interval."""
    return starts_inside(
        start_on_daily,
        end - timedelta(days=7),
        end,
        first=datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc),
    )


def copy_rows_starts_2(start, end):
    """The instances of `copy_rows` within the intervals -2 to 0 of `daily`."""
    return starts_inside(
        start_on_hourly,
        start_on_daily(start, -2),
        end,
        first=datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc),
        last=datetime(2026, 3, 30, 23, 7, tzinfo=timezone.utc),
    )


def only_on_schedule(context):
    """Refuses runs that are not on the schedule `daily`."""
    return refuse_others("every 1 day from 2026-01-31T00:07Z", context)


def tell_oncall(status, context):
    """Tells `oncall`."""
    notify_sns(
        context,
        topic="arn:aws:sns:eu-west-1:111122223333:alerts",
        status=status,
        subject=(
            "{{ node_name }} ("
            "{{ {'orders.query': 'query', 'sum_day': 'sql', 'last_week': 'sql', 'out': "
            "'copy'}.get(node_name, 'wait') }}) is {{ node_status }}"
        ),
        message="""\
{{ node_name }} for {{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%S') }} to {{ data_interval_end.strftime('%Y-%m-%dT%H:%M:%S') }}, due {{ data_interval_end.strftime('%d.%m. %H:%M') }}
{{ (exception | default('')) }}
{{ ti.log_url }}
""",  # noqa: E501
    )


# 36 runs at a time: 5 for the work, 31 because a wait may reach over so many.
with DAG(
    dag_id="rich.daily",
    description=(
        "Everything that the language can say, for the tests of what it becomes: each "
        "kind, each sort of schedule, each way to wait. What it does makes no sense."
    ),
    schedule=DeltaDataIntervalTimetable(timedelta(days=1)),
    start_date=datetime(2026, 1, 31, 0, 7, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=36,
    default_args={
        "owner": "ada",
        "do_xcom_push": False,
        "on_failure_callback": partial(tell_oncall, "failed"),
        "pre_execute": only_on_schedule,
    },
    tags=["rich", "tests", '50 % "quoted"'],
    doc_md=__doc__,
):
    # rich.pipe.yaml:63
    orders_query = SqlSensor(
        task_id="orders.query",
        conn_id="shop",
        sql=(
            "SELECT 1 FROM closed WHERE day = '"
            "{{ data_interval_start.strftime('%Y-%m-%d') }}'"
        ),
        success=any_row,
        mode="reschedule",
        poke_interval=timedelta(minutes=5),
        timeout=timedelta(hours=12),
        retries=3,
        retry_delay=timedelta(minutes=1, seconds=30),
    )

    # rich.pipe.yaml:86
    copy_rows_wait = WaitForInstances(
        task_id="copy_rows.wait",
        external_dag_id="rich",
        external_task_id="copy_rows",
        starts=copy_rows_starts,
        failed_states=["failed", "upstream_failed"],
        deferrable=True,
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=7),
        retries=2,
        retry_delay=timedelta(minutes=1),
    )

    # rich.pipe.yaml:86
    sum_day = SQLExecuteQueryOperator(
        task_id="sum_day",
        conn_id="db",
        sql="INSERT INTO days SELECT date(at), count(*) FROM rows GROUP BY 1",
        retries=3,
        retry_delay=timedelta(minutes=1, seconds=30),
        execution_timeout=timedelta(minutes=45),
        max_active_tis_per_dag=5,
    )

    # rich.pipe.yaml:87
    sum_day_wait = WaitForInstances(
        task_id="sum_day.wait",
        external_dag_id="rich.daily",
        external_task_id="sum_day",
        starts=sum_day_starts,
        failed_states=["failed", "upstream_failed"],
        deferrable=True,
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=7),
        retries=2,
        retry_delay=timedelta(minutes=1),
    )

    # rich.pipe.yaml:87
    copy_rows_wait_2 = WaitForInstances(
        task_id="copy_rows.wait_2",
        external_dag_id="rich",
        external_task_id="copy_rows",
        starts=copy_rows_starts_2,
        failed_states=["failed", "upstream_failed"],
        deferrable=True,
        poke_interval=timedelta(minutes=1),
        timeout=timedelta(days=7),
        retries=2,
        retry_delay=timedelta(minutes=1),
    )

    # rich.pipe.yaml:87
    last_week = SQLExecuteQueryOperator(
        task_id="last_week",
        conn_id="db",
        sql="DELETE FROM nights",
        retries=3,
        retry_delay=timedelta(minutes=1, seconds=30),
        execution_timeout=timedelta(minutes=45),
        max_active_tis_per_dag=5,
    )

    # rich.pipe.yaml:88
    out = PythonOperator(
        task_id="out",
        python_callable=partial(copy_rows, read_mysql, write_json),
        op_kwargs={
            "source": {"conn_id": "shop", "sql": "SELECT * FROM orders"},
            "target": {
                "path": (
                    "s3://lake/orders/"
                    "{{ data_interval_start.strftime('%Y-%m-%d') }}.json.gz"
                ),
                "compression": "gzip",
            },
        },
        retries=3,
        retry_delay=timedelta(minutes=1, seconds=30),
        execution_timeout=timedelta(minutes=45),
        max_active_tis_per_dag=5,
        queue="night_shift",
    )

    # The watch over activities that are late.
    late_watch = WatchLate(
        task_id="late.watch",
        rules=[
            (
                timedelta(hours=2),
                ["sum_day", "last_week", "out"],
                [partial(tell_oncall, "late")],
            )
        ],
        retries=2,
        retry_delay=timedelta(minutes=10),
        on_failure_callback=None,
    )

    copy_rows_wait >> sum_day
    [sum_day_wait, copy_rows_wait_2] >> last_week
    orders_query >> out
