"""`spark`: an application of Spark."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipec.checks.credentials import check_named
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.facets import Doing
from pipec.fields.collections import list_of, mapping_of
from pipec.fields.key import EMPTY, key
from pipec.fields.references import application
from pipec.fields.scalars import one_of, text
from pipec.fields.steps import commands_after, commands_before, queue_field
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.bash import heredoc
from pipec.targets.airflow.steps import BEGINNING, commands, steps_task, words
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call
from pipec.values import Script, Text


@node
class Spark(Doing):
    """Run an application with `spark-submit`: Python, R, or a jar.

    A script beside the pipeline is compiled in; one in S3, and a jar, is fetched by Spark.
    """

    spark: Script = key(
        application, "The script beside the pipeline; or a script or a jar in S3 or on the cluster."
    )
    main: Text | None = key(text, "The main class of a jar.", name="class", default=None)
    args: tuple[Text, ...] = key(list_of(text), "What it is given.", default=())
    conf: Mapping[str, Text] = key(
        mapping_of(text, dotted=True), "Settings, such as `spark.executor.memory`.", default=EMPTY
    )
    packages: tuple[Text, ...] = key(
        list_of(text), "Maven coordinates of what is fetched with it.", default=()
    )
    jars: tuple[Text, ...] = key(list_of(text), "Further jars.", default=())
    py_files: tuple[Text, ...] = key(list_of(text), "Further Python files and zips.", default=())
    queue: Text | None = queue_field()
    deploy_mode: str = key(
        one_of("client", "cluster"), "Where its driver runs; a cancelled step ends one in `client`.",
        default="client",
    )  # fmt: skip
    prepare: tuple[Text, ...] = commands_before()
    finish: tuple[Text, ...] = commands_after()

    runs_on = ("cluster",)
    needs = ("cluster",)
    applications = ("Spark",)

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report a file that Spark would not know how to run, and what all would see in its step."""
        help_ = "let the application read it from Secrets Manager"
        check_named(self.conf.items(), help_, report)
        name = self.spark.path.pieces[-1] if self.spark.path.pieces else ""
        if isinstance(name, str) and not name.endswith(_ENDINGS):
            found = re.sub(r".*/", "", name)
            report.add(NotAnApplication(self.spark.span, found))


_ENDINGS = (".py", ".jar", ".R", ".r", ".zip", ".egg")


@airflow.activities.of(Spark)
def to_airflow(spark: Spark, work: Work) -> Call:
    """One task that adds a step with `spark-submit` to the cluster, and waits for it."""
    given: list[str | Text | None] = ["spark-submit", "--deploy-mode", spark.deploy_mode]
    for option, one in (("--class", spark.main), ("--queue", spark.queue)):
        given += [option, one] if one is not None else []
    for name, value in spark.conf.items():
        given += ["--conf", Text((f"{name}=", *value.pieces))]
    for option, several in (
        ("--packages", spark.packages), ("--jars", spark.jars), ("--py-files", spark.py_files),
    ):  # fmt: skip
        given += [option, _listed(several)] if several else []
    content = spark.spark.content
    if content is None:
        command = words(work, *given, spark.spark.path, *spark.args)
        command = command if command.isascii() else f"{BEGINNING}\n{command}"
    else:
        name = (spark.spark.path.constant or "").rpartition("/")[2]
        file = heredoc(words(work, name), work.command(content))
        command = f"{BEGINNING}\n{file}{words(work, *given, name, *spark.args)}"
    steps = [*commands(work, spark.prepare), command, *commands(work, spark.finish)]
    return steps_task(work, steps)


def _listed(several: tuple[Text, ...]) -> Text:
    """The texts with commas in between, as Spark takes them."""
    first, *more = several
    return Text((*first.pieces, *(piece for one in more for piece in (",", *one.pieces))))


@diagnostic
class NotAnApplication(Diagnostic):
    """Spark tells by its ending what a file is: `.py`, `.R`, `.jar`."""

    code = "P277"
    title = "Not an application of Spark"
    message = "`{found}` has none of the endings by which Spark knows what it is"
    help = "name a `.py`, a `.R` or a `.jar`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities:
          count:
            spark: s3://shop/scripts/count.sh    # P277 s3://shop/scripts/count.sh
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities:
          count:
            spark: s3://shop/scripts/count.py
        """

    found: str
