"""How long `pipec plan` takes for a year, and for a month, of a pipeline of fifty activities."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import PIPEC, cost, in_turns, lines

SCHEDULES = {
    "quarter": "every 15 minutes from 2025-01-01T00:00Z",
    "hourly": "every 1 hour from 2025-01-01T00:00Z",
    "daily": "every 1 day from 2025-01-01T00:00Z",
    "weekly": "every 1 week from 2025-01-06T00:00Z",
    "monthly": "every 1 month from 2025-01-01T00:00Z",
}
ACTIVITIES = 10
"""How many each schedule has; every one reads what the one before it makes."""
READS = {
    # From fine to coarse, schedule by schedule; a month is made of days.
    "hourly_0": "quarter_9",
    "daily_0": "hourly_9",
    "weekly_0": "daily_9",
    "monthly_0": "daily_9",
    # Through windows: of finer schedules, of their own, of coarser ones.
    "quarter_4": "daily_9[-1]",
    "quarter_6": "quarter_9[-4..-1]",
    "hourly_4": "quarter_9 over 3 hours",
    "hourly_6": "hourly_9[-1]",
    "daily_4": "hourly_9[-2..-1]",
    "daily_6": "quarter_9 over 1 day, weekly_9[-1]",
    "weekly_4": "hourly_9 over 14 days",
    "monthly_4": "daily_9 over 3 months, monthly_9[-12..-1]",
}
SPANS = {"month": ("2026-06-01", "2026-07-01"), "year": ("2026-01-01", "2027-01-01")}
FORMATS = ("json", "text")


def main() -> None:
    with TemporaryDirectory(prefix="pipec-bench-") as name:
        file = Path(name, "bench.pipe.yaml")
        file.write_text("\n".join(pipeline()) + "\n", encoding="utf-8")
        cache = {"XDG_CACHE_HOME": str(Path(name, "cache"))}
        cost((*PIPEC, "check", str(file)), **cache)  # Makes the tables of the grammars.

        plans = {
            (form, span): (
                *(*PIPEC, "plan", str(file), "--format", form),
                *("--from", begin, "--to", end),
            )
            for form in FORMATS
            for span, (begin, end) in SPANS.items()
        }
        sizes = {span: _size(lines(plans["json", span], **cache)) for span in SPANS}
        runs = {
            f"{form} {span}": lambda command=command: cost(command, **cache)
            for (form, span), command in plans.items()
        }
        costs = in_turns(runs, repetitions=3)
    print(f"{ACTIVITIES * len(SCHEDULES)} activities on {len(SCHEDULES)} schedules, medians of 3")
    for span, (instances, needs) in sizes.items():
        print(f"  a {span}: {instances} instances, which need {needs}")
    print("                    wall s   cpu s   instances/s   peak MB")
    for form, span in plans:
        found = costs[f"{form} {span}"]
        rate = sizes[span][0] / found.wall
        print(
            f"  pipec plan, {form} {span:6}{found.wall:8.2f}{found.cpu:8.2f}"
            f"{rate:14.0f}{found.peak / 1e6:10.1f}"
        )
    for form in FORMATS:
        month, year = costs[f"{form} month"], costs[f"{form} year"]
        print(
            f"  {form}, year for month{year.wall / month.wall:11.2f}{year.cpu / month.cpu:8.2f}"
            f"{year.peak / month.peak:24.2f}"
        )
    print("    wanted: the year in seconds, in the memory of the month")


def pipeline() -> Iterator[str]:
    """The lines of the pipeline."""
    names = {schedule: [f"{schedule}_{one}" for one in range(ACTIVITIES)] for schedule in SCHEDULES}
    yield "pipeline: bench"
    yield "schedules:"
    yield from (f"  {schedule}: {text}" for schedule, text in SCHEDULES.items())
    yield "connections: {db: postgres}"
    yield "datanodes:"
    yield from (f"  {name}: sql db.public.{name}" for own in names.values() for name in own)
    yield "activities:"
    for schedule, own in names.items():
        for before, name in zip(("", *own), own, strict=False):
            inputs = ", ".join(filter(None, (before, READS.get(name))))
            yield f"  make_{name}: {{shell: ./make {name}, flow: '{inputs} -> {name}', schedule: {schedule}}}"


def _size(document: Iterator[str]) -> tuple[int, int]:
    """How many instances a plan as JSON lists, and how many needs."""
    instances = needs = 0
    for line in document:
        if '"due"' in line:
            instances += 1
            needs += line.count('"start"') - 1
    return instances, needs


if __name__ == "__main__":
    main()
