"""`query`: a query gives at least one row."""

from __future__ import annotations

from pipec.fields.key import key
from pipec.fields.references import reference
from pipec.fields.scalars import text
from pipec.values import Ref, Text, node


@node
class Query:
    """Holds once the query gives a row, whatever stands in it."""

    query: Text = key(text, "The query.")
    connection: Ref | None = key(
        reference("connection"), "Where to ask; else that of the datanode.", default=None
    )
