"""`emr`: steps on a cluster."""

from __future__ import annotations

from pipec.diagnostic import Report
from pipec.facets import Doing
from pipec.fields.key import key
from pipec.fields.steps import JarStep, check_jar, commands_after, commands_before, steps
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
class Emr(Doing):
    """Run steps on a cluster, one after the other.

    A step is a jar and its arguments, with commas in between; a comma that is part of an argument
    has a backslash before it. A mapping of `jar`, `class` and `args` says the same. The first step
    that fails ends the attempt; the cluster stays.
    """

    emr: tuple[JarStep, ...] = key(steps, "The steps: `JAR,ARGUMENT,ARGUMENT`, or a list of them.")
    prepare: tuple[Text, ...] = commands_before()
    finish: tuple[Text, ...] = commands_after()

    runs_on = ("cluster",)
    needs = ("cluster",)

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report a step that is no jar."""
        for one in self.emr:
            check_jar(one.jar, report)


says(
    Emr,
    "EmrActivity",
    row.steps("step", "emr"),
    row.texts("preStepCommand", "prepare"),
    row.texts("postStepCommand", "finish"),
)


@airflow.activities.of(Emr)
def to_airflow(emr: Emr, work: Work) -> Call:
    """One task that adds the steps to the cluster, and waits for each."""
    own = [jar_step(work, one.jar, one.main, one.args, span=one.span) for one in emr.emr]
    return steps_task(work, [*commands(work, emr.prepare), *own, *commands(work, emr.finish)])
