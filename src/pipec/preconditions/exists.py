"""`exists`: a file is there, a folder holds something."""

from __future__ import annotations

from pipec.fields.key import key
from pipec.fields.references import reference
from pipec.values import Ref, node


@node
class Exists:
    """Holds once the file is there; of a folder, once anything is in it."""

    exists: Ref | None = key(
        reference("datanode"), "The datanode; else the object's own.", default=None
    )
