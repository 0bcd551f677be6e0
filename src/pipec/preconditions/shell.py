"""`shell`: a command ends with exit status 0."""

from __future__ import annotations

from pipec.facets import Looking
from pipec.fields.collections import list_of
from pipec.fields.key import key
from pipec.fields.scalars import text
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.bash import with_arguments
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call
from pipec.values import Text


@node
class Shell(Looking):
    """Holds once the command, run by bash, ends with exit status 0."""

    shell: Text = key(text, "The command.")
    args: tuple[Text, ...] = key(list_of(text), "What it is given: `$1`, `$2` ...", default=())

    where_work_runs = True


@airflow.preconditions.of(Shell)
def to_airflow(shell: Shell, work: Work) -> Call:
    """A BashSensor."""
    return work.task(
        f"{STANDARD}.sensors.bash.BashSensor",
        bash_command=with_arguments(work, shell.shell, shell.args),
    )
