"""`copy`: rows or files from one datanode to another."""

from __future__ import annotations

from pipec.fields.key import key
from pipec.fields.references import flow
from pipec.fields.scalars import one_of
from pipec.values import Flow, node


@node
class Copy:
    """Copy one datanode to another; files as they are, or row by row when their formats differ.

    Into a table, all rows are written in one transaction. `append` adds them; `replace` empties
    the table first; a table with `at` has the rows of the interval replaced, so that a rerun
    changes nothing.
    """

    copy: Flow = key(flow, "From which datanode to which: `orders -> archive`.")
    mode: str = key(
        one_of("append", "replace"), "What becomes of the rows that a table holds.", default="append"
    )

    @property
    def own_flow(self) -> Flow:
        """What it reads and writes."""
        return self.copy
