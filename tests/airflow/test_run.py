"""`pipec run`, as it is typed: from the file of a pipeline to what is there afterwards."""

from __future__ import annotations

import csv
import email
import email.policy
import html
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.airflow.pythons import every_airflow
from tests.airflow.targeting import expected

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "content_targeting"
SALES = ROOT / "examples" / "sales"
FAILING = Path(__file__).parent / "failing"
REPORTING = Path(__file__).parent / "reporting"


def pipec_run(
    path: Path, python: str, folder: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipec", "run", str(path), "--python", python]
    done = subprocess.run(
        [*command, "-o", str(folder), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "PIPEC_TEST_FOLDER": str(folder.parent),
        },
    )
    print(done.stdout, done.stderr)
    return done


def instances(text: str) -> dict[str, list[tuple[str, int]]]:
    """The state and the attempts of each instance in the table, by name."""
    heading = re.search(r"^name +kind +interval +state +started +ended +attempts$", text, re.M)
    assert heading is not None
    state, started = heading[0].index("state"), heading[0].index("started")
    found: dict[str, list[tuple[str, int]]] = {}
    for line in text[heading.end() :].strip().splitlines()[1:]:
        if not line:
            break
        entry = (line[state:started].strip(), int(line.split()[-1]))
        found.setdefault(line.split()[0], []).append(entry)
    return found


@every_airflow
def test_the_example(python: str, tmp_path: Path) -> None:
    done = pipec_run(EXAMPLE, python, tmp_path / "run")
    assert done.returncode == 0
    states = {state for found in instances(done.stdout).values() for state, _ in found}
    assert states == {"finished"}
    assert len(instances(done.stdout)["count_views"]) == 24
    for table, rows in expected(EXAMPLE).items():
        kept = tmp_path / "run" / "sql" / "warehouse" / f"public.{table}.csv"
        with kept.open(newline="") as lines:
            found = [tuple(row) for row in csv.reader(lines)][1:]
        assert len(found) == len(set(found)) == len(rows)
        assert set(found) == rows
    handed_out = tmp_path / "run" / "sql" / "web" / "public.targeting_choices.csv"
    assert handed_out.read_text() == kept.read_text()
    page = tmp_path / "run" / "s3/acme-targeting/reports/2012-11-28/index.html"
    views: Counter[str] = Counter()
    for _, region, *_, seen in expected(EXAMPLE)["targeting_by_day"]:
        views[region] += int(seen)
    for region, many in views.items():
        row = rf"<td>{region}</td>\s*<td[^>]*>{many}</td>"
        assert re.search(row, page.read_text())
    assert len(list((tmp_path / "run" / "mails").glob("*.eml"))) == 1
    assert (tmp_path / "run" / "notices.jsonl").read_text() == ""


@every_airflow
def test_the_rollups(python: str, tmp_path: Path) -> None:
    """Each level of the example says what all receipts say."""
    window = ("--from", "2026-03-02", "--to", "2026-03-03")
    done = pipec_run(SALES, python, tmp_path / "run", *window)
    assert done.returncode == 0
    assert [state for state, _ in instances(done.stdout)["sum_up.hourly"]] == ["finished"] * 24
    wanted: Counter[tuple[str, str]] = Counter()
    for file in SALES.glob("local/s3/**/till.csv"):
        with file.open(newline="") as lines:
            for city, product, _, price in csv.reader(lines):
                wanted[city, product] += round(float(price) * 100)
    for table, many in (("by_hour", 40), ("by_day", len(wanted))):
        found: Counter[tuple[str, str]] = Counter()
        with (tmp_path / "run" / "sql" / "shop" / f"sales.{table}.csv").open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        for row in rows:
            found[row["city"], row["product"]] += round(float(row["price"]) * 100)
        assert found == wanted
        assert len(rows) >= many


@every_airflow
def test_the_ways_to_fail(python: str, tmp_path: Path) -> None:
    done = pipec_run(FAILING, python, tmp_path / "run", "--patience", "5")
    assert done.returncode == 1
    found = instances(done.stdout)
    assert {name: found[name] for name in found if "." not in name} == {
        "flaky": [("finished", 3)],
        "after_flaky": [("finished", 1)],
        "always": [("failed", 3)],
        "after_always": [("upstream failed", 0)],
        "open_door": [("finished", 1)],
        "walk_in": [("finished", 1)],
        "never": [("upstream failed", 0)],
        "after_never": [("upstream failed", 0)],
    }
    kept = (tmp_path / "run" / "notices.jsonl").read_text().splitlines()
    notices = {notice["subject"]: notice for notice in map(json.loads, kept)}
    assert "always is failed" in notices
    assert notices["always is failed"]["topic"].endswith(":oncall")
    assert notices["always is failed"]["message"].startswith("always for 2026-11-20")


@every_airflow
def test_the_reports(python: str, tmp_path: Path) -> None:
    """Texts of all sorts arrive in pages and mails as they are; nothing is mailed to anybody."""
    done = pipec_run(REPORTING, python, tmp_path / "run")
    assert done.returncode == 1
    states = {name: state for name, [(state, _)] in instances(done.stdout).items()}
    assert states == {"tell": "finished", "shorten": "finished", "broken": "failed"}
    kept = tmp_path / "run" / "s3" / "acme-reports"
    page = (kept / "2026-11-20" / "index.html").read_text(encoding="utf-8")
    title = 'Orders <of> 2026-11-20 {{ ds }} & "more" 100 %s ü'
    assert f"<title>{html.escape(title)}</title>".replace("&quot;", "&#34;") in page
    assert "<script" not in page
    text = html.unescape(page)
    products = ['<script>alert("{{ ds }}")</script>', 'it\'s "quoted" & 100 % %s']
    products += ["{% if x %} {# y #} ${{ start }}", "Zürich 名前"]
    assert [f"<td>{one}</td>" in text for one in products] == [True] * 4
    assert '<td class="number">1000.00</td>' in page
    assert "tomorrow" not in page
    assert "<h2>By product {% raw %}</h2>" in page
    assert "No rows." in page
    assert 'src="data:image/svg+xml;base64,' in page
    short = (kept / "2026-11-20.html").read_text(encoding="utf-8")
    assert short == (
        '<p title="$2026-11-21 00:00:00+00:00 2026">6: $Zürich 名前\n{{ ds }}{{ ds }} ü "%s"</p>\n'
    )
    mails = tmp_path / "run" / "mails"
    pages = [one.read_text(encoding="utf-8") for one in sorted(mails.glob("*.html"))]
    [mailed] = [re.sub(r'src="\d+.chart.png"', "", one.replace("\r\n", "\n")) for one in pages]
    assert mailed == re.sub(r'src="data:[^"]*"', "", page)
    assert len(list(mails.glob("*.chart.png"))) == 1
    told = {
        str(mail["Subject"]): mail
        for file in mails.glob("*.eml")
        if (mail := email.message_from_bytes(file.read_bytes(), policy=email.policy.default))
    }
    assert told.keys() == {title, "broken is failed"}
    assert told[title]["To"] == "Märkt <market@example.com>, staff@example.com"
    assert products[0] in told[title].get_body(("plain",)).get_content()
    notice = told["broken is failed"]
    assert notice["To"] == "Owner <owner@example.com>"
    said = notice.get_content().strip()
    # In 3.0, what is called after a task is not told why it failed.
    assert said in ("{{ ds }}", "{{ ds }} The chart shows 'two'; the query gives 'one'")
    assert f"  market@example.com, staff@example.com: {title}: see mails/" in done.stdout


@pytest.mark.airflow
def test_without_airflow_it_says_how_to_get_one(tmp_path: Path) -> None:
    done = pipec_run(FAILING, sys.executable, tmp_path / "run")
    assert done.returncode == 2
    assert 'pip install "pipec[run]"' in done.stderr
