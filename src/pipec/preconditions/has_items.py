"""`has_items`: a table of DynamoDB holds an item."""

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
class HasItems(Looking):
    """Holds once there is an item in the table. A table that is not there has none yet.

    An item is looked for: the count that DynamoDB keeps of a table is hours old.
    """

    has_items: Ref | None = key(
        reference("datanode"), "The datanode; else the object's own.", default=None
    )

    def check(
        self, own: Precondition, owner: Any, pipeline: Pipeline, links: Links, report: Report
    ) -> None:
        """Report a precondition that looks at nothing, or at what has no items."""
        check_look("has_items", own, self.has_items, owner, pipeline, links, report)


@airflow.preconditions.of(HasItems)
def to_airflow(has_items: HasItems, work: Work) -> Call:
    """A sensor that looks for an item."""
    return look(work, work.looked_at(has_items.has_items), size=1)
