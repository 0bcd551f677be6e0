"""What the tables of the example must hold, computed from its raw data without the pipeline."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from ipaddress import IPv4Address
from pathlib import Path

ROW = re.compile(r"\('?([^,']*)'?, '?([^,']*)'?(?:, ([\d.]+), '([^']*)')?\)")

Row = tuple[str, ...]


def expected(example: Path) -> dict[str, set[Row]]:
    """The rows of each table that the web servers read, as text."""
    lake = example / "local" / "s3" / "acme-targeting"
    signed_up, bought = shop(example / "local" / "sql" / "crm.sql")
    with (lake / "geo" / "ranges.csv").open(newline="") as lines:
        ranges = [(IPv4Address(a), IPv4Address(b), region) for a, b, region in csv.reader(lines)]
    by_hour: Counter[Row] = Counter()
    for file in sorted((lake / "weblogs").rglob("*.csv")):
        hour = datetime.strptime("/".join(file.parts[-5:-1]), "%Y/%m/%d/%H")
        end = hour + timedelta(hours=1)
        with file.open(newline="") as lines:
            for ip, user, url, _at, agent in csv.reader(lines):
                if re.search("bot|crawler|spider", agent, re.IGNORECASE):
                    continue
                address = IPv4Address(ip)
                inside = [region for first, last, region in ranges if first <= address <= last]
                region = inside[0] if inside else "elsewhere"
                kind = kind_of(user, end, signed_up, bought)
                by_hour[f"{hour}", region, kind, url.split("/")[1]] += 1
    by_day: Counter[Row] = Counter()
    for (hour_text, *rest), views in by_hour.items():
        by_day[f"{hour_text[:10]} 00:00:00", *rest] += views
    return {
        "targeting_by_hour": {(*key, str(views)) for key, views in by_hour.items()},
        "targeting_by_day": {(*key, str(views)) for key, views in by_day.items()},
        "targeting_choices": choices(by_day),
    }


def shop(script: Path) -> tuple[dict[str, datetime], dict[str, list[datetime]]]:
    """When each user signed up, and when each bought something."""
    signed_up, bought = {}, defaultdict(list)
    for line in script.read_text().splitlines():
        if match := ROW.match(line):
            first, second, amount, at = match.groups()
            if amount:
                bought[second].append(datetime.fromisoformat(at))
            else:
                signed_up[first] = datetime.fromisoformat(second)
    return signed_up, bought


def kind_of(
    user: str,
    end: datetime,
    signed_up: dict[str, datetime],
    bought: dict[str, list[datetime]],
) -> str:
    if user not in signed_up or signed_up[user] >= end:
        return "guest"
    day_before = end - timedelta(days=1)
    if any(day_before <= at < end for at in bought[user]):
        return "buyer"
    return "new" if signed_up[user] >= day_before else "regular"


def choices(by_day: Counter[Row]) -> set[Row]:
    """The section viewed most, for each day, region and kind of user; the first of equals."""
    groups: dict[Row, dict[str, int]] = defaultdict(dict)
    for (*group, section), views in by_day.items():
        groups[tuple(group)][section] = views
    found = set()
    for group, sections in groups.items():
        best = min(sections, key=lambda section: (-sections[section], section))
        share = Decimal(sections[best]) / sum(sections.values())
        found.add((*group, best, str(share.quantize(Decimal("0.001"), ROUND_HALF_UP))))
    return found
