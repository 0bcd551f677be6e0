"""Laws that hold of the plan of every pipeline, and the same plan computed in another way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, islice, pairwise

from hypothesis import given, settings

from pipec.compiler import Front
from pipec.diagnostic import Diagnostic
from pipec.plan import Instance, instances, plan
from tests.plan.definition import Step, cuts, meeting, needs
from tests.plan.random_pipelines import Random, Read, pipelines
from tests.reading import read

Place = tuple[int, Read]
"""The number of an activity, and one of its inputs."""


@dataclass(frozen=True)
class Planned:
    """A pipeline without the inputs that are refused, its plan, and where it was warned of."""

    of: Random
    plan: list[Instance]
    warned: set[Place]


def planned(of: Random) -> Planned:
    front, said = checked(of)
    if refused := {place_of(one, of) for one in said if one.severity == "error"}:
        objects = tuple(
            replace(one, reads=tuple(it for it in one.reads if (number, it) not in refused))
            for number, one in enumerate(of.objects)
        )
        of = replace(of, objects=objects)
        front, said = checked(of)
        assert not [one for one in said if one.severity == "error"]
    graphs = [graph for one in front.checked for graph in plan(one, front.links)]
    made = list(instances(graphs, front.links, of.begin, of.end))
    return Planned(of, made, {place_of(one, of) for one in said if one.code == "P311"})


def checked(of: Random) -> tuple[Front, list[Diagnostic]]:
    """What is said of a pipeline, which is at worst that an input cannot be read so."""
    front, said = read({"shop.pipe.yaml": of.text})
    assert {one.code for one in said if one.severity == "error"} <= {"P309", "P310"}
    return front, said


def place_of(said: Diagnostic, of: Random) -> Place:
    above = of.text.splitlines()[: said.span.line]
    number = int(next(it[1] for line in reversed(above) if (it := re.match(r"  a(\d+):", line))))
    [found] = [it for it in of.objects[number].reads if str(it) == said.span.text]
    return number, found


@given(pipelines())
@settings(max_examples=60)
def test_the_plan_is_what_the_definition_says(random: Random) -> None:
    found = planned(random)
    made = [(it.name, it.start, it.end, it.due, it.needs, it.dropped) for it in found.plan]
    assert sorted(made) == sorted(defined(found.of))
    assert [it.due for it in found.plan] == sorted(it.due for it in found.plan)


Row = tuple[str, datetime, datetime, datetime, tuple[tuple[str, datetime], ...], int]


def defined(of: Random) -> Iterator[Row]:
    """The instances of all activities, datanodes and preconditions."""
    for number, it in enumerate(of.objects):
        schedule = of.schedule(number)
        for start, end in schedule.inside(of.begin, of.end):
            when = start, end, schedule.due((start, end))
            above: tuple[tuple[str, datetime], ...] = ()
            if not it.given:
                found = [
                    (one.name, *needs(schedule, of.schedule(one.number), one.window, (start, end)))
                    for one in sorted(it.reads, key=lambda one: one.after)
                ]
                needed = [(name, begin) for name, wanted, _ in found for begin, _ in wanted]
                yield f"a{number}", *when, tuple(needed), sum(it[2] for it in found)
                above = ((f"a{number}", start),)
            if it.checked:
                yield f"d{number}.not_empty", *when, above, 0
                above = ((f"d{number}.not_empty", start),)
            yield f"d{number}", *when, above, 0


@given(pipelines())
@settings(max_examples=60)
def test_laws(random: Random) -> None:
    """Needs are instances of the plan, rollups tile their interval, nothing waits without warning."""
    first = min(it.start for it in random.schedules.values())
    found = planned(replace(random, begin=first))
    made = {(it.name, it.start): it for it in found.plan}
    place = {key: number for number, key in enumerate(made)}
    for one in found.plan:
        for name, group in groupby(one.needs, key=lambda it: it[0]):
            keys = list(group)
            needed = [made[it] for it in keys if it in made]
            # What is left out of the plan is made after it.
            assert len(needed) == len(keys) or random.end - keys[-1][1] < random.longest
            given = [(number, it) for number, it in inputs(found.of, one) if it.name == name]
            if not given:
                assert [(it.start, it.end) for it in needed] == [(one.start, one.end)]
            for number, it in given:
                own, other = found.of.schedule(number), found.of.schedule(it.number)
                assert (number, it) in found.warned or all(it.due <= one.due for it in needed)
                if it.window == (0, 0) and meeting(own, other) == "finer" and not one.dropped:
                    assert [needed[0].start, needed[-1].end] == [one.start, one.end]
                    assert all(a.end == b.start for a, b in pairwise(needed))
        for key in one.needs:
            # Of what is due at the same time, what is needed stands before what needs it.
            if key in made and made[key].due == one.due and made[key].schedule == one.schedule:
                assert place[key] < place[one.name, one.start]


def inputs(of: Random, one: Instance) -> list[Place]:
    number = int(one.name[1:].partition(".")[0])
    return [(number, it) for it in of.objects[number].reads] if one.kind == "activity" else []


@given(pipelines())
@settings(max_examples=60)
def test_what_is_refused_and_warned_of(random: Random) -> None:
    """Refused is what has no exact meaning; warned of is what waits, and nothing that does not."""
    said = {place_of(it, random): it.code for it in checked(random)[1] if it.code != "P224"}
    for number, one in enumerate(random.objects):
        own = random.schedule(number)
        some = list(islice(own.inside(own.start, own.start + 12 * random.longest), 200))
        for it in one.reads:
            other, code = random.schedule(it.number), said.get((number, it))
            if not meeting(own, other) or code == "P309":
                assert code == "P309"
                assert not meeting(own, other) or own.cron or other.cron
            elif isinstance(it.window, Step) and any(
                cuts(own, other, it.window, of) for of in some
            ):
                assert code == "P310"
            elif code != "P310":
                needed = [(of, needs(own, other, it.window, of)[0]) for of in some]
                late = any(other.due(each) > own.due(of) for of, many in needed for each in many)
                assert not late or code == "P311"
                if not own.ends and not other.ends:
                    assert late or not code


@given(pipelines())
@settings(max_examples=60)
def test_what_is_advised_helps(random: Random) -> None:
    """The schedules and windows that a message names: written instead, they are not complained of."""
    for one in checked(random)[1]:
        if one.code == "P224":
            continue
        place = place_of(one, random)
        advised = re.findall(r"`(.+?)`", one.hint())
        assert advised or place[1].after or random.schedule(place[1].number).is_once
        if one.code == "P309":
            for name, schedule in zip(advised[::2], advised[1::2], strict=True):
                text = re.sub(rf"(?m)^  {name}: .*$", f"  {name}: {schedule}", random.text)
                assert "P309" not in said_of(text, place[0], str(place[1]))
        elif advised:
            window = rf"(?m)(^  a{place[0]}:(?:\n    .*)*\W){re.escape(str(place[1]))}(?=,| ->|$)"
            if not place[1].after:
                text, many = re.subn(window, rf"\1{advised[0]}", random.text)
                assert many == 1
                assert not said_of(text, place[0], advised[0])


def said_of(text: str, number: int, words: str) -> list[str]:
    """The codes of what is said of these words in an activity."""
    begin = text.index(f"  a{number}:")
    end = text.find(f"  a{number + 1}:")
    _, found = read({"shop.pipe.yaml": text})
    inside = range(begin, end if end > 0 else len(text))
    return [one.code for one in found if one.span.text == words and one.span.start in inside]
