"""`script`: a bash script in a file of its own."""

from __future__ import annotations

from pipec.fields.collections import list_of
from pipec.fields.key import key
from pipec.fields.references import script
from pipec.fields.scalars import boolean, text
from pipec.values import Script as ScriptFile
from pipec.values import Text, node


@node
class Script:
    """Run a script by bash, as `shell` does with a command.

    One beside the pipeline is compiled in; one in S3 is fetched where it runs.
    """

    script: ScriptFile = key(script, "The script, beside the pipeline or in S3.")
    args: tuple[Text, ...] = key(list_of(text), "What it is given: `$1`, `$2` ...", default=())
    stage: bool | None = key(
        boolean, "Bring inputs and outputs near; the default with a flow.", default=None
    )
