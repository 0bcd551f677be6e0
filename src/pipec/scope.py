"""What names mean in the expressions of an object: their types, and what stands for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.expression.tree import Name, Place
from pipec.expression.types import DATES, DATETIME, INT, OBJECT, PATHS, STRING, Type, type_named
from pipec.facets import Files
from pipec.frozen import frozen
from pipec.ir import Activity, Connection, Datanode, Param, Pipeline, Resource
from pipec.links import Found, Links
from pipec.values import Text

RUN_FIELDS = {"id": STRING, "attempt": INT, "due": DATETIME}
"""What an expression may ask of `run`."""

NODE_FIELDS = {"name": STRING, "kind": STRING, "status": STRING, "error": STRING, "log": STRING}
"""What a notification may ask of the `node` that it is about, besides its own fields."""


READ_FIELDS = {"paths": PATHS, "starts": DATES, "start": DATETIME, "end": DATETIME}
"""What an expression may ask of the instances that an input reads: their paths, when each starts,
when the first starts and the last ends."""


_START, _END = "here this is `start`", "here this is `end`"
OF_AIRFLOW = {
    "data_interval_start": _START,
    "logical_date": _START,
    "execution_date": _START,
    "ts": _START,
    "data_interval_end": _END,
    "next_execution_date": _END,
    "ds": "here this is `start:%Y-%m-%d`",
    "ds_nodash": "here this is `start:%Y%m%d`",
    "next_ds": "here this is `end:%Y-%m-%d`",
    "run_id": "here this is `run.id`",
}
"""What templates of Airflow call something that has a name of its own here."""


@frozen
class Scope:
    """The names that the texts of one object may use.

    `timed` says whether instances of the object have an interval; `told` is true for the texts
    of a notification, where `node` is whatever the message is about.
    """

    pipeline: Pipeline
    links: Links
    owner: Any = None
    timed: bool = True
    told: bool = False

    def type_of(self, name: Name, at: Place, report: Report) -> Type | None:
        """The type of what `name` stands for; None, and a diagnostic, when it is not known."""
        first = name.parts[0]
        if first in ("start", "end"):
            if not self.timed and not self.told:
                help_ = _OF_OTHERS.get(type(self.owner), _GIVE_ONE)
                report.add(NoInterval(at(*name.part(0)), first, help_))
                return None
            return DATETIME if len(name.parts) == 1 else self._no_field(name, (), at, report)
        if first == "run":
            return self._field(name, RUN_FIELDS, at, report)
        if first == "node" and self.told:
            return self._field(name, NODE_FIELDS, at, report)
        param = self.pipeline.params.get(first)
        if param is not None:
            return self._param(param, name, at, report)
        lead = self.leads_to(name, at, report)
        if lead is None:
            return None
        found, depth = lead
        if len(name.parts) == depth:
            return OBJECT
        fields = fields_of(found.thing)
        if ".".join(name.parts[depth:]) in fields:
            return STRING
        if field := read_field(name, lead):
            return READ_FIELDS[field]
        asked = READ_FIELDS if first in ("input", "inputs") else {}
        return self._no_field(name, (*fields, *asked), at, report)

    def leads_to(self, name: Name, at: Place, report: Report) -> tuple[Found, int] | None:
        """The object that a name starts with, and how many parts lead there.

        None, and a diagnostic, when there is none.
        """
        first = name.parts[0]
        if first in ("self", "node"):
            if isinstance(self.owner, (Activity, Datanode)):
                sort = "activity" if isinstance(self.owner, Activity) else "datanode"
                return Found(sort, self.owner, self.pipeline), 1
            report.add(NotHere(at(*name.part(0)), first, "an activity or a datanode"))
            return None
        if first in ("input", "output", "inputs", "outputs"):
            return self._linked(name, at, report)
        for depth in range(1, min(len(name.parts), 3) + 1):
            found = self.links.find(self.pipeline, ".".join(name.parts[:depth]))
            if found is not None and found.sort != "parameter":
                return found, depth
        if first not in self.pipeline.broken and first not in self.links.unread:
            known = [
                "start", "end", "run", "self", "input", "output",
                *self.pipeline.params, *self.pipeline.datanodes, *self.pipeline.activities,
            ]  # fmt: skip
            otherwise = "declare it under `params:`, or name an object"
            near = OF_AIRFLOW.get(first) or did_you_mean(first, known, otherwise)
            if first in self.links.beside and len(name.parts) > 1:
                near = self.links.not_read(first)
            report.add(UnknownValue(at(*name.part(0)), first, near))
        return None

    def _linked(self, name: Name, at: Place, report: Report) -> tuple[Found, int] | None:
        first = name.parts[0]
        if not isinstance(self.owner, Activity):
            report.add(NotHere(at(*name.part(0)), first, "an activity"))
            return None
        flow = self.owner.flow
        refs = [one.ref for one in flow.inputs] if "input" in first else list(flow.outputs)
        if not refs and self.owner.name in self.pipeline.damaged:
            return None  # Its flow may be what was reported.
        found = [(ref, one) for ref in refs if (one := self.links.datanode(self.pipeline, ref))]
        if first in ("input", "output"):
            if len(found) == 1 == len(refs):
                return found[0][1], 1
            if len(found) == len(refs):  # Else one of them was reported.
                names = [f"`{first}s.{ref.name}`" for ref in refs]
                report.add(
                    WhichOne(at(*name.part(0)), first, str(len(refs) or "none"), " or ".join(names))
                )
            return None
        if len(name.parts) < 2:
            report.add(NotHere(at(*name.part(0)), first, "the name of one of them after a dot"))
            return None
        for ref, one in found:
            parts = tuple(ref.name.split("."))
            if name.parts[1 : 1 + len(parts)] == parts:
                return one, 1 + len(parts)
        names = [ref.name for ref in refs]
        if name.parts[1] in names:
            return None  # It is read or written, and was reported as nothing that is there.
        near = did_you_mean(name.parts[1], names, f"there are {listed(names)}")
        near = near if names else "the activity has none"
        report.add(UnknownValue(at(*name.part(1)), name.parts[1], near))
        return None

    def _param(self, param: Param, name: Name, at: Place, report: Report) -> Type | None:
        if len(name.parts) > 1:
            return self._no_field(name, (), at, report)
        return type_named(param.type) or STRING

    def _field(
        self, name: Name, fields: Mapping[str, Type], at: Place, report: Report
    ) -> Type | None:
        if len(name.parts) == 1:
            return OBJECT
        if len(name.parts) == 2 and name.parts[1] in fields:
            return fields[name.parts[1]]
        return self._no_field(name, tuple(fields), at, report)

    def _no_field(
        self, name: Name, fields: tuple[str, ...], at: Place, report: Report
    ) -> Type | None:
        last = len(name.parts) - 1
        has = f"it has {listed(fields)}" if fields else "it has no fields"
        near = did_you_mean(name.parts[-1], fields, has)
        report.add(
            UnknownField(at(*name.part(last)), ".".join(name.parts[:-1]), name.parts[-1], near)
        )
        return None


def read_field(name: Name, lead: tuple[Found, int]) -> str:
    """What a name asks of the instances that an input reads; empty when it asks for anything else.

    `lead` is what the name starts with. Fields of its own come first.
    """
    found, depth = lead
    field = name.parts[-1]
    if name.parts[0] not in ("input", "inputs") or len(name.parts) != depth + 1:
        return ""
    if field not in READ_FIELDS or field in fields_of(found.thing):
        return ""
    return field if field != "paths" or isinstance(found.thing.kind, Files) else ""


def fields_of(thing: Any) -> dict[str, Text]:
    """What expressions may ask of an object: its name, its kind's fields, its own `vars`."""
    found = {"name": Text((thing.name,))}
    found.update(getattr(getattr(thing, "kind", None), "fields", {}))
    found.update(getattr(thing, "vars", {}))
    return found


@diagnostic
class UnknownValue(Diagnostic):
    """An expression uses `start`, `end`, `run`, parameters, and the names of objects."""

    code = "P120"
    title = "Unknown value"
    message = "nothing is called `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo ${{ strat }}    # P120 strat
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo ${{ start }}
        """

    name: str
    near: str


@diagnostic
class UnknownField(Diagnostic):
    """Objects have fields that expressions can ask for, such as `path` and `table`, and their `vars`."""

    code = "P121"
    title = "Unknown field"
    message = "`{owner}` has no field `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/}
        activities:
          mail:
            shell: echo ${{ input.pat }}    # P121 pat
            flow: orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/}
        activities:
          mail:
            shell: echo ${{ input.path }}
            flow: orders
        """

    owner: str
    name: str
    near: str


@diagnostic
class NoInterval(Diagnostic):
    """`start` and `end` are those of an instance's interval, and only a schedule gives intervals."""

    code = "P303"
    title = "No interval"
    message = "`{name}` is used, but nothing says on which schedule this is"
    help = "{help_}"
    fails = """
        pipeline: shop
        datanodes:
          orders: s3 s3://shop/${{ start:%Y }}/    # P303 start
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: s3 s3://shop/${{ start:%Y }}/
        """

    name: str
    help_: str


_GIVE_ONE = "give it a `schedule`, or set one under `defaults:`"
_OF_OTHERS: dict[type, str] = {
    Resource: "a machine serves work of several intervals: let the work on it say which is its own",
    Connection: "a connection is the same in every interval: let what uses it say which is its own",
}


@diagnostic
class NotHere(Diagnostic):
    """Some names only mean something in the texts of certain objects."""

    code = "P122"
    title = "Name without meaning here"
    message = "`{name}` has no meaning here; it needs {where}"
    fails = """
        pipeline: shop
        datanodes:
          orders: s3 ${{ input.path }}/orders/    # P122 input
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders: s3 s3://shop/orders/
        """

    name: str
    where: str


@diagnostic
class WhichOne(Diagnostic):
    """`input` and `output` stand for the only input or output of an activity."""

    code = "P123"
    title = "Which one?"
    message = "`{name}` is not clear: the activity has {many} of them"
    help = "{choices}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/, stock: s3 s3://shop/stock/}
        activities:
          mail:
            shell: echo ${{ input.path }}    # P123 input
            flow: orders, stock
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: s3 s3://shop/orders/, stock: s3 s3://shop/stock/}
        activities:
          mail:
            shell: echo ${{ inputs.orders.path }}
            flow: orders, stock
        """

    name: str
    many: str
    choices: str

    def hint(self) -> str:
        """The choices, or how to get one."""
        return f"write {self.choices}" if self.choices else "give the activity a `flow`"
