"""What is proposed in place of a mistake: it works, and it is what was meant."""

from __future__ import annotations

import re

import pytest

from pipec.diagnostic import nearest
from tests.reading import files, read

HEAD = """\
pipeline: shop
schedules: {daily: every 1 day from 2026-01-01, Daily: every 1 day from 2026-01-01}
connections: {db: postgres}
datanodes: {prices: sql db.prices, orders: {sql: db.orders, at: at, schedule: daily}}
"""


def advice(text: str) -> tuple[str, str, str]:
    """The code of the only mistake there, the words that are underlined, and the help."""
    [found] = read(files(text))[1]
    return found.code, found.span.text, found.hint()


@pytest.mark.parametrize(
    ("written", "wrong", "form"),
    [
        ("every 1 day from 2026-01-01 to 2026-02-01", "to", "every 1 day from 2026-01-01 until 2026-02-01"),
        ("every 1 day from 2026-01-01 for 3 times", "for", "every 1 day from 2026-01-01 3 times"),
        ("every 1 day from 2026-01-01 Asia/Tokyo", "Asia/Tokyo", 'cron "0 0 * * *" in Asia/Tokyo from 2026-01-01'),
        ("every 1 day from 2026-01-01 in Asia/Tokyo", "in", 'cron "0 0 * * *" in Asia/Tokyo from 2026-01-01'),
        ("every 1 day in Asia/Tokyo from 2026-01-01", "in", 'cron "0 0 * * *" in Asia/Tokyo from 2026-01-01'),
        ("every 1 day in Berlin from 2026-01-01", "in", 'cron "0 0 * * *" in Europe/Zurich from 2026-01-01'),
        ("every 1 day from 2026-01-01 UTC", "UTC", "2026-01-01T06:00+01:00"),
        ('cron "0 6 * * *" from 2026-01-01 to 2026-02-01', "to", 'cron "0 6 * * *" from 2026-01-01 until 2026-02-01'),
        ('cron "0 6 * * *" from 2026-01-01 for 3 times', "for", 'cron "0 6 * * *" from 2026-01-01 until 2026-02-01'),
        ("every 1 day since 2026-01-01", "since", "every 1 day from 2026-01-01T00:00Z"),
        ("cron 0 6 * * *", "0", 'cron "0 6 * * *" in Europe/Zurich from 2026-01-01T00:00Z'),
        ("once at 2026-01-01", "at", "once from 2026-01-01T00:00Z"),
        ("on request", "request", "on demand"),
    ],
)  # fmt: skip
def test_schedule(written: str, wrong: str, form: str) -> None:
    code, words, said = advice(f"pipeline: shop\nschedules:\n  daily: {written}\n")
    assert (code, words) == ("P211", wrong)
    [quoted] = re.findall(r"`([^`]+)`", said)
    assert quoted == form


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC+1", "a zone has a name, such as `Europe/Zurich`; always 1 hour east of UTC is `Etc/GMT-1`"),
        ("-05:00", "a zone has a name, such as `Europe/Zurich`; always 5 hours west of UTC is `Etc/GMT+5`"),
        ("UTC+15", "a zone has a name, such as `Europe/Zurich`"),
        ("UTC+5:30", "a zone is like `Europe/Zurich`"),
        ("Europe/Zuerich", "did you mean `Europe/Zurich`?"),
    ],
)  # fmt: skip
def test_zone(zone: str, said: str) -> None:
    text = f'pipeline: shop\nschedules:\n  daily: cron "0 6 * * *" in {zone} from 2026-01-01\n'
    assert advice(text) == ("P228", zone, said)


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("timeout: 2h", "2h", "did you mean `2 hours`?"),
        ("timeout: 1h30m", "1h30m", "did you mean `90 minutes`?"),
        ("timeout: 1 day 6 hours", "1 day 6 hours", "did you mean `30 hours`?"),
        ("timeout: 1Y6mo", "1Y6mo", "the form is `10 minutes`"),
        ("flow: orders over 1Y6mo", "1Y6mo", "did you mean `18 months`?"),
        ("timeout: 90", "90", "a period has a unit, such as `90 minutes`"),
        (f"timeout: {'9' * 5000}h", f"timeout: {'9' * 5000}h"[9:], "the form is `10 minutes`"),
        ("timeout: 1 month 2 days", "2", "the form is `10 minutes`"),
        ("late: after 2h, stop", "2h", "did you mean `2 hours`?"),
        ("late: after 2", "2", "a period has a unit, such as `2 minutes`"),
        ("attempts: 3 every 10m", "10m", "did you mean `10 minutes`?"),
        ("attempts: 3 every 10", "10", "a period has a unit, such as `10 minutes`"),
        ("flow: orders over 7d", "7d", "did you mean `7 days`?"),
        ("after: mail[-1]", "[-1]", "windows belong to what a `flow` reads, such as `flow: orders[-1]`"),
        ("after: mail over 2 days", "over", "windows belong to what a `flow` reads, such as `flow: orders[-1]`"),
    ],
)  # fmt: skip
def test_form_of_a_field(field: str, wrong: str, said: str) -> None:
    text = f"{HEAD}activities:\n  count:\n    shell: ./count\n    schedule: daily\n    {field}\n"
    assert advice(text) == ("P211", wrong, said)


@pytest.mark.parametrize(("written", "said"), [("5 min", "5 minutes"), ("1 h", "1 hour")])
def test_unit_cut_short(written: str, said: str) -> None:
    text = f"{HEAD}activities:\n  count: {{shell: ./count, schedule: daily, timeout: {written}}}\n"
    assert advice(text) == ("P220", written.split()[1], f"did you mean `{said}`?")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ds", "here this is `start:%Y-%m-%d`"),
        ("logical_date", "here this is `start`"),
        ("data_interval_end", "here this is `end`"),
    ],
)
def test_names_of_airflow(name: str, said: str) -> None:
    text = f"{HEAD}activities:\n  count: {{shell: './count ${{{{ {name} }}}}', schedule: daily}}\n"
    assert advice(text) == ("P120", name, said)
    [fixed] = re.findall(r"`(.+)`", said)
    assert read(files(text.replace(f"{{ {name} }}", f"{{ {fixed} }}")))[1] == []


def test_where_a_table_is() -> None:
    text = f"{HEAD}activities:\n  count:\n    shell: ./count ${{{{ inputs.prices.starts }}}}\n    flow: prices\n    schedule: daily\n"
    code, wrong, said = advice(text)
    assert (code, wrong) == ("P322", "inputs.prices.starts")
    assert "`inputs.prices.table`" in said
    assert read(files(text.replace(wrong, "inputs.prices.table")))[1] == []


def test_what_a_rollup_says_in_other_words() -> None:
    rollup = "{from: orders, every: daily, with: count(), into: prices, flow: orders}"
    _, wrong, said = advice(f"{HEAD}rollups: {{count: {rollup}}}\n")
    assert (wrong, said) == (
        "flow",
        "it reads what stands at `from`, and writes what stands at `into`",
    )


def test_one_is_not_several() -> None:
    rollup = "orders every daily with count() into prices, orders"
    [found] = read(files(f"{HEAD}rollups: {{count: '{rollup}'}}\n"))[1]
    assert found.text() == "`every` names 1 schedule, and `into` names 2 tables"


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("dialy", ["Daily", "daily"], "daily"),
        ("DIALY", ["Daily", "daily", "DAILY"], "DAILY"),
        ("flow", ["airflow"], ""),
        ("min", ["minute"], "minute"),
        ("shel", ["shell", "script"], "shell"),
        ("dya", ["day", "month"], "day"),
    ],
)
def test_nearest(word: str, known: list[str], near: str) -> None:
    assert nearest(word, known) == near


def test_what_stands_before_the_dot_is_not_what_is_near() -> None:
    reader = "pipeline: mail\nschedules: {daily: every 1 day from 2026-01-01}\nactivities:\n  mail: {shell: ./mail, schedule: daily, flow: shop.NAME}\n"
    for name, said in (
        ("pirces", "did you mean `shop.prices`?"),
        ("stock", "the datanodes are `shop.prices`, `shop.orders`"),
    ):
        text = f"{HEAD}# file: mail.pipe.yaml\n{reader.replace('NAME', name)}"
        assert advice(text) == ("P118", f"shop.{name}", said)


@pytest.mark.parametrize("name", ["every", "cron", "once", "on"])
def test_a_schedule_may_have_the_name_of_a_kind(name: str) -> None:
    text = f"pipeline: shop\nschedules: {{{name}: on demand}}\nactivities: {{mail: {{shell: echo, schedule: {name}}}}}\n"
    assert read(files(text))[1] == []
