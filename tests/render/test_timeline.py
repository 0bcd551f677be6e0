"""A plan as a picture: who stands where, and which arrows lead where."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest

from pipec.plan import Instance
from pipec.render.timeline import MOST_STEPS, timeline

SVG = "{http://www.w3.org/2000/svg}"
START = datetime(2026, 3, 2, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def instance(
    name: str, start: datetime, length: timedelta, needs: tuple[tuple[str, datetime], ...] = ()
) -> Instance:
    end = start + length
    return Instance(
        name=name, kind="activity", pipeline="shop", schedule="any", start=start, end=end,
        due=end, needs=needs,
    )  # fmt: skip


def drawn(instances: list[Instance]) -> ET.Element:
    return ET.fromstring(timeline(instances, (START, START + 3 * DAY)))


def texts(picture: ET.Element, dim: bool) -> list[str]:
    return [
        it.text or ""
        for it in picture.iter(f"{SVG}text")
        if (it.get("class") == "dim") == dim and it.text
    ]


def ends(arrow: ET.Element) -> tuple[float, float]:
    """Where an arrow begins and ends, from left to right."""
    words = arrow.get("d", "").replace("M", "").replace("C", " ").split()
    return float(words[0]), float(words[-2])


def test_what_is_needed_stands_above() -> None:
    day = instance("sum", START, DAY, (("load", START),))
    picture = drawn(
        [instance("mail", START, DAY, (("sum", START),)), day, instance("load", START, HOUR)]
    )
    assert texts(picture, dim=False) == ["load", "sum", "mail"]


def test_a_circle_through_the_past_has_an_order_too() -> None:
    one = instance("stock", START + DAY, DAY, (("stock", START), ("sales", START)))
    other = instance("sales", START, DAY, (("stock", START - DAY),))
    assert texts(drawn([one, other]), dim=False) == ["sales", "stock"]


def test_in_a_circle_what_is_needed_of_the_same_time_stands_above() -> None:
    days = []
    for start in (START, START + DAY):
        days += [
            instance("a.mk", start, DAY, (("b.y", start - DAY),)),
            instance("a.x", start, DAY, (("a.mk", start),)),
            instance("b.mk", start, DAY, (("a.x", start),)),
            instance("b.y", start, DAY, (("b.mk", start),)),
        ]
    assert texts(drawn(days), dim=False) == ["a.mk", "a.x", "b.mk", "b.y"]


def test_an_arrow_past_a_row_is_beside_those_that_end_there() -> None:
    picture = drawn(
        [
            instance("load", START, DAY),
            instance("sum", START, DAY, (("load", START),)),
            instance("mail", START, DAY, (("load", START), ("sum", START))),
        ]
    )
    [first, past, second] = [ends(it) for it in picture.iter(f"{SVG}path") if it.get("class")]
    assert first == second
    assert past[0] == past[1] != first[0]


def test_no_arrow_up_lies_on_one_down() -> None:
    first = instance("stock", START, DAY, (("sales", START),))
    past = (("stock", START),)
    nodes = [instance("sales", START, DAY), first, instance("sales", START + DAY, DAY, past)]
    picture = drawn([*nodes, instance("stock", START + DAY, DAY, (("sales", START + DAY),))])
    assert texts(picture, dim=False) == ["sales", "stock"]
    [down, up, other] = [ends(it) for it in picture.iter(f"{SVG}path") if it.get("class")]
    assert not {*down, *other} & {*up}


def test_each_need_is_an_arrow_and_those_beyond_the_picture_are_dashed() -> None:
    hours = [instance("load", START + n * HOUR, HOUR) for n in range(24)]
    needs = tuple(("load", START + n * HOUR) for n in range(-3, 24))
    picture = drawn([*hours, instance("sum", START, DAY, (*needs, ("elsewhere", START)))])
    arrows = [it.get("class") for it in picture.iter(f"{SVG}path") if it.get("class")]
    assert arrows.count("need") == 24
    assert arrows.count("need far") == 1


@pytest.mark.parametrize("days", [0.02, 0.5, 1, 2, 7, 31, 400, 4000])
@pytest.mark.parametrize("begin", [START, START + 5 * HOUR + timedelta(minutes=7)])
def test_the_steps_are_round_and_few(days: float, begin: datetime) -> None:
    picture = drawn([instance("load", begin, timedelta(days=days))])
    steps = [text for text in texts(picture, dim=True) if text != "activity"]
    assert 0 < len(steps) <= MOST_STEPS + 1
    assert all(text.endswith(("0", "5")) or text.count("-") == 2 for text in steps)


def test_nothing_at_all_is_a_picture_of_the_time_that_was_asked_for() -> None:
    picture = drawn([])
    assert texts(picture, dim=False) == []
    assert picture.findtext(f"{SVG}title") == "0 instances, 2026-03-02T00:00 .. 2026-03-05T00:00"
