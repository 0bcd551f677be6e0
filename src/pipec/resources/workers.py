"""`workers`: machines of one's own that poll for work."""

from __future__ import annotations

from lark import Token

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean
from pipec.facets import Place
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType, key
from pipec.fields.reader import Reader
from pipec.fields.scalars import scalar
from pipec.frozen import node
from pipec.syntax import Scalar

EXECUTORS = ("edge", "celery")


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
    return Pool(executor=str(executor), queue=str(queue))


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
