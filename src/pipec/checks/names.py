"""Every reference names something, and something of the right sort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed, nearest
from pipec.fields.key import keys
from pipec.fields.scalars import a
from pipec.ir import Pipeline
from pipec.links import SORTS, Found, Links
from pipec.values import Flow, Ref


def check_names(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each reference of `pipeline` that leads nowhere or to the wrong sort of thing."""
    if pipeline.default_schedule is not None:
        _check(pipeline, links, pipeline.default_schedule, "schedule", report)
    for section in SECTIONS:
        for one in getattr(pipeline, section).values():
            for ref, sort in _references(one):
                _check(pipeline, links, ref, sort, report)
    for activity in pipeline.activities.values():
        for ref in activity.flow.outputs:
            found = links.datanode(pipeline, ref)
            if found is not None and found.pipeline is not pipeline:
                own = f"{pipeline.name}.{found.thing.name}"
                report.add(OutputAbroad(ref.span, ref.name, own))


def dangling(pipeline: Pipeline, links: Links) -> bool:
    """Whether a reference leads to what was left out: to what has mistakes, or no value yet."""
    if links.whole and not any(one.missing for one in pipeline.params.values()):
        return False
    return any(
        _target(pipeline, links, ref, sort) is not _FOUND
        for section in SECTIONS
        for one in getattr(pipeline, section).values()
        for ref, sort in _references(one)
    )


SECTIONS = ("notifications", "resources", "datanodes", "activities")


def _references(value: Any) -> Iterator[tuple[Ref, str]]:
    """Every reference in an object, with the sort of thing that it must name."""
    cls: type = type(value)
    for field in keys(cls).values():
        yield from _in_field(getattr(value, field.attribute), field.type.sort)
    if hasattr(value, "kind"):
        yield from _references(value.kind)


def _in_field(held: Any, sort: str) -> Iterator[tuple[Ref, str]]:
    match held:
        case Ref():
            yield held, sort
        case Flow():
            for one in held.inputs:
                yield one.ref, "datanode"
            for ref in held.outputs:
                yield ref, "datanode"
        case tuple() if sort:
            for one in held:
                yield from _in_field(one, sort) if isinstance(one, Ref) else _references(one)
        case _ if sort == "notification" and hasattr(held, "values"):
            for refs in held.values():
                yield from _in_field(refs, sort)
        case _ if sort == "connection" and held is not None:
            yield held.connection, sort


def _check(pipeline: Pipeline, links: Links, ref: Ref, sort: str, report: Report) -> None:
    target = _target(pipeline, links, ref, sort)
    if target is _FOUND or target is _LEFT_OUT:
        return
    other, dot, rest = ref.name.partition(".")
    if dot and other not in links.project and sort in ABROAD:
        has = [name for name in links.project if name != pipeline.name]
        there = f"the other pipelines are {listed(has)}" if has else "there is no other pipeline"
        meant = nearest(other, has) if other not in links.beside else ""
        near = f"did you mean `{meant}.{rest}`?" if meant else links.not_read(other) or there
        report.add(UnknownName(ref.span, sort, ref.name[:60], near))
        return
    if dot and sort in ABROAD:
        own = getattr(links.project[other], SORTS[sort])
        has = [f"{other}.{name}" for name in own]
        meant = nearest(rest, own)
        near = f"did you mean `{other}.{meant}`?" if meant else _there_are(sort, has)
    else:
        has = list(getattr(pipeline, SORTS[sort]))
        near = did_you_mean(ref.name, has, _there_are(sort, has))
    if isinstance(target, Found):
        abroad = target.pipeline is not pipeline
        if target.sort == sort:
            near = f"of another file, only {_plural(ABROAD)} can be named"
        found = a(target.sort) + (" of another file" if abroad else "")
        if ref.name not in has:  # Else two bear the name, which is told where they get it.
            report.add(WrongSort(ref.span, ref.name, found, a(sort), near))
        return
    copies = [name for name in has if name.startswith(f"{ref.name}.")]
    if copies:
        near = f"`{ref.name}` is a matrix; name one of its copies, such as `{copies[0]}`"
    report.add(UnknownName(ref.span, sort, ref.name[:60], near))


ABROAD = ("datanode", "activity")
"""The sorts of things that other files of a project may name, as `pipeline.name`."""


class _Target(Enum):
    FOUND = "something of the right sort"
    LEFT_OUT = "something with a mistake of its own"
    NOTHING = "nothing"


_FOUND, _LEFT_OUT, _NOTHING = _Target


def _target(pipeline: Pipeline, links: Links, ref: Ref, sort: str) -> _Target | Found:
    """What a reference leads to; the thing itself when it is of the wrong sort."""
    if _left_out(ref.name, pipeline) or _valueless(ref, pipeline):
        return _LEFT_OUT
    found = links.find(pipeline, ref.name)
    if found is not None:
        abroad = found.pipeline is not pipeline
        return _FOUND if found.sort == sort and (not abroad or sort in ABROAD) else found
    if sort == "activity" and links.activities(pipeline, ref.name):
        return _FOUND
    other, dot, rest = ref.name.partition(".")
    if dot and other in links.unread:
        return _LEFT_OUT
    if dot and other in links.project and _left_out(rest, links.project[other]):
        return _LEFT_OUT
    return _NOTHING


def _left_out(name: str, pipeline: Pipeline) -> bool:
    return name in pipeline.broken or name.partition(".")[0] in pipeline.broken


def _valueless(ref: Ref, pipeline: Pipeline) -> bool:
    """Whether the name rests on a parameter without a value."""
    return "${{" in ref.span.text and any(
        one.missing and one.name in ref.span.text for one in pipeline.params.values()
    )


def _plural(sorts: Iterable[str]) -> str:
    return " and ".join("activities" if sort == "activity" else f"{sort}s" for sort in sorts)


def _there_are(sort: str, names: list[str]) -> str:
    if not names:
        return f"the pipeline has no {_plural([sort])} at all; they stand under `{SORTS[sort]}:`"
    return f"the {_plural([sort])} are {listed(names)}"


@diagnostic
class UnknownName(Diagnostic):
    """A reference is the name of something in the same file, or `pipeline.name` for another file."""

    code = "P118"
    title = "Unknown name"
    message = "there is no {sort} `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          load: {shell: echo load, schedule: daily}
          mail:
            shell: echo mail
            schedule: daily
            after: laod    # P118 laod
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          load: {shell: echo load, schedule: daily}
          mail:
            shell: echo mail
            schedule: daily
            after: load
        """

    sort: str
    name: str
    near: str


@diagnostic
class WrongSort(Diagnostic):
    """The name exists, but it stands for something of another sort than this field takes."""

    code = "P119"
    title = "Wrong sort of thing"
    message = "`{name}` is {found}, and {sort} is expected here"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          mail:
            shell: echo mail
            schedule: daily
            runs_on: daily    # P119 daily
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        resources: {office: workers edge onprem}
        activities:
          mail:
            shell: echo mail
            schedule: daily
            runs_on: office
        """

    name: str
    found: str
    sort: str
    near: str


@diagnostic
class OutputAbroad(Diagnostic):
    """A datanode is made where it is declared; other files can read it.

    So its instances follow from one file, whatever else the project holds.
    """

    code = "P126"
    title = "Output in another file"
    message = "`{name}` is declared in another file, so it cannot be made here"
    help = "declare it here; the other file can read it as `{own}`"
    fails = """
        pipeline: shop
        datanodes: {orders: s3 s3://shop/orders/}
        # file: load.pipe.yaml
        pipeline: load
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          load:
            shell: ./load
            flow: -> shop.orders    # P126 shop.orders
            schedule: daily
        """
    fixed = """
        pipeline: load
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        datanodes: {orders: s3 s3://shop/orders/}
        activities:
          load:
            shell: ./load
            flow: -> orders
            schedule: daily
        """

    name: str
    own: str
