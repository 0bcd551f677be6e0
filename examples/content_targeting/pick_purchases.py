#!/usr/bin/env python3
"""Of all purchases, keeps those of the day before `$2`, as rows that belong to the hour `$1`."""

import csv
import json
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

hour, end = sys.argv[1:]
last = datetime.fromisoformat(end)
first = last - timedelta(days=1)
kept = 0
source = Path(os.environ["INPUT1_STAGING_DIR"])
target = Path(os.environ["OUTPUT1_STAGING_DIR"]) / "purchases.csv"
with target.open("w", newline="", encoding="utf-8") as file:
    rows = csv.writer(file, lineterminator="\n")
    for part in sorted(source.rglob("*")):
        for line in part.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            at = datetime.fromisoformat(item["bought_at"].replace("Z", ""))
            if first <= at < last:
                rows.writerow((hour, item["user_id"], item["cents"], at))
                kept += 1
print(f"{kept} purchases from {first} to {last}")
