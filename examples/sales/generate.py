"""Writes the receipts of one day into `local/`: the same each time."""

from __future__ import annotations

import csv
import random
from pathlib import Path

HERE = Path(__file__).parent / "local" / "s3" / "acme-sales" / "receipts" / "2026" / "03" / "02"
CITIES = ("Basel", "Bern", "Genf", "Zürich")
PRICES = {"bread": 420, "cheese": 1290, "milk": 185}


def main() -> None:
    dice = random.Random(2026)
    for hour in range(24):
        file = HERE / f"{hour:02}" / "till.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as lines:
            rows = csv.writer(lines, lineterminator="\n")
            # Nobody buys anything at night; the file is there all the same.
            for _ in range(dice.randrange(3, 9) if 6 <= hour < 20 else 0):
                product, pieces = dice.choice(sorted(PRICES)), dice.randrange(1, 5)
                cents = PRICES[product] * pieces
                rows.writerow((dice.choice(CITIES), product, pieces, f"{cents / 100:.2f}"))


if __name__ == "__main__":
    main()
