"""`exists`: a file is there, a folder holds something."""

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
class Exists(Looking):
    """Holds once the file is there; of a folder, once anything is in it."""

    exists: Ref | None = key(
        reference("datanode"), "The datanode; else the object's own.", default=None
    )

    def check(
        self, own: Precondition, owner: Any, pipeline: Pipeline, links: Links, report: Report
    ) -> None:
        """Report a precondition that looks at nothing, or at what is no file."""
        check_look("exists", own, self.exists, owner, pipeline, links, report)


@airflow.preconditions.of(Exists)
def to_airflow(exists: Exists, work: Work) -> Call:
    """A sensor that looks for the file, or for anything in the folder."""
    return look(work, work.looked_at(exists.exists), size=0)
