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
    return ET.fromstring(timeline(instances))


def texts(picture: ET.Element, dim: bool) -> list[str]:
    return [
        it.text or ""
        for it in picture.iter(f"{SVG}text")
        if (it.get("class") == "dim") == dim and it.text
    ]


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


def test_nothing_at_all_is_a_picture() -> None:
    assert texts(drawn([]), dim=False) == []
