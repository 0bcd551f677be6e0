"""What becomes of published definitions: fields by outcome, time, and size.

    python bench/imports.py [FOLDER]

The folder holds definitions as JSON; the corpus of the tests, if none is given.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

from pipec.definition.check import check_definition  # noqa: E402
from pipec.definition.read import read_definition  # noqa: E402
from pipec.diagnostic import Report  # noqa: E402
from pipec.importing.importer import Imported, import_definition  # noqa: E402
from pipec.source import Source  # noqa: E402

ROUNDS = 5
OUTCOMES = ("carried", "approximated", "dropped", "undecided")


def imported(text: str, name: str) -> tuple[Imported, ...]:
    """What `pipec import` makes of a file."""
    report = Report()
    made = []
    for one in read_definition(Source(name, text), report):
        check_definition(one, report)
        if one.objects:
            made.append(import_definition(one, report))
    return tuple(made)


def main() -> None:
    """Print a line for each file, and the sums."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "tests" / "definition" / "corpus"
    texts = {it.name: it.read_text(encoding="utf-8") for it in sorted(folder.glob("*.json"))}
    total: Counter[str] = Counter()
    sizes = Counter[str]()
    print(f"{'carried':>8} {'nearly':>7} {'not':>4} {'decide':>7} {'JSON':>6} {'YAML':>6}")
    for name, text in texts.items():
        for one in imported(text, name):
            found = Counter(it.outcome for it in one.accounts)
            total += found
            sizes += Counter(json=len(text.encode()), yaml=len(one.text.encode()))
            counts = [found[it] for it in OUTCOMES]
            print(
                f"{counts[0]:8} {counts[1]:7} {counts[2]:4} {counts[3]:7}"
                f" {len(text.encode()):6} {len(one.text.encode()):6}  {name}"
            )
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for name, text in texts.items():
            imported(text, name)
        took.append(time.perf_counter() - began)
    counts = [total[it] for it in OUTCOMES]
    print(
        f"{counts[0]:8} {counts[1]:7} {counts[2]:4} {counts[3]:7} {sizes['json']:6} {sizes['yaml']:6}  all"
    )
    print(f"{sum(counts)} fields; YAML is {sizes['yaml'] / sizes['json']:.2f} of the JSON;")
    print(f"all of them in {statistics.median(took):.2f} s (median of {ROUNDS}, after the first)")


if __name__ == "__main__":
    main()
