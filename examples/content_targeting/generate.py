#!/usr/bin/env python3
"""Writes the data of this example into `local/`: the same files each time, from a fixed seed.

One day of web logs in S3, an hour to a file; geolocation ranges; the shop's users as SQL, and its
purchases as the items of a DynamoDB table. Robots, guests, addresses outside every range and a URL
with a query occur.
"""

import csv
import json
import random
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

HERE = Path(__file__).parent / "local"
LAKE = HERE / "s3" / "acme-targeting"
DAY = datetime(2012, 11, 28)
REGIONS = {"north": 10, "south": 20, "east": 30, "west": 40, "islands": 50}
SECTIONS = ["news", "sport", "garden", "travel", "cooking", "music"]
AGENTS = ["Mozilla/5.0 (X11; Linux)", "Mozilla/5.0 (Macintosh)", "Opera/9.80", "curl/7.26"]
ROBOTS = ["Googlebot/2.1", "ExampleSpider/1.0", "wheelbarrow-crawler"]


def main() -> None:
    chance = random.Random(20121128)
    users = [f"u{number:03}" for number in range(1, 301)]
    write_shop(users, chance)
    write_ranges()
    home = {user: (chance.choice(list(REGIONS)), chance.choice(SECTIONS)) for user in users}
    for hour in range(24):
        write_weblog(DAY + timedelta(hours=hour), users, home, chance)


def write_shop(users: list[str], chance: random.Random) -> None:
    """The shop: most users are old, some have signed up the day before; some buy."""
    signed_up = {}
    for user in users:
        days = 0 if chance.random() < 0.2 else chance.randrange(2, 700)
        signed_up[user] = DAY - timedelta(days=days, minutes=chance.randrange(1440))
    signed_up[users[0]] = DAY + timedelta(hours=9)  # A guest until tomorrow.
    purchases = []
    for number in range(1, 151):
        user = chance.choice(users)
        at = max(signed_up[user], DAY - timedelta(days=3))
        at += timedelta(seconds=chance.randrange(max(1, int((DAY - at).total_seconds()) + 86400)))
        purchases.append((number, user, chance.randrange(300, 20000), at))
    lines = [
        "-- The shop's database. Written by generate.py.",
        "CREATE TABLE users (user_id varchar(20) PRIMARY KEY, signed_up timestamp NOT NULL);",
        "INSERT INTO users VALUES",
        ",\n".join(f"('{user}', '{at}')" for user, at in signed_up.items()) + ";",
    ]
    write(HERE / "sql" / "crm.sql", "\n".join(lines) + "\n")
    items = [
        {
            "purchase_id": number,
            "user_id": user,
            "cents": cents,
            "bought_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        }
        for number, user, cents, at in purchases
    ]
    write(HERE / "dynamodb" / "purchases.jsonl", "".join(f"{json.dumps(it)}\n" for it in items))


def write_ranges() -> None:
    """Twenty ranges of addresses for each region; an address is a number, as databases like it."""
    rows = [
        (number(f"{first}.{block}.0.0"), number(f"{first}.{block + 4}.255.255"), region)
        for region, first in REGIONS.items()
        for block in range(0, 200, 10)
    ]
    write_rows(LAKE / "geo" / "ranges.csv", rows)


def number(address: str) -> int:
    return int(IPv4Address(address))


def write_weblog(hour: datetime, users: list, home: dict, chance: random.Random) -> None:
    """One hour of views: more by day than by night, people mostly where they live."""
    rows = []
    for _ in range(60 + 10 * min(hour.hour, 24 - hour.hour)):
        user = chance.choice(users) if chance.random() < 0.7 else ""
        region, section = home.get(user, (chance.choice(list(REGIONS)), chance.choice(SECTIONS)))
        if chance.random() < 0.4:
            section = chance.choice(SECTIONS)
        # Of ten blocks five belong to a range: the other addresses are nowhere.
        block = chance.randrange(20) * 10 + chance.randrange(10 if chance.random() < 0.1 else 5)
        ip = f"{REGIONS[region]}.{block}.{chance.randrange(256)}.{chance.randrange(256)}"
        url = f"/{section}/{chance.randrange(1, 40)}" + chance.choice(["", "", "?from=mail"])
        agent = chance.choice(ROBOTS if chance.random() < 0.1 else AGENTS)
        at = hour + timedelta(seconds=chance.randrange(3600))
        rows.append((ip, user, url, at, agent))
    rows.sort(key=lambda row: row[3])
    write_rows(LAKE / "weblogs" / f"{hour:%Y/%m/%d/%H}" / "access.csv", rows)


def write_rows(path: Path, rows: list) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


main()
