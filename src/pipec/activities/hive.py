"""`hive`: a script of Hive."""

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
from pipec.targets.airflow.hive import hive_step
from pipec.targets.airflow.steps import commands, steps_task
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call
from pipec.values import Script, Text


@node
class Hive(Doing):
    """Run a script of Hive on a cluster.

    `${input1}`, `${output1}` ... are tables over what it reads and writes, with the columns of
    their formats; `vars` are further variables. The tables are there for this run alone, and are
    dropped when it is done.
    """

    hive: Text | None = key(text, "The script.", default=None)
    script: Script | None = key(
        script, "A file with the script, beside the pipeline or in S3.", default=None, merges=False
    )
    stage: bool = key(boolean, "Whether inputs and outputs are tables.", default=True)
    queue: Text | None = queue_field()
    prepare: tuple[Text, ...] = commands_before()
    finish: tuple[Text, ...] = commands_after()

    runs_on = ("cluster",)
    needs = ("cluster",)
    applications = ("Hive",)

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report a script that is missing or there twice, and tables without columns."""
        check_script(activity, self.hive, self.script, pipeline, links, report, stage=self.stage)


says(
    Hive,
    "HiveActivity",
    row.inline("hiveScript", "hive"),
    row.script("scriptUri"),
    row.flag_of_stage(default=True),
    row.pairs("scriptVariable"),
    row.text("hadoopQueue", "queue"),
    row.shell_script("preActivityTaskConfig", "prepare"),
    row.shell_script("postActivityTaskConfig", "finish"),
)


@airflow.activities.of(Hive)
def to_airflow(hive: Hive, work: Work) -> Call:
    """One task that adds a step with the script to the cluster, and waits for it."""
    given = hive.script or hive.hive
    assert given is not None  # Checked.
    step = hive_step(
        work, given, stage=hive.stage, variables=work.thing.vars, queue=hive.queue
    )  # fmt: skip
    return steps_task(work, [*commands(work, hive.prepare), step, *commands(work, hive.finish)])
