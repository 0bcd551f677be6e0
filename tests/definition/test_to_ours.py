"""Texts of definitions in our language: what they come to, what they look like, what is noted."""

from __future__ import annotations

import json
import random
import re
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipec.definition.expression import split
from pipec.definition.names import Chain, Meant, Unsaid, known
from pipec.definition.to_ours import Note, to_ours, uses
from pipec.expression.pieces import Hole
from pipec.expression.types import DATETIME, STRING, Type, Value, type_of
from tests.definition.translating import VALUES, Theirs, comes_to, ours, scalar, text_of
from tests.reading import files, read

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "functions.json").read_text())
DOCUMENTED = [
    pytest.param(vector, id=vector["expr"])
    for group in (VECTORS["functions"], VECTORS["operators"])
    for one in group
    for vector in one["vectors"]
]


def bound(given: Any) -> Value:
    if isinstance(given, list):
        return tuple(bound(one) for one in given)
    if isinstance(given, str) and given[4:5] == "-":
        return datetime.fromisoformat(given).replace(tzinfo=UTC)
    return given  # type: ignore[no-any-return]


def in_ours(vector: dict[str, Any]) -> tuple[str, dict[str, Value]]:
    values = {name: bound(given) for name, given in vector.get("bindings", {}).items()}
    types: dict[str, Type] = {name: type_of(value) for name, value in values.items()}
    text, notes = ours(vector["expr"], Theirs(types=types))
    assert not any(note.decide for note in notes)
    return text, values


@pytest.mark.parametrize("vector", DOCUMENTED)
def test_comes_to_what_the_guide_says(vector: dict[str, Any]) -> None:
    found = comes_to(*in_ours(vector))
    # Where the guide shows a character that its own pattern has not, the pattern holds.
    expected = vector.get("expected_by_pattern") or bound(vector["expected"])
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("vector", VECTORS["list_vectors"], ids=lambda it: it["expr"])
def test_lists_come_to_what_the_guide_says(vector: dict[str, Any]) -> None:
    assert comes_to(*in_ours(vector)) == tuple(vector["expected"])


FORMS = {
    # A bare datetime is written without zone, as ours is.
    "#{@scheduledStartTime}": "${{ start }}",
    "#{@scheduledEndTime}": "${{ end }}",
    "#{node.@scheduledStartTime} #{ node.@scheduledEndTime }": "${{ start }} ${{ end }}",
    "#{minusDays(@scheduledStartTime,1).format('YYYY')}": "${{ start - 1 day:%Y }}",
    '#{format(plusPeriod(@scheduledStartTime,"1 day"),"YYYY-MM-dd")}': (
        "${{ start + 1 day:%Y-%m-%d }}"
    ),
    "#{@scheduledStartTime.format('YYYY-MM-dd HH:mm:ss')}": "${{ start:%Y-%m-%d %H:%M:%S }}",
    "#{minusMonths(minusDays(@scheduledEndTime, 2), 1).day()}": "${{ day(end - 2 days - 1 month) }}",
    "#{day(minusDays(@scheduledStartTime, myCount))}x": "${{ day(minusDays(start, count)) }}x",
    "#{sunday(midnight(@scheduledStartTime)).format('YYYYMMdd')}": (
        "${{ sunday(midnight(start)):%Y%m%d }}"
    ),
    "#{input.directoryPath}/#{output.tableName}": "${{ input.path }}/${{ output.table }}",
    "#{*myKey} #{myShop}": "${{ key }} ${{ shop }}",
    "#{2 *myCount}#{2*myCount}": "${{ 2 * count }}${{ 2 * count }}",
    "#{(1 + 2) * 3 - (4 - 5)}": "${{ (1 + 2) * 3 - (4 - 5) }}",
    "#{-myCount ^ 2}": "${{ -count ^ 2 }}",
    "#{'it\\'s ' + myShop}": '${{ "it\'s " + shop }}',
    '#{"say \\"it\'s\\" }" + 1}': "${{ 'say \"it\\'s\" }' + 1 }}",
    # One quote is closed, so the brace inside of it is text; the other is none.
    "#{'}'}": "}",
    "[#{myDays}, #{myDays}]": "${{ [days, days] }}",
    "[#{myShop}, #{myShop}]": "[${{ shop }}, ${{ shop }}]",
    "#{'x' + myDays}": "${{ 'x' + days }}",
    # What Hive, shells and templates put in braces is theirs, before and after.
    "${INPUT1_STAGING_DIR} $VAR {{ x }} # {x} $(y)": "${INPUT1_STAGING_DIR} $VAR {{ x }} # {x} $(y)",
    "${{ x }} $${{ y }}": "$${{ x }} $$${{ y }}",
    # A dollar in front would make our expression text.
    "$#{myShop} $$#{myShop}": "${{ '$' }}${{ shop }} ${{ '$$' }}${{ shop }}",
    "": "",
    "a\nb": "a\nb",
}


@pytest.mark.parametrize(("text", "expected"), FORMS.items(), ids=list(FORMS))
def test_in_our_language(text: str, expected: str) -> None:
    found, notes = ours(text)
    assert found == expected
    assert notes == []
    text_of(found)


PATTERNS = {
    "YYYY-MM-dd-HH-mm-ss": "${{ start:%Y-%m-%d-%H-%M-%S }}",
    "yyyy-MM-dd'T'HH:mm:ss": "${{ start }}",
    "YYYY-MM-dd'T'HH:mm:ssZ": "${{ start:%Y-%m-%dT%H:%M:%S%z }}",
    "d.M.YY": "${{ day(start) }}.${{ month(start) }}.${{ start:%y }}",
    "'day 'dd'/'": "day ${{ start:%d }}/",
    "{HH}": "{${{ start:%H }}}",
    " HH ": " ${{ start:%H }} ",
    "100%HH%": "100%${{ start:%H }}%",
    "'it''s'": "it's",
    "EEEE, d MMMM": "${{ start:%A }}, ${{ day(start) }} ${{ start:%B }}",
    "xxxx-'W'ww": "${{ start:%G-W%V }}",
    "HH:mm:ss.SSS": "${{ start:%H:%M:%S }}.000",
}


@pytest.mark.parametrize(("pattern", "expected"), PATTERNS.items(), ids=list(PATTERNS))
def test_a_pattern(pattern: str, expected: str) -> None:
    found, notes = ours(f'#{{format(@scheduledStartTime, "{pattern}")}}')
    assert (found, notes) == (expected, [])


SLIPS = {
    "YY-MM-DD HH:MM:SS": (
        "${{ start:%y-%m }}-${{ dayOfYear(start) / 10 }}"
        "${{ dayOfYear(start) - dayOfYear(start) / 10 * 10 }} ${{ start:%H:%m }}:00",
        ["DD", "MM", "SS"],
    ),
    "YYYY-MM-dd hh:mm:ss": ("${{ start:%Y-%m-%d %I:%M:%S }}", ["hh"]),
    "YYYY-mm-dd": ("${{ start:%Y-%M-%d }}", ["mm"]),
    "YYYY-ww": ("${{ start:%Y-%V }}", ["ww"]),
    "YYYY-MM-dd hh:mm a": ("${{ start:%Y-%m-%d %I:%M %p }}", []),
    "YYYY/DDD": ("${{ start:%Y/%j }}", []),
    "HH:mm": ("${{ start:%H:%M }}", []),
}


@pytest.mark.parametrize("pattern", SLIPS)
def test_a_slip_is_translated_exactly_and_noted(pattern: str) -> None:
    expected, letters = SLIPS[pattern]
    text = f"at #{{format(@scheduledStartTime,'{pattern}')}}"
    found, notes = ours(text)
    assert found == f"at {expected}"
    assert [note.why.split("`")[1] for note in notes] == letters
    assert not any(note.decide for note in notes)
    assert {note.span.text for note in notes} <= {text[3:]}


def joda(moment: datetime, letter: str, count: int) -> str:
    """What the documentation of Joda-Time says that a letter writes, so many times over."""
    iso = moment.isocalendar()
    numbers = {
        "y": moment.year, "Y": moment.year, "x": iso.year, "C": moment.year // 100,
        "M": moment.month, "d": moment.day, "D": moment.timetuple().tm_yday, "w": iso.week,
        "e": iso.weekday, "H": moment.hour, "k": moment.hour or 24, "K": moment.hour % 12,
        "h": moment.hour % 12 or 12, "m": moment.minute, "s": moment.second,
    }  # fmt: skip
    names = {"E": "%A", "M": "%B"}
    if letter in names and (letter == "E" or count >= 3):
        name = moment.strftime(names[letter])
        return name if count > 3 else name[:3]
    if letter in numbers:
        number = numbers[letter] % 100 if letter in "yYx" and count == 2 else numbers[letter]
        return str(number).zfill(count)
    short = {"a": "PM" if moment.hour >= 12 else "AM", "G": "AD", "S": "0" * count}
    if letter == "z":
        return "UTC" if count < 4 else "Coordinated Universal Time"
    if letter == "Z":
        return ["+0000", "+00:00", "UTC", "UTC", "UTC"][count - 1]
    return short[letter]


def test_patterns_write_what_joda_writes() -> None:
    chance = random.Random(5)
    said = 0
    for _ in range(1500):
        runs: list[tuple[str, int]] = []
        for _ in range(chance.randint(1, 5)):
            kind = chance.choice("yYxCMdDweEaHkKhmsSzZG")
            if not runs or runs[-1][0] != kind:
                runs.append((kind, chance.randint(1, 5)))
        between = chance.choice(["", "-", " ", "/", "'T'", ":", "%", "''", "é"])
        pattern = between.join(letter * count for letter, count in runs)
        plain = {"'T'": "T", "''": "'"}.get(between, between)
        moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**9))
        expected = [joda(moment, *run) for run in runs]
        for around in ("{}", "'<' + {} + '>'"):
            text = around.format(f'format(@scheduledStartTime,"{pattern}")')
            found, notes = ours(f"#{{{text}}}")
            if any(note.decide for note in notes):
                assert found.startswith("${{ undecided(")
                continue
            wanted = plain.join(expected)
            if around != "{}":
                wanted = f"<{wanted}>"
            assert text_of(found, {**VALUES, "start": moment}) == wanted, (pattern, found)
            said += 1
    assert said > 1000


UNDECIDED = {
    "#{@actualStartTime}": "known to AWS Data Pipeline only, while it runs; nearest is `run.due`",
    "#{node.@status}": "nearest is `node.status`, in a notification",
    "#{runsOn.@headNodeIp}": "known to AWS Data Pipeline only",
    "#{input.@scheduledStartTime}": "asked of the object itself or of `node`, and nothing else",
    "#{mySchedule.startDateTime}": "nothing is called `mySchedule.startDateTime`",
    "#{addDays(@scheduledStartTime,1)}": "no function is called `addDays`",
    "#{minusDay(@scheduledStartTime,1)}": "nearest is `minusDays`",
    "#{minusDays(@scheduledStartTime)}": "`minusDays` takes 2 values, not 1",
    "#{day('2026-01-01')}": "argument 1 of `day` is a string",
    "#{day(myShop)}": "argument 1 of `day` is a string",
    "#{myShop * 2}": "`*` has no meaning for a string and an int",
    "#{format(@scheduledStartTime,'YYYYTHH')}": "no format writes what `T`",
    "#{format(@scheduledStartTime,'')}": "an empty pattern writes nothing",
    "#{plusPeriod(@scheduledStartTime,'1 dya')}": "`1 dya` is not a period",
    "#{}": "nothing stands between the braces",
    "#{1 +}": "it ends too early",
    "#{myShop ? 1}": "nothing can be made of `? 1`",
    "#{myShop myShop}": "nothing can be made of `myShop`",
    "#{'a\\nb'}": "no guide says what `\\n` means",
    "#{99999999999999999999}": "is more than a number holds",
    f"#{{{'(' * 3000}1{')' * 3000}}}": None,
    f"#{{{'-' * 300}1}}": "nests more than 100 deep",
    f"#{{'{'x' * 20000}'}}": "it has 20002 characters",
    "#{é.@ß + *}": None,
}


@pytest.mark.parametrize("text", UNDECIDED, ids=lambda it: it[:40])
def test_what_cannot_be_said_is_left_to_decide(text: str) -> None:
    found, notes = ours(f"a {text} b")
    why = UNDECIDED[text]
    if why is None and not notes:
        text_of(found)
        return
    [note] = notes
    assert why is None or why in note.why
    assert note.decide
    assert note.what == note.span.text == text
    if len(text) < 9000:
        [undecided] = re.findall(r"\$\{\{ undecided\((.*)\) \}\}", found)
        assert comes_to(f"${{{{ {undecided} }}}}") == text


def test_a_brace_that_nothing_closes_stays() -> None:
    for text in ("echo #{myShop", "x #{a #{myShop}", "#{'a", "#{"):
        found, notes = ours(text)
        assert found == text.replace("#{myShop}", "${{ shop }}")
        assert [note.decide for note in notes] == [True]


def test_check_points_at_what_is_undecided() -> None:
    text, _ = ours("echo #{@actualStartTime}")
    pipeline = f"""
    pipeline: shop
    schedules: {{daily: every 1 day from 2026-01-01T00:00Z}}
    defaults: {{schedule: daily}}
    activities:
      mail: {{shell: "{text}"}}
    """
    [found] = read(files(textwrap.dedent(pipeline)))[1]
    assert (found.code, found.span.text) == ("P240", "undecided")
    assert found.hint() == "write what is meant here: it could not be translated"


def test_in_a_notification_node_is_what_it_is_about() -> None:
    text = "#{node.name} is #{node.@status}: #{node.errorMessage} (#{node.@scheduledStartTime})"
    expected = "${{ node.name }} is ${{ node.status }}: ${{ node.error }} (${{ start }})"
    assert ours(text, Theirs(told=True)) == (expected, [])


def test_a_computed_datetime_may_have_ended_in_a_letter() -> None:
    found, [note] = ours("#{minusDays(@scheduledStartTime,1)}")
    assert found == "${{ start - 1 day }}"
    assert not note.decide
    assert "`z`" in note.why


def test_tells_what_a_text_uses_and_as_what() -> None:
    assert uses("x #{day(myDay)} #{*myKey + 1} #{plusPeriod(@a, myP)} #{(} #{") == (
        (("myDay",), DATETIME),
        (("*myKey",), None),
        (("@a",), DATETIME),
        (("myP",), STRING),
    )


CORPUS = Path(__file__).parent / "corpus"

PUBLISHED = {
    "#{@scheduledStartTime}": "${{ start }}",
    "#{day(@scheduledStartTime)}": "${{ day(start) }}",
    "#{format(@scheduledStartTime, 'YYYY-MM')}": "${{ start:%Y-%m }}",
    "#{format(@scheduledStartTime, 'YYYY-MM-dd-HH-mm-ss')}": "${{ start:%Y-%m-%d-%H-%M-%S }}",
    "#{input.directoryPath}": "${{ input.path }}",
    "#{input.tableName}": "${{ input.table }}",
    "#{output.directoryPath}": "${{ output.path }}",
    "#{input.readThroughputPercent}": "${{ undecided('#{input.readThroughputPercent}') }}",
    "#{table}": "${{ self.table }}",
    "#{tableName}": "${{ self.table }}",
    "#{*myRDSPassword}": "${{ rds_password }}",
    "#{*myRedshiftPassword}": "${{ redshift_password }}",
    "#{myDDBRegion}": "${{ ddb_region }}",
    "#{myEfsID}": "${{ efs_id }}",
    "#{myInputTsvFilesS3Loc_1}": "${{ input_tsv_files_s3_loc_1 }}",
    "#{myOutputS3Loc}": "${{ output_s3_loc }}",
    "#{mySubnetID}": "${{ subnet_id }}",
    "#{myTerminateAfter}": "${{ terminate_after }}",
}
"""All that is not a parameter by its name, and parameters of which each shows something else."""


def published() -> list[str]:
    found: dict[str, None] = {}
    for file in sorted(CORPUS.glob("*.json")):
        text = file.read_text(encoding="utf-8")
        for piece in split(text):
            if isinstance(piece, Hole):
                found[f"#{{{piece.text}}}"] = None
    return list(found)


def test_what_was_published_is_translated() -> None:
    found = {text: ours(text)[0] for text in published()}
    assert len(found) > 70
    assert PUBLISHED.keys() <= found.keys()
    for text, translated in found.items():
        if text in PUBLISHED:
            assert translated == PUBLISHED[text]
        else:
            assert re.fullmatch(r"#\{\*?my\w+\}", text)
            assert re.fullmatch(r"\$\{\{ [a-z][a-z0-9_]* \}\}", translated)


class Scheduled:
    """Names that lead to values which stand in the definition."""

    told = False

    def ours(self, chain: Chain) -> Meant | Unsaid | None:
        first = datetime(2012, 9, 25, 17, 0, 30, tzinfo=UTC)
        found = {"mySchedule.startDateTime": first, "mySchedule.name": "it's", "myDays": 7}
        return known(found[".".join(chain)]) if ".".join(chain) in found else Unsaid("it is not")


def test_a_name_may_stand_for_a_value() -> None:
    notes: list[Note] = []
    for text, expected in {
        "from #{mySchedule.startDateTime}": "from 2012-09-25T17:00:30",
        "#{mySchedule.startDateTime.format('HH')}": "17",
        "#{minusDays(mySchedule.startDateTime, myDays).format('dd')}": "18",
        "#{mySchedule.name} $#{mySchedule.name}": "it's $it's",
        "#{mySchedule.name + 1}": "it's1",
    }.items():
        assert text_of(to_ours(scalar(text), Scheduled(), notes)) == expected
    assert notes == []
    assert to_ours(scalar("#{nothing}"), Scheduled(), notes) == "${{ undecided('#{nothing}') }}"
    assert [note.why for note in notes] == ["it is not"]
