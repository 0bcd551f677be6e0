"""What the tables of the example must hold, computed from its raw data without the pipeline."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from ipaddress import IPv4Address
from pathlib import Path

USER = re.compile(r"\('([^']*)', '([^']*)'\)")

Row = tuple[str, ...]


def expected(example: Path) -> dict[str, set[Row]]:
    """The rows of each table that the pipeline makes for others, as text."""
    lake = example / "local" / "s3" / "acme-targeting"
    signed_up = users(example / "local" / "sql" / "crm.sql")
    bought = purchases(example / "local" / "dynamodb" / "purchases.jsonl")
    with (lake / "geo" / "ranges.csv").open(newline="") as lines:
        ranges = [(int(a), int(b), region) for a, b, region in csv.reader(lines)]
    by_hour: Counter[Row] = Counter()
    for file in sorted((lake / "weblogs").rglob("*.csv")):
        hour = datetime.strptime("/".join(file.parts[-5:-1]), "%Y/%m/%d/%H")
        with file.open(newline="") as lines:
            for ip, user, url, _at, agent in csv.reader(lines):
                if re.search("bot|crawler|spider", agent, re.IGNORECASE):
                    continue
                address = int(IPv4Address(ip))
                inside = [region for first, last, region in ranges if first <= address <= last]
                region = inside[0] if inside else "elsewhere"
                kind = kind_of(user, hour, signed_up, bought)
                by_hour[f"{hour}", region, kind, url.split("/")[1]] += 1
    by_day: Counter[Row] = Counter()
    for (hour_text, *rest), views in by_hour.items():
        by_day[f"{hour_text[:10]} 00:00:00", *rest] += views
    return {
        "targeting_by_hour": {(*key, str(views)) for key, views in by_hour.items()},
        "targeting_by_day": {(*key, str(views)) for key, views in by_day.items()},
        "targeting_choices": choices(by_day),
    }


def users(script: Path) -> dict[str, datetime]:
    """When each user signed up."""
    found = map(USER.match, script.read_text().splitlines())
    return {match[1]: datetime.fromisoformat(match[2]) for match in found if match}


def purchases(table: Path) -> dict[str, list[datetime]]:
    """When each user bought something."""
    bought = defaultdict(list)
    for item in map(json.loads, table.read_text().splitlines()):
        bought[item["user_id"]].append(datetime.fromisoformat(item["bought_at"].rstrip("Z")))
    return bought


def kind_of(
    user: str,
    hour: datetime,
    signed_up: dict[str, datetime],
    bought: dict[str, list[datetime]],
) -> str:
    if user not in signed_up or signed_up[user] >= hour.replace(hour=0):
        return "guest"
    end = hour + timedelta(hours=1)
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
