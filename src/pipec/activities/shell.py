"""`shell`: a command, run by bash."""

from __future__ import annotations

from pipec.facets import Command
from pipec.fields.collections import list_of
from pipec.fields.key import key
from pipec.fields.scalars import boolean, text
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.bash import bash_task, with_arguments
from pipec.targets.airflow.remote import remote_command
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import has, says
from pipec.targets.python.values import Call
from pipec.values import Text


@node
class Shell(Command):
    """Run a command by bash. It fails when its exit status is not 0.

    With `stage`, S3 inputs stand in local folders `$INPUT1_STAGING_DIR`, `$INPUT2_STAGING_DIR` ...
    when it starts, and what it leaves in `$OUTPUT1_STAGING_DIR` ... goes to the S3 outputs when it
    succeeded. `vars` are environment variables, `args` are `$1`, `$2` and so on.
    """

    shell: Text = key(text, "The command: one or more lines of bash.")
    args: tuple[Text, ...] = key(list_of(text), "What it is given: `$1`, `$2` ...", default=())
    stage: bool | None = key(
        boolean, "Bring inputs and outputs near; the default with a flow.", default=None
    )


says(
    Shell,
    "ShellCommandActivity",
    row.text("command", "shell"),
    row.texts("scriptArgument", "args"),
    row.flag_of_stage(default=False),
    reads=has("command"),
)


@airflow.activities.of(Shell)
def to_airflow(shell: Shell, work: Work) -> Call:
    """A BashOperator; with staging, one that copies before and after. On a machine, a command there."""
    if work.machine is not None:
        return remote_command(work, shell.shell, shell.args, stage=shell.stages)
    return bash_task(work, with_arguments(work, shell.shell, shell.args), stage=shell.stages)
