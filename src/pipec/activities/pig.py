"""`pig`: a script of Pig."""

from __future__ import annotations

from pipec.checks.scripts import check_script
from pipec.diagnostic import Report
from pipec.facets import Doing
from pipec.fields.key import key
from pipec.fields.references import script
from pipec.fields.scalars import boolean, text
from pipec.fields.steps import commands_after, commands_before, queue_field
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.pig import pig_step
from pipec.targets.airflow.steps import commands, steps_task
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call
from pipec.values import Script, Text


@node
class Pig(Doing):
    """Run a script of Pig on a cluster.

    `${input1}`, `${output1}` ... are relations of what it reads and writes, with the columns of
    their formats; `vars` are further parameters. Outputs are stored when the script is done.
    """

    pig: Text | None = key(text, "The script.", default=None)
    script: Script | None = key(
        script, "A file with the script, beside the pipeline or in S3.", default=None, merges=False
    )
    stage: bool = key(boolean, "Whether inputs and outputs are relations.", default=True)
    queue: Text | None = queue_field()
    prepare: tuple[Text, ...] = commands_before()
    finish: tuple[Text, ...] = commands_after()

    runs_on = ("cluster",)
    needs = ("cluster",)
    applications = ("Pig",)

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report a script that is missing or there twice, and tables without columns."""
        check_script(activity, self.pig, self.script, pipeline, links, report, stage=self.stage)


says(
    Pig,
    "PigActivity",
    row.inline("script", "pig"),
    row.script("scriptUri"),
    row.flag_of_stage(default=True),
    row.pairs("scriptVariable"),
    row.shell_script("preActivityTaskConfig", "prepare"),
    row.shell_script("postActivityTaskConfig", "finish"),
)


@airflow.activities.of(Pig)
def to_airflow(pig: Pig, work: Work) -> Call:
    """One task that adds a step with the script to the cluster, and waits for it."""
    given = pig.script or pig.pig
    assert given is not None  # Checked.
    step = pig_step(
        work, given, stage=pig.stage, variables=work.thing.vars, queue=pig.queue
    )  # fmt: skip
    return steps_task(work, [*commands(work, pig.prepare), step, *commands(work, pig.finish)])
