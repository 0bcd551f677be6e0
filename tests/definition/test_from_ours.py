"""Texts of pipelines in the language of AWS Data Pipeline, and back."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipec.definition.from_ours import from_ours
from pipec.definition.names import Chained, Unsaid
from pipec.diagnostic import Report
from pipec.expression.dateformat import LETTERS
from pipec.expression.tree import Name
from pipec.expression.types import Type, Value, type_of
from tests.definition.test_to_ours import bound
from tests.definition.translating import (
    VALUES,
    Ours,
    Theirs,
    comes_to,
    ours,
    read,
    text_of,
    theirs,
)

SAID = {
    "${{ start }}": "#{@scheduledStartTime}",
    "${{ end }}/x": "#{@scheduledEndTime}/x",
    "${{ start:%Y-%m-%d }}": "#{format(@scheduledStartTime,'YYYY-MM-dd')}",
    "${{ start - 1 day:%Y }}": "#{format(minusDays(@scheduledStartTime,1),'YYYY')}",
    # A guide shows a `z` behind some of these, so it is said how they are written.
    "${{ start + 1 month }}": (
        "#{format(plusMonths(@scheduledStartTime,1),\"YYYY-MM-dd'T'HH:mm:ss\")}"
    ),
    "${{ 'at ' + start }}": ("#{'at ' + format(@scheduledStartTime,\"YYYY-MM-dd'T'HH:mm:ss\")}"),
    "${{ day(start + 90 minutes - 2 weeks) }}": (
        "#{day(minusWeeks(plusMinutes(@scheduledStartTime,90),2))}"
    ),
    "${{ day(1 year + start) }}": "#{day(plusYears(@scheduledStartTime,1))}",
    "${{ day(start + -3 hours) }}": "#{day(minusHours(@scheduledStartTime,3))}",
    "${{ day(start - 120 seconds) }}": "#{day(minusMinutes(@scheduledStartTime,2))}",
    "${{ day(plusDays(start, -1)) }}": "#{day(minusDays(@scheduledStartTime,1))}",
    "${{ day(minusDays(start, -1)) }}": "#{day(plusDays(@scheduledStartTime,1))}",
    "${{ day(minusDays(start, count)) }}": "#{day(minusDays(@scheduledStartTime,myCount))}",
    "${{ day(start + span) }}": "#{day(plusPeriod(@scheduledStartTime,mySpan))}",
    "${{ format(start, 'HH') + shop }}": "#{format(@scheduledStartTime,'HH') + myShop}",
    "${{ input.path }}${{ output.table }}": "#{input.directoryPath}#{output.tableName}",
    "${{ key }} ${{ self.color }}": "#{*myKey} #{myColor}",
    "${{ (count + 1) * 2 }}": "#{(myCount + 1) * 2}",
    "${{ -count - (1 - 2 * count) }}": "#{(0 - myCount) - (1 - (2 * myCount))}",
    "${{ 'a' + count + \"b's\" }}": "#{'a' + myCount + \"b's\"}",
    "${{ shop + 'it\\'s \"' }}": "#{myShop + ('it' + \"'\" + 's \"')}",
    "${{ 'x' + days }}": "#{'x' + myDays}",
    "${{ price }}": "#{myPrice}",
    "${{ shop + true + 1.5 }}": "#{myShop + 'true' + '1.5'}",
    # What is known beforehand is text.
    "${{ 7 / 2 }} ${{ 1.5 * 2 }} ${{ makeDate(2026, 2, 3) }} ${{ 'a{b' }}": (
        "3 3.0 2026-02-03T00:00:00 a{b"
    ),
    "${{ day(makeDate(2026, 1, count)) + 1 }}": "#{day(makeDate(2026,1,myCount)) + 1}",
    "${{ midnight(makeDateTime(2026, 1, 2, 3, 4) + span):%d }}": (
        "#{format(midnight(plusPeriod(makeDateTime(2026,1,2,3,4),mySpan)),'dd')}"
    ),
    # Two months run together would be the name of one.
    "${{ start:%m%b }}": (
        "#{format(@scheduledStartTime,'MM') + format(@scheduledStartTime,'MMM')}"
    ),
    "$${{ x }} ${VAR} {{ y }} $VAR": "${{ x }} ${VAR} {{ y }} $VAR",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), SAID.items(), ids=list(SAID))
def test_in_their_language_and_back(text: str, expected: str) -> None:
    found, said = theirs(text)
    assert (found, said) == (expected, [])
    again, notes = ours(found)
    assert not any(note.decide for note in notes)
    assert text_of(again) == text_of(text)
    # What has come back once, comes back as it is.
    assert ours(theirs(again)[0])[0] == again


@pytest.mark.parametrize("text", ["${{ start }}", "${{ start - 1 day:%Y/%m }}", "${{ node.name }}"])
def test_in_an_action_the_interval_is_that_of_the_node(text: str) -> None:
    found, said = theirs(text, Ours(through_node=True))
    assert said == []
    assert "node." in found
    assert ours(found, Theirs(told=True)) == (text, [])


VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "functions.json").read_text())


class Bound:
    """The names of a vector, the same in both languages."""

    def __init__(self, values: dict[str, Value]) -> None:
        self.types: dict[str, Type] = {name: type_of(value) for name, value in values.items()}

    through_node = False

    def theirs(self, name: Name) -> Chained | Unsaid | None:
        word = ".".join(name.parts)
        return Chained(word, self.types[word]) if word in self.types else None


@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(vector, id=vector["expr"])
        for group in (VECTORS["functions"], VECTORS["operators"])
        for one in group
        for vector in one["vectors"]
    ],
)
def test_what_the_guide_says_comes_back(vector: dict[str, object]) -> None:
    given = vector.get("bindings")
    values = {name: bound(it) for name, it in given.items()} if isinstance(given, dict) else {}
    text = "${{ " + str(vector["expr"])[2:-1] + " }}"
    report = Report()
    found = from_ours(read(text), Bound(values), report)
    assert report.found == []
    again, notes = ours(found, Theirs(types=Bound(values).types))
    assert not any(note.decide for note in notes)
    assert text_of(again, values) == text_of(text, values)


def test_every_format_letter_comes_back_or_is_refused() -> None:
    for letter in LETTERS:
        found, said = theirs(f"${{{{ start:<%{letter}>%d'x }}}}")
        assert [one.code for one in said] == (["P541"] if letter in "wUW" else [])
        if not said:
            again, _ = ours(found)
            assert text_of(again) == text_of(f"${{{{ start:<%{letter}>%d'x }}}}")


class Chance:
    """Expressions of our language, made by chance."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def moment(self, depth: int) -> str:
        if depth == 0:
            return self.pick(
                "start", "end", "makeDate(2026, 1, 31)", "makeDateTime(2024, 2, 29, 1, 2)"
            )
        inside = self.moment(depth - 1)
        unit = self.pick("minute", "hour", "day", "week", "month", "year")
        return self.pick(
            f"{inside} {self.pick('+', '-')} {self.random.randint(0, 40)} {unit}s",
            f"{self.pick('plus', 'minus')}{unit.title()}s({inside}, {self.number(depth - 1)})",
            f"{self.pick('midnight', 'yesterday', 'sunday', 'firstOfMonth')}({inside})",
            f"plusPeriod({inside}, span)",
            f"({inside})",
        )

    def number(self, depth: int) -> str:
        if depth == 0:
            return self.pick("count", "1", "2", "30", "-4", "0")
        one, other = self.number(depth - 1), self.number(depth - 1)
        return self.pick(
            f"{one} {self.pick('+', '-', '*')} {other}",
            f"({one}) {self.pick('-', '*')} ({other})",
            f"({one}) / {self.random.randint(1, 9)}",
            f"-({one})",
            f"{self.pick('year', 'month', 'day', 'dayOfYear', 'hour', 'minute')}({self.moment(depth - 1)})",
        )

    def text(self, depth: int) -> str:
        if depth == 0:
            return self.pick("shop", "input.path", "'it\\'s'", "' a-b '", '"say \\"it\'s\\""', "''")
        return self.pick(
            f"{self.text(depth - 1)} + {self.text(depth - 1)}",
            f"{self.text(depth - 1)} + ({self.number(depth - 1)})",
            f"({self.number(depth - 1)}) + {self.text(depth - 1)}",
            f"{self.moment(depth - 1)} + {self.text(depth - 1)}",
            f"'' + ({self.text(depth - 1)})",
            f"format({self.moment(depth - 1)}, {self.pick(*_PATTERNS)})",
        )

    def whole(self) -> str:
        depth = self.random.randint(0, 4)
        letters = [f"%{it}" for it in LETTERS if it not in "wUW"]
        between = self.pick("", "-", " ", "'", '"', "x", "{")
        some = between.join(self.random.choices(letters, k=self.random.randint(1, 5)))
        made = self.pick(
            self.number(depth),
            self.text(depth),
            self.moment(depth),
            f"{self.moment(depth)}:{some}",
        )
        before, after = self.pick("", "$", "#", "a ", "$$"), self.pick("", "}", "'", " b")
        return f"{before}${{{{ {made} }}}}{after}"


_PATTERNS = ("'YYYY-MM-dd'", "\"yyyy'T'HH\"", "'hh:mm a'", "'EEE xxxx ww'")


def test_by_chance_what_is_said_in_theirs_comes_back() -> None:
    said: dict[str, int] = {}
    for seed in range(3000):
        text = Chance(seed).whole()
        try:
            wanted = text_of(text)
        except AssertionError:
            continue  # Out of the calendar, or divided by zero.
        found, wrong = theirs(text)
        code = wrong[0].code if wrong else ""
        said[code] = said.get(code, 0) + 1
        if wrong:
            continue
        again, notes = ours(found)
        assert not any(note.decide for note in notes), (text, found, notes)
        for values in (
            VALUES,
            VALUES | {"start": datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC), "count": 3},
        ):
            assert text_of(again, values) == (
                wanted if values is VALUES else text_of(text, values)
            ), (
                text,
                found,
                again,
            )
    assert said[""] > 2000
    assert set(said) <= {"", "P544"}, said


UNSAID = {
    "./mail ${{ run.attempt }}": ("P540", "run.attempt"),
    "./mail ${{ start + run.due }}": ("P540", "run.due"),
    "./mail ${{ node.name }}": ("P540", "node.name"),
    "./mail ${{ start + 1 day:%W }}": ("P541", "start + 1 day:%W"),
    "./mail ${{ year(start + 61 seconds) }}": ("P542", "start + 61 seconds"),
    "./mail ${{ start - span }}": ("P542", "start - span"),
    "./mail ${{ year(makeDateTime(2026, 1, 1, 1, 1) + 1 second + span) }}": (
        "P542",
        "makeDateTime(2026, 1, 1, 1, 1) + 1 second",
    ),
    "./mail ${{ 1.5 * count }}": ("P543", "1.5 * count"),
    "./mail ${{ 'a' + price }}": ("P543", "price"),
    "./mail ${{ count ^ 2 }}": ("P543", "count ^ 2"),
    "./mail ${{ shop + '{' }}": ("P544", "'{'"),
    "./mail ${{ shop + 'a\\\\b' }}": ("P544", "'a\\\\b'"),
    "./mail ${{ shop + 'a\\nb' }}": ("P544", "'a\\nb'"),
    "./mail #{x}": ("P545", "./mail #{x}"),
    "./mail #${{ '{x' }}": ("P545", "./mail #${{ '{x' }}"),
    "${{ [shop, key] }}": ("P540", "[shop, key]"),
    "${{ ['a', 'b'] }}": ("P540", "['a', 'b']"),
}


@pytest.mark.parametrize("text", UNSAID)
def test_what_they_cannot_say(text: str) -> None:
    [one] = theirs(text)[1]
    assert (one.code, one.span.text) == UNSAID[text]
    assert one.text()
    one.hint()


def test_whatever_stands_there_something_is_said() -> None:
    chance = random.Random(1)
    words = [
        *"#{}()'\"\\$@*.,+-/^ \n%:é",
        "#{",
        "${{",
        "}}",
        "my",
        "@scheduledStartTime",
        "format(",
        "1",
    ]
    for _ in range(4000):
        text = "".join(chance.choices(words, k=chance.randint(1, 14)))
        found, _ = ours(text)
        read(found)
        if "#{" not in text:
            assert comes_to(found or "x") == (text or "x")
