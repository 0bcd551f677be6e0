"""A connection is the same in all files of a project."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.ir import Pipeline
from pipec.links import Links


def check_connections(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each connection that another file gives the same name and says to be another database."""
    disputed = [name for name in pipeline.connections if name in links.disputed]
    for other in links.project.values() if disputed else ():
        if other is pipeline:
            return  # Of two files, the second is told.
        for name in disputed:
            one, first = pipeline.connections[name], other.connections.get(name)
            if first is not None and first.engine != one.engine:
                where = f"{first.span.source.name}, line {first.span.line}"
                report.add(OtherEngine(one.span, name, one.engine, first.engine, where))


@diagnostic
class OtherEngine(Diagnostic):
    """A connection is known to the engine by its name alone: one name is one database.

    In Airflow it is the Connection of that name, whichever file asks for it.
    """

    code = "P127"
    title = "Two databases of one name"
    message = "`{name}` is {engine} here, and {first} in {where}"
    help = "give one of them another name"
    fails = """
        pipeline: shop
        connections: {db: postgres}
        activities: {}
        # file: stock.pipe.yaml
        pipeline: stock
        connections: {db: mysql}    # P127 db
        activities: {}
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        activities: {}
        # file: stock.pipe.yaml
        pipeline: stock
        connections: {stock_db: mysql}
        activities: {}
        """

    name: str
    engine: str
    first: str
    where: str
