"""What an activity says of the instances that it reads: their places and their dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pipec.checks.instances import has_instances, reads_others
from pipec.diagnostic import Report
from pipec.expression.tree import Name, walk
from pipec.expression.types import DATETIME, Type
from pipec.frozen import frozen
from pipec.grid import PLAIN, Window, relation
from pipec.links import Found, texts
from pipec.plan import Need
from pipec.scope import READ_FIELDS, Scope, read_field
from pipec.targets.airflow.edges import Edges
from pipec.targets.airflow.expression import Each, Moment
from pipec.targets.airflow.timetable import in_zone, interval_of_run

if TYPE_CHECKING:
    from pipec.targets.airflow.work import Work


@frozen
class Reads:
    """The inputs of one activity, and the Dag whose functions name their instances."""

    work: Work
    edges: Edges

    def moment(self) -> Moment:
        """The moment of the work, knowing also what its texts ask of its inputs."""
        known: dict[str, tuple[str, Type]] = {}
        lists: dict[str, Each] = {}
        for path, found, field in self._asked():
            if READ_FIELDS[field] == DATETIME:
                known[path] = self._edge(found, field) + self._zone, DATETIME
            else:
                lists[path] = self.each(found, places=field == "paths")
        return replace(self.work.moment, known=known, lists=lists)

    def several(self, found: Found) -> bool:
        """Whether other instances than the activity's own are read, and each is another place."""
        return has_instances(found.thing) and self._others(found)

    def each(self, found: Found, *, places: bool) -> Each:
        """The instances of a datanode that are read: their places, or when they start."""
        moment, schedule = self.work.moment, self.work.links.schedule(found)
        if self._others(found) and schedule is not None:
            zone = in_zone(schedule.grid)
            moment = replace(moment, start=f"start{zone}", end=f"end{zone}")
        place = None
        if places:
            there = replace(self.work.of(found), moment=moment)
            place = there.resolved(found.thing.kind.place)
        return Each(self._intervals(found), place, moment)

    def _asked(self) -> Iterator[tuple[str, Found, str]]:
        """The names in the texts of the activity that ask for instances of an input."""
        scope = Scope(self.work.pipeline, self.work.links, self.work.thing)
        for text in texts(self.work.thing):
            for splice in text.splices:
                for name in walk(splice.expr):
                    if isinstance(name, Name) and name.parts[0] in ("input", "inputs"):
                        lead = scope.leads_to(name, splice.at, Report())
                        if lead is not None and (field := read_field(name, lead)):
                            yield ".".join(name.parts), lead[0], field

    def span(self, found: Found) -> tuple[str, str]:
        """When the first instance that is read starts and the last one ends, in UTC."""
        grid, schedule = self.edges.starts.consumer, self.work.links.schedule(found)
        if schedule is not None and self._others(found):
            finer = relation(grid, schedule.grid) == "finer"
            if not (finer and self._window(found) == PLAIN):  # Else they are the run's interval.
                return self._edge(found, "start"), self._edge(found, "end")
        return interval_of_run(grid)

    def _edge(self, found: Found, field: str) -> str:
        """When the first instance starts, or the last one ends; the run's start if there is none."""
        need, (start, end) = self._need(found), interval_of_run(self.edges.starts.consumer)
        if need is None:
            return start if field == "start" else end
        place = "[0]" if field == "start" else "[1]"
        return f"{self.edges.span(need).text}({start}, {end}){place}"

    @property
    def _zone(self) -> str:
        return in_zone(self.edges.starts.consumer)

    def _intervals(self, found: Found) -> str:
        """The code of the intervals that are read; empty for that of the run alone."""
        need, run = self._need(found), interval_of_run(self.edges.starts.consumer)
        return f"{self.edges.intervals(need).text}({', '.join(run)})" if need is not None else ""

    def _need(self, found: Found) -> Need | None:
        """The instances of a datanode that are read; None for that with the run's own interval."""
        schedule = self.work.links.schedule(found)
        if schedule is None or not self._others(found):
            return None
        return Need(
            pipeline=found.pipeline.name, schedule=schedule.name, name=found.thing.name,
            window=self._window(found), span=self.work.span,
        )  # fmt: skip

    def _window(self, found: Found) -> Window:
        links, inputs = self.work.links, self.work.thing.flow.inputs
        windows = (
            one.window
            for one in inputs
            if (node := links.datanode(self.work.pipeline, one.ref)) and node.key == found.key
        )
        return next(windows, PLAIN)

    def _others(self, found: Found) -> bool:
        work = self.work
        return reads_others(work.thing, found, work.pipeline, work.links)
