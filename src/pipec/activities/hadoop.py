"""`hadoop`: a program of Hadoop."""

from __future__ import annotations

from pipec.diagnostic import Report
from pipec.facets import Doing
from pipec.fields.collections import list_of
from pipec.fields.key import key
from pipec.fields.scalars import text
from pipec.fields.steps import check_jar, commands_after, commands_before, queue_field
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.steps import commands, jar_step, steps_task
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call
from pipec.values import Text


@node
class Hadoop(Doing):
    """Run a jar with Hadoop.

    `queue` comes before `args`, as Hadoop's own options do. A jar of several programs takes their
    name first: there, write `-Dmapreduce.job.queuename=...` into `args` after it.
    """

    hadoop: Text = key(text, "The jar, in S3 or on the cluster.")
    main: Text | None = key(text, "Its main class.", name="class", default=None)
    args: tuple[Text, ...] = key(list_of(text), "What it is given.", default=())
    queue: Text | None = queue_field()
    prepare: tuple[Text, ...] = commands_before()
    finish: tuple[Text, ...] = commands_after()

    runs_on = ("cluster",)
    needs = ("cluster",)

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report a program that is no jar."""
        check_jar(self.hadoop, report)


says(
    Hadoop,
    "HadoopActivity",
    row.text("jarUri", "hadoop"),
    row.text("mainClass", "class"),
    row.texts("argument", "args"),
    row.text("hadoopQueue", "queue"),
    row.shell_script("preActivityTaskConfig", "prepare"),
    row.shell_script("postActivityTaskConfig", "finish"),
)


@airflow.activities.of(Hadoop)
def to_airflow(hadoop: Hadoop, work: Work) -> Call:
    """One task that adds a step with the jar to the cluster, and waits for it."""
    step = jar_step(work, hadoop.hadoop, hadoop.main, hadoop.args, queue=hadoop.queue)
    return steps_task(work, [*commands(work, hadoop.prepare), step, *commands(work, hadoop.finish)])
