"""`script`: a bash script in a file of its own."""

from __future__ import annotations

from pipec.facets import Command
from pipec.fields.collections import list_of
from pipec.fields.key import key
from pipec.fields.references import script
from pipec.fields.scalars import boolean, text
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.bash import BASH, bash_task, script_command
from pipec.targets.airflow.remote import remote_script
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import has, says
from pipec.targets.python.values import Call
from pipec.values import Script as ScriptFile
from pipec.values import Text


@node
class Script(Command):
    """Run a script by bash, as `shell` does with a command.

    One beside the pipeline is compiled in; one in S3 is fetched where it runs.
    """

    script: ScriptFile = key(script, "The script, beside the pipeline or in S3.")
    args: tuple[Text, ...] = key(list_of(text), "What it is given: `$1`, `$2` ...", default=())
    stage: bool | None = key(
        boolean, "Bring inputs and outputs near; the default with a flow.", default=None
    )


says(
    Script,
    "ShellCommandActivity",
    row.script("scriptUri"),
    row.inline("command", "script"),
    row.texts("scriptArgument", "args"),
    row.flag_of_stage(default=False),
    reads=has("scriptUri"),
)


@airflow.activities.of(Script)
def to_airflow(script: Script, work: Work) -> Call:
    """A BashOperator with the script in it; one in S3 is brought like an input. On a machine, there."""
    if work.machine is not None:
        return remote_script(work, script.script, script.args, stage=script.stages)
    call = bash_task(work, script_command(work, script.script, script.args), stage=script.stages)
    if script.script.content is not None:
        return call
    place = {"SCRIPT_DIR": work.template(script.script.path, *BASH)}
    staged = call.kwargs.get("inputs")
    inputs = {**place, **(staged if isinstance(staged, dict) else {})}
    kept = {key: value for key, value in call.kwargs.items() if key not in ("inputs", "append_env")}
    secret = "secrets" in kept
    operator = work.helper(
        "SecretStagedBash" if secret else "StagedBash",
        "secret_staged_bash" if secret else "staged_bash",
    )
    return Call(operator, (), {"task_id": work.name, "inputs": inputs, **kept})
