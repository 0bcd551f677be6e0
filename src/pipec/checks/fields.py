"""No field of an object is made, through expressions, of itself."""

from __future__ import annotations

from collections.abc import Iterator

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression.tree import Name, walk
from pipec.ir import Pipeline
from pipec.links import Found, Key, Links
from pipec.scope import Scope, fields_of
from pipec.source import Span

Field = tuple[Key, str]
"""An object, and the name of one of its fields."""


def check_fields(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each field whose value cannot be known without the value itself."""
    done: set[Field] = set()
    for sort, section in (
        ("datanode", pipeline.datanodes),
        ("activity", pipeline.activities),
        ("resource", pipeline.resources),
    ):
        for thing in section.values():
            found = Found(sort, thing, pipeline)
            for name in fields_of(thing):
                if (found.key, name) not in done:
                    _walk(found, name, links, done, report)


def _walk(found: Found, field: str, links: Links, done: set[Field], report: Report) -> None:
    """Depth first, with a stack of one's own, as long as chains of fields may be."""
    home = found.pipeline.source.name
    path: list[Field] = [(found.key, field)]
    steps = [_used(found, field, links)]
    while path:
        step = next(steps[-1], None)
        if step is None:
            done.add(path.pop())
            steps.pop()
            continue
        span, other, name = step
        to = (other.key, name)
        if to in path:
            ring = [*path[path.index(to) :], to]
            if span.source.name == home:
                spelt = " -> ".join(f"`{key[1]}.{one}`" for key, one in ring)
                report.add(FieldOfItself(span, spelt))
        elif to not in done:
            path.append(to)
            steps.append(_used(other, name, links))


def _used(found: Found, field: str, links: Links) -> Iterator[tuple[Span, Found, str]]:
    """The fields that the expressions of a field use, and where."""
    scope = Scope(found.pipeline, links, found.thing)
    text = fields_of(found.thing).get(field)
    for splice in text.splices if text is not None else ():
        for one in walk(splice.expr):
            if not isinstance(one, Name) or one.parts[0] in found.pipeline.params:
                continue
            if one.parts[0] in ("start", "end", "run"):
                continue
            lead = scope.leads_to(one, splice.at, Report())
            if lead is not None:
                yield splice.at(one.start, one.end), lead[0], ".".join(one.parts[lead[1] :])


@diagnostic
class FieldOfItself(Diagnostic):
    """A field may use fields of other objects, but in the end none may need its own value."""

    code = "P313"
    title = "Field made of itself"
    message = "this needs its own value: {cycle}"
    help = "write one of them without the others"
    fails = """
        pipeline: shop
        datanodes:
          orders: s3 ${{ stock.path }}/orders/
          stock: s3 ${{ orders.path }}/stock/    # P313 orders.path
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders: s3 s3://shop/orders/
          stock: s3 ${{ orders.path }}/stock/
        """

    cycle: str
