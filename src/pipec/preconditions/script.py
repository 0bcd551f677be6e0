"""`script`: a script ends with exit status 0."""

from __future__ import annotations

from pipec.facets import Looking
from pipec.fields.collections import list_of
from pipec.fields.key import key
from pipec.fields.references import script
from pipec.fields.scalars import text
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.bash import script_command
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call
from pipec.values import Script as ScriptFile
from pipec.values import Text


@node
class Script(Looking):
    """Holds once the script, run by bash, ends with exit status 0."""

    script: ScriptFile = key(script, "The script, beside the pipeline or in S3.")
    args: tuple[Text, ...] = key(list_of(text), "What it is given: `$1`, `$2` ...", default=())

    where_work_runs = True


@airflow.preconditions.of(Script)
def to_airflow(script: Script, work: Work) -> Call:
    """A BashSensor with the script in it; one in S3 is brought for every look."""
    command = script_command(work, script.script, script.args)
    if script.script.content is not None:
        return work.task(f"{STANDARD}.sensors.bash.BashSensor", bash_command=command)
    return work.made(
        work.helper("StagedBashSensor", "staged_bash_sensor"),
        bash_command=command,
        inputs={"SCRIPT_DIR": work.template(script.script.path)},
    )
