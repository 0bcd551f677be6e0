"""Edges that cross schedules: a sensor on exactly the instances that the plan names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from pipec.frozen import frozen
from pipec.grid import Counted, Cron, Every, Grid, Once, OnDemand, Over, Window, relation
from pipec.plan import Need
from pipec.targets.airflow.timetable import first_and_last, step
from pipec.targets.python.values import Attribute, Binary, Call, Name, Value

WAIT = timedelta(days=7)
"""How long an instance of another schedule is waited for."""


@frozen
class Function:
    """A function of one expression, written into the file."""

    name: str
    arguments: tuple[str, ...]
    doc: str
    value: Value


@dataclass
class Starts:
    """The functions that name instances of other schedules, as the waits of a Dag ask for them."""

    consumer: Grid
    consumer_name: str
    functions: dict[str, Function] = field(default_factory=dict)
    macros: dict[str, Name] = field(default_factory=dict)
    """Those of the functions that templates call."""

    def intervals(self, name: str, need: Need, producer: Grid) -> Name:
        """The function of (start, end), for templates, that gives the intervals of `name`.

        Its instances are there when those of `need` are complete.
        """
        starts = Call(self.of(need, producer), (Name("start"), Name("end")))
        moments = isinstance(producer, Once | OnDemand)
        ends: tuple[Value, ...] = () if moments else (self._start_of(need.schedule, producer),)
        value = Call(Name("intervals", "helpers.intervals"), (starts, *ends))
        base = f"{name}_intervals".replace(".", "_")
        doc = f"When each instance of `{name}` that a run reads starts and ends."
        return self._function(base, ("start", "end"), doc, value)

    def span(self, name: str, need: Need, producer: Grid) -> Name:
        """The function of (start, end), for templates, that gives when the first one starts, the last ends."""
        run = Name("start"), Name("end")
        intervals = Call(self.intervals(name, need, producer), run)
        value = Call(Name("span_of", "helpers.span_of"), (intervals, run[0]))
        doc = f"When what a run reads of `{name}` starts and ends."
        return self._function(f"{name}_span".replace(".", "_"), ("start", "end"), doc, value)

    def macro(self, function: Name) -> Name:
        """The same function, which templates can call from now on."""
        self.macros[function.text] = function
        return function

    def of(self, need: Need, producer: Grid) -> Name:
        """The function of (start, end) that gives the starts of the instances of `need`."""
        value, doc = self._value(need, producer)
        base = f"{need.name}_starts".replace(".", "_")
        return self._function(base, ("start", "end"), doc, value)

    def _value(self, need: Need, producer: Grid) -> tuple[Value, str]:
        if isinstance(producer, Once):
            return [producer.start], f"The only instance of `{need.name}`."
        first, last = first_and_last(producer)
        assert first is not None
        bounds: dict[str, Value] = {"first": first}
        if last is not None:
            bounds["last"] = last
        start_of = self._start_of(need.schedule, producer)
        window = need.window
        if isinstance(window, Over):
            end = self._end()
            since: Value = _before(end, window, getattr(self.consumer, "zone", "UTC"))
            doc = f"The instances of `{need.name}` in the {window.period} up to the end of the run's interval."
            return self._inside(start_of, since, end, bounds), doc
        if isinstance(self.consumer, Every | Cron) and relation(self.consumer, producer) == "finer":
            since = Name("start") if window.first == 0 else self._own(window.first)
            until = self._end() if window.last == 0 else self._own(window.last + 1)
            doc = f"The instances of `{need.name}` within {_words(window, self.consumer_name)}."
            return self._inside(start_of, since, until, bounds), doc
        counted = Name("starts_counted", "helpers.starts_counted")
        doc = f"The instances of `{need.name}` {_counted(window)}."
        return Call(counted, (start_of, Name("start"), window.first, window.last), bounds), doc

    @staticmethod
    def _inside(start_of: Name, since: Value, until: Value, bounds: dict[str, Value]) -> Call:
        return Call(
            Name("starts_inside", "helpers.starts_inside"), (start_of, since, until), bounds
        )

    def _end(self) -> Value:
        """The end of the run's interval: what is due at its start has none in Airflow."""
        if isinstance(self.consumer, Every | Cron) and self.consumer.at == "start":
            return self._own(1)
        return Name("end")

    def _own(self, n: int) -> Call:
        """The start of the interval that is n after the run's own."""
        return Call(self.own_start_of(), (Name("start"), n))

    def own_start_of(self) -> Name:
        """The function that gives the starts of intervals of the Dag's own schedule."""
        return self._start_of(self.consumer_name, self.consumer)

    def _start_of(self, schedule: str, grid: Grid) -> Name:
        """The function that gives the start of the n-th interval from a time on."""
        name = f"start_on_{schedule}"  # No helper has such a name; one is called `month_start`.
        time, n = Name("time"), Name("n")
        if isinstance(grid, Once):
            return self._function(
                name, ("time", "n"), f"The only time of `{schedule}`.", grid.start
            )
        if isinstance(grid, Cron):
            helper = Name("cron_start", "helpers.cron_start")
            value: Value = Call(helper, (grid.expression, grid.zone, time, n))
        else:
            assert isinstance(grid, Every)
            if grid.period.months:
                helper = Name("month_start", "helpers.month_start")
                value = Call(helper, (grid.start, grid.period.months, time, n))
            else:
                helper = Name("step_start", "helpers.step_start")
                value = Call(helper, (grid.start, step(grid), time, n))
        doc = f"The start of the interval of `{schedule}` that is n after the one at `time`."
        return self._function(name, ("time", "n"), doc, value)

    def _function(self, base: str, arguments: tuple[str, ...], doc: str, value: Value) -> Name:
        """The name of such a function: `base`, or a number more where that is another's."""
        for number in range(1, 1000):
            name = base if number == 1 else f"{base}_{number}"
            function = Function(name, arguments, doc, value)
            if self.functions.setdefault(name, function) == function:
                return Name(name)
        raise AssertionError("a thousand functions of one name")


def _before(end: Value, window: Over, zone: str) -> Value:
    """The beginning of the window: days and longer are counted on the consumer's clock."""
    period = window.period
    if zone != "UTC" and period.unit not in ("second", "minute", "hour"):
        assert isinstance(end, Name | Call)
        there = Call(Attribute(end, "in_timezone"), (zone,))
        return Call(Attribute(there, "subtract"), (), {f"{period.unit}s": period.count})
    if period.months:
        relativedelta = Name("relativedelta", "dateutil.relativedelta")
        return Binary("-", end, Call(relativedelta, (), {"months": period.months}))
    return Binary("-", end, timedelta(seconds=period.seconds))


def _words(window: Window, schedule: str) -> str:
    if window == Counted():
        return "the run's interval"
    assert isinstance(window, Counted)
    return f"the intervals {window.first} to {window.last} of `{schedule}`"


def _counted(window: Window) -> str:
    assert isinstance(window, Counted)
    if window == Counted():
        return "at the start of the run's interval"
    if window.first == window.last:
        return f"{abs(window.first)} {'before' if window.first < 0 else 'after'} the run's interval"
    return f"from {window.first} to {window.last}, counted from the run's interval"
