"""`operator`: any operator of the engine."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Doing
from pipec.fields.collections import structures
from pipec.fields.key import EMPTY, FieldType, key
from pipec.fields.reader import Reader
from pipec.fields.scalars import scalar
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.syntax import Scalar
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call


def _path(it: Scalar, reader: Reader) -> str | None:
    path = it.value.strip()
    if re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", path):
        return path
    reader.report.add(NotAnOperator(it.span, path[:60]))
    return None


path = FieldType("path of a class, `package.module.Class`", scalar("path of a class", _path).read)


@node
class Operator(Doing):
    """Run any Airflow operator. Its arguments are passed as they are; they may hold expressions."""

    operator: str = key(path, "The path of its class, `package.module.Class`.")
    args: dict[str, object] = key(structures, "Its arguments.", default=EMPTY)

    keeps_result = True

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report arguments that are not the user's to give."""
        for name in ("task_id", "dag"):
            if name in self.args:
                report.add(NotYours(activity.span, activity.name, name))


@airflow.activities.of(Operator)
def to_airflow(operator: Operator, work: Work) -> Call:
    """The operator itself, with its arguments as templates."""
    return work.task(operator.operator, **work.arguments(operator.args))


@diagnostic
class NotAnOperator(Diagnostic):
    """An operator is named by the full path of its class."""

    code = "P236"
    title = "Not the path of a class"
    message = "`{found}` is not the path of a class"
    help = "write `package.module.Class`"
    fails = """
        pipeline: shop
        activities:
          mail:
            operator: EmptyOperator    # P236 EmptyOperator
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            operator: airflow.providers.standard.operators.empty.EmptyOperator
        """

    found: str


@diagnostic
class NotYours(Diagnostic):
    """The id of a task is the name of its activity, and its Dag is that of its schedule."""

    code = "P295"
    title = "Argument of pipec's own"
    message = "`{name}` gives its operator a `{argument}`, which follows from the pipeline"
    help = "leave it out: the task is called `{name}`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:    # P295 mail
            operator: airflow.providers.standard.operators.empty.EmptyOperator
            args: {task_id: post}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            operator: airflow.providers.standard.operators.empty.EmptyOperator
        """

    name: str
    argument: str
