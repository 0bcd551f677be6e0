"""`shell`: a command ends with exit status 0."""

from __future__ import annotations

from pipec.fields.collections import list_of
from pipec.fields.key import key
from pipec.fields.scalars import text
from pipec.values import Text, node


@node
class Shell:
    """Holds once the command, run by bash, ends with exit status 0."""

    shell: Text = key(text, "The command.")
    args: tuple[Text, ...] = key(list_of(text), "What it is given: `$1`, `$2` ...", default=())
