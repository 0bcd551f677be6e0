"""`table_exists`: a table is there."""

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
class TableExists(Looking):
    """Holds once the table is there, with or without rows; in a database, a view will do as well.

    A table of DynamoDB is there once it can be read. The catalogue of the database is asked, so a
    table that the user of the connection may not see is not there yet. Other preconditions of the
    same object wait for it, as what they look at would be an error without the table.
    """

    table_exists: Ref | None = key(
        reference("datanode"), "The datanode; else the object's own.", default=None
    )

    comes_first = True

    def check(
        self, own: Precondition, owner: Any, pipeline: Pipeline, links: Links, report: Report
    ) -> None:
        """Report a precondition that looks at nothing, or at what is no table."""
        check_look("table_exists", own, self.table_exists, owner, pipeline, links, report)


@airflow.preconditions.of(TableExists)
def to_airflow(table_exists: TableExists, work: Work) -> Call:
    """A sensor that asks the database, or DynamoDB, for the table."""
    return look(work, work.looked_at(table_exists.table_exists), size=0)
