"""`not_empty`: a file or folder holds data, a table holds rows."""

from __future__ import annotations

from typing import Any

from pipec.checks.look import check_look
from pipec.diagnostic import Report
from pipec.facets import Looking
from pipec.fields.key import key
from pipec.fields.references import reference
from pipec.frozen import node
from pipec.ir import Pipeline, Precondition
from pipec.links import Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.look import look
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call
from pipec.values import Ref


@node
class NotEmpty(Looking):
    """Holds once there is at least one byte of data, or one row of the interval."""

    not_empty: Ref | None = key(
        reference("datanode"), "The datanode; else the object's own.", default=None
    )

    def check(
        self, own: Precondition, owner: Any, pipeline: Pipeline, links: Links, report: Report
    ) -> None:
        """Report a precondition that looks at nothing, or where it cannot."""
        check_look("not_empty", own, self.not_empty, owner, pipeline, links, report)


@airflow.preconditions.of(NotEmpty)
def to_airflow(not_empty: NotEmpty, work: Work) -> Call:
    """A sensor that looks for a byte of data, or for a row."""
    return look(work, work.looked_at(not_empty.not_empty), size=1)
