"""`operator`: any operator of the engine."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.fields.collections import structures
from pipec.fields.key import EMPTY, FieldType, key
from pipec.fields.reader import Reader
from pipec.fields.scalars import scalar
from pipec.frozen import node
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
class Operator:
    """Run any Airflow operator. Its arguments are passed as they are; they may hold expressions."""

    operator: str = key(path, "The path of its class, `package.module.Class`.")
    args: dict[str, object] = key(structures, "Its arguments.", default=EMPTY)


@airflow.activities.of(Operator)
def to_airflow(operator: Operator, work: Work) -> Call:
    """The operator itself, with its arguments as templates."""
    arguments = work.structure(operator.args)
    assert isinstance(arguments, dict)
    return work.task(operator.operator, **arguments)


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
