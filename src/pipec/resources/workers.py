"""`workers`: machines of one's own that poll for work."""

from __future__ import annotations

from lark import Token

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean
from pipec.facets import Place
from pipec.fields.forms import BadForm, read_form, token_span
from pipec.fields.key import FieldType, key
from pipec.fields.reader import Reader
from pipec.fields.scalars import scalar
from pipec.frozen import node
from pipec.syntax import Scalar

EXECUTORS = ("edge", "celery")
LONGEST = 250
"""Bytes. Airflow's tables have room for 256 characters; Edge's for a list of them, with its marks."""


@node
class Pool:
    """A group of workers: which executor reaches them, and the queue they poll."""

    executor: str
    queue: str


def _pool(it: Scalar, reader: Reader) -> Pool | None:
    form = read_form("workers", it, reader)
    if form is None:
        return None
    executor, queue = (token for token in form.children if isinstance(token, Token))
    if executor not in EXECUTORS:
        near = did_you_mean(executor, EXECUTORS, "there are `edge` and `celery`")
        reader.report.add(UnknownExecutor(token_span(it, executor), str(executor), near))
        return None
    refused = _refused(executor, queue)
    if refused is not None:
        found, why = refused
        reader.report.add(BadForm(token_span(it, queue), found, "the name of a queue", why))
        return None
    return Pool(executor=str(executor), queue=str(queue))


def _refused(executor: str, queue: str) -> tuple[str, str] | None:
    """What no worker can ask for in the name of a queue, and why; None if one can."""
    size = len(queue.encode())
    if size > LONGEST:
        return f"{size} bytes", f"Airflow has room for {LONGEST} in the name of a queue"
    if executor == "celery" and queue.startswith("amq."):
        return f"`{queue}`", "RabbitMQ keeps names that begin with `amq.` to itself"
    return None


pool = FieldType(
    "group of workers, `edge NAME` or `celery NAME`", scalar("group of workers", _pool).read
)


@node
class Workers(Place):
    """Machines of one's own, on premises or elsewhere, that ask for work of a queue."""

    workers: Pool = key(pool, "`edge NAME` or `celery NAME`: the executor and its queue.")


@diagnostic
class UnknownExecutor(Diagnostic):
    """Workers of one's own are Edge workers, which need only HTTP, or Celery workers."""

    code = "P117"
    title = "Unknown sort of workers"
    message = "there are no `{name}` workers"
    help = "{near}"
    fails = """
        pipeline: shop
        resources: {office: workers egde onprem}    # P117 egde
        """
    fixed = """
        pipeline: shop
        resources: {office: workers edge onprem}
        """

    name: str
    near: str
