"""Every reference names something, and something of the right sort."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean
from pipec.fields.key import keys
from pipec.ir import Pipeline
from pipec.links import SORTS, Links
from pipec.values import Flow, Ref


def check_names(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each reference of `pipeline` that leads nowhere or to the wrong sort of thing."""
    if pipeline.default_schedule is not None:
        _check(pipeline, links, pipeline.default_schedule, "schedule", report)
    for section in ("notifications", "resources", "datanodes", "activities"):
        for one in getattr(pipeline, section).values():
            for ref, sort in _references(one):
                _check(pipeline, links, ref, sort, report)


def _references(value: Any) -> Iterator[tuple[Ref, str]]:
    """Every reference in an object, with the sort of thing that it must name."""
    for field in keys(type(value)).values():
        yield from _in_field(getattr(value, field.attribute), field.type.sort)
    if hasattr(value, "kind") and hasattr(type(value.kind), "__dataclass_fields__"):
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
    if ref.name in pipeline.broken or ref.name.split(".")[0] in pipeline.broken:
        return
    found = links.find(pipeline, ref.name)
    if found is not None and found.sort == sort:
        return
    if found is not None:
        has = _names(pipeline, links, sort)
        hint = did_you_mean(ref.name, has, _there_are(sort, has))
        report.add(WrongSort(ref.span, ref.name, found.sort, sort, hint))
        return
    other, dot, rest = ref.name.partition(".")
    if dot and other in links.project and rest in links.project[other].broken:
        return
    if sort == "activity" and links.activities(pipeline, ref.name):
        return
    copies = [name for name in _names(pipeline, links, sort) if name.startswith(f"{ref.name}.")]
    if copies:
        hint = f"`{ref.name}` is a matrix; name one of its copies, such as `{copies[0]}`"
    else:
        has = _names(pipeline, links, sort)
        if dot and other in links.project:
            has = [f"{other}.{name}" for name in getattr(links.project[other], SORTS[sort])]
        hint = did_you_mean(ref.name, has, _there_are(sort, has))
    report.add(UnknownName(ref.span, sort, ref.name, hint))


def _names(pipeline: Pipeline, links: Links, sort: str) -> list[str]:
    return list(getattr(pipeline, SORTS[sort]))


def _there_are(sort: str, names: list[str]) -> str:
    plural = "activities" if sort == "activity" else f"{sort}s"
    if not names:
        return f"the pipeline has no {plural} at all; they stand under `{SORTS[sort]}:`"
    shown = ", ".join(f"`{name}`" for name in names[:12])
    return f"the {plural} are {shown}{', ...' if len(names) > 12 else ''}"


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
    message = "`{name}` is a {found}, and a {sort} is expected here"
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
