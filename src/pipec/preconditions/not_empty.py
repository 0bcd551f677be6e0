"""`not_empty`: a file or folder holds data, a table holds rows."""

from __future__ import annotations

from pipec.fields.key import key
from pipec.fields.references import reference
from pipec.values import Ref, node


@node
class NotEmpty:
    """Holds once there is at least one byte of data, or one row of the interval."""

    not_empty: Ref | None = key(
        reference("datanode"), "The datanode; else the object's own.", default=None
    )
