"""`ec2`: a machine that is started when it is needed."""

from __future__ import annotations

from pipec.facets import Place
from pipec.fields.key import key
from pipec.fields.scalars import text
from pipec.fields.times import length
from pipec.frozen import node
from pipec.grid import Period
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call
from pipec.values import Text


@node
class Ec2(Place):
    """A machine of Amazon EC2."""

    ec2: Text = key(text, "The type of the instance, `m5.large`.")
    at_most: Period = key(
        length, "How long it may live, whatever happens.", default=Period(1, "day")
    )

    sort = "machine"


@airflow.resources.of(Ec2)
def to_airflow(ec2: Ec2, work: Work) -> tuple[Call, Call]:
    """The tasks that start and end it."""
    assert work.machine is not None
    marks = work.machine.marks
    start = work.made(work.helper("StartMachine", "start_machine"), **marks)
    return start, work.made(work.helper("StopMachine", "stop_machine"), **marks)
