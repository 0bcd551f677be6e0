"""The steps of an activity on a cluster: one task that adds them, and waits for each."""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.source import NOWHERE, Span
from pipec.targets.airflow.bash import quoted_arguments
from pipec.targets.airflow.managed import machines
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call, Value
from pipec.values import Text

Step = str | Mapping[str, Value]
"""The template of a command of bash, or those of what the API of EMR calls a HadoopJarStep."""

MOST = 10_240
"""The characters of all texts of one step that EMR takes."""
BEGINNING = """\
set -e
export LC_ALL=$(locale -a | grep -im1 utf)
cd "$(mktemp -d)\""""
"""The first lines of commands that hand texts to programs: in no other locale do all letters arrive."""


def steps_task(
    work: Work, steps: Sequence[Step], operator: str = "ClusterSteps", **more: Value
) -> Call:
    """The task that runs `steps`, one after the other, on the cluster of an activity.

    `operator` does something else as well, for which it takes `more`.
    """
    for step in steps:
        if (size := _size(step)) > MOST:
            work.report.add(LongStep(work.thing.span, work.name, f"{size:,}"))
    machine = work.machine
    if machine is None:
        work.report.add(NoClusterHere(work.thing.span, work.name))
        return work.task(f"{STANDARD}.operators.empty.EmptyOperator")
    return work.made(
        work.helper(operator, re.sub("(?<!^)([A-Z])", r"_\1", operator).lower()),
        **more,
        resource=machines(work),
        interval=machine.intervals,
        steps=[*steps],
        lost=[*machine.lost] or None,
    )


def jar_step(
    work: Work,
    jar: Text,
    main: Text | None,
    args: Sequence[Text],
    *,
    queue: Text | None = None,
    span: Span = NOWHERE,
) -> Step:
    """The step that runs a jar. `queue` is that of Hadoop's scheduler."""
    given = [*args]
    if queue is not None:
        given.insert(0, Text(("-Dmapreduce.job.queuename=", *queue.pieces)))
    if jar.constant == "command-runner.jar":
        for one in given:
            constant = work.resolved(one).constant
            if constant is not None and (not constant or _LOST.search(constant)):
                report_at = one.span if one.span is not NOWHERE else span
                work.report.add(LostOnTheWay(report_at, constant))
    step: dict[str, Value] = {"Jar": work.template(jar)}
    if main is not None:
        step["MainClass"] = work.template(main)
    if given:
        step["Args"] = [work.template(one) for one in given]
    return step


_LOST = re.compile(r"\}\}|[^\t\n -~]")
"""What an argument loses when `command-runner.jar` hands it on."""


def commands(work: Work, texts: Iterable[Text]) -> list[Step]:
    """The steps that run commands of the user's own on the first node of a cluster."""
    return [work.command(one) for one in texts]


def words(work: Work, *given: str | Text | None) -> str:
    """A command of bash made of words, each quoted as it needs; those that are None are left out."""
    texts = [Text((one,)) if isinstance(one, str) else one for one in given if one is not None]
    return quoted_arguments(work, tuple(texts))


def _size(step: Step) -> int:
    """How many characters it has at least, as it is sent."""
    if isinstance(step, str):
        return len("command-runner.jar") + len("bash-c") + _sent(step)
    found: list[Any] = [*step.values()]
    return sum(len(it) for one in found for it in ([one] if isinstance(one, str) else one))


def _sent(command: str) -> int:
    """The length of a command as `cluster_command` sends it: a template, without what a run adds."""
    plain = _TEMPLATE.sub("", command).encode()
    lost = re.search(rb"[^\t\n -~]|[{}]{2}", plain)
    marked = len("eval $''") + 3 * len(re.findall(rb"[^\t\n -~]|[{}'\\]", plain))
    packed = len('eval "$(echo  | base64 -d | gunzip)"') + len(
        base64.b64encode(gzip.compress(plain, mtime=0))
    )
    return min(len(plain) + (marked if lost else 0), packed)


_TEMPLATE = re.compile(r"\{% raw %\}|\{% endraw %\}|\{\{(?!\s*'\{).{0,2000}?\}\}", re.DOTALL)


@diagnostic
class LongStep(Diagnostic):
    """EMR takes steps of at most 10,240 characters, all arguments together.

    Commands and scripts are packed when they are longer, which makes them some four times shorter.
    """

    code = "P430"
    title = "Too long for a step"
    message = "`{name}` comes to a step of {size} characters, and EMR takes 10,240"
    help = "put the text into a file in S3, and name that: `script: s3://...`"

    name: str
    size: str


@diagnostic
class LostOnTheWay(Diagnostic):
    """`command-runner.jar` leaves out empty arguments and `}}`, and all letters but those of English.

    Commands of bash are sent so that all of it arrives: `prepare` and `finish`, and what `hive`,
    `pig` and `spark` run.
    """

    code = "P432"
    title = "Lost on the way to the cluster"
    message = "`command-runner.jar` does not hand on `{found}` as it is"
    help = "write it as a command under `prepare` or `finish`, or let a script in S3 say it"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities:
          count:
            emr:
              - command-runner.jar,./count,--city,Zürich    # P432 command-runner.jar,./count,--city,Zürich
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities:
          count:
            emr:
              - command-runner.jar,./count,--all
            prepare: ./count --city Zürich
        """

    found: str


@diagnostic
class NoClusterHere(Diagnostic):
    """`pipec run` has one machine: no cluster, and nothing that stands in for one."""

    code = "P431"
    title = "No cluster here"
    message = "`{name}` runs on a cluster, and on this machine there is none"
    help = "run the others with an environment that leaves it out, or compile it for an Airflow with an account"

    name: str
