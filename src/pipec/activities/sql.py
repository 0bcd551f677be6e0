"""`sql`: statements for a database."""

from __future__ import annotations

from pipec.fields.key import key
from pipec.fields.references import reference, script
from pipec.fields.scalars import text
from pipec.values import Ref, Script, Text, node


@node
class Sql:
    """Run one or more SQL statements in one transaction.

    They run in the database of the first output that is a table, else of the first such input.
    """

    sql: Text | None = key(text, "The statements.", default=None)
    script: Script | None = key(script, "A file with the statements.", default=None, merges=False)
    connection: Ref | None = key(
        reference("connection"), "Where they run, when no datanode says it.", default=None
    )
