#!/usr/bin/env python3
"""Writes the page for the owner of the business: what was viewed on one day, where and by whom."""

import csv
import os
import sys
from collections import Counter
from html import escape
from pathlib import Path

KINDS = {"buyer": "#1b6e53", "regular": "#4a9d7c", "new": "#e0a030", "guest": "#b9c0c4"}

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>What people look at, {day}</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; color: #22302b; max-width: 46rem; margin: 3rem auto; padding: 0 1rem }}
  h1 {{ font-size: 1.6rem; margin-bottom: 0 }}
  h2 {{ font-size: 1.1rem; margin-top: 2.5rem }}
  p.lead {{ color: #5b6b65; margin-top: .2rem }}
  table {{ border-collapse: collapse; width: 100% }}
  th, td {{ text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #e3e8e5 }}
  th {{ font-weight: 600; color: #5b6b65 }}
  td.number, th.number {{ text-align: right; font-variant-numeric: tabular-nums }}
  svg text {{ font: 13px system-ui, sans-serif; fill: #22302b }}
</style>
<h1>What people look at</h1>
<p class="lead">{day}: {total} pages viewed in {regions} regions.</p>
<h2>Views by region and kind of user</h2>
{chart}
<h2>What each of them likes best</h2>
<table>
<tr><th>Region<th>Kind of user<th>Section<th class="number">Views<th class="number">Share</tr>
{rows}
</table>
</html>
"""


def main(day: str, source: Path, target: Path) -> None:
    views: Counter[tuple[str, str, str]] = Counter()
    for file in sorted(source.glob("*.csv")):
        with file.open(newline="") as lines:
            for _day, region, kind, section, count in csv.reader(lines):
                views[region, kind, section] += int(count)
    regions = Counter()
    for (region, _kind, _section), count in views.items():
        regions[region] += count
    page = PAGE.format(
        day=escape(day),
        total=f"{views.total():,}",
        regions=len(regions),
        chart=chart(views, regions),
        rows="\n".join(favourites(views)),
    )
    (target / "index.html").write_text(page, encoding="utf-8")
    print(f"{views.total()} views on {day}")


def chart(views: Counter, regions: Counter) -> str:
    """One bar for each region, the largest first, with a stretch for each kind of user."""
    left, width, step = 110, 560, 34
    scale = width / max(regions.values(), default=1)
    parts = []
    for row, (region, total) in enumerate(regions.most_common()):
        y, x = row * step, float(left)
        parts.append(
            f'<text x="{left - 10}" y="{y + 17}" text-anchor="end">{escape(region)}</text>'
        )
        for kind, colour in KINDS.items():
            count = sum(n for (r, k, _), n in views.items() if (r, k) == (region, kind))
            title = f"<title>{escape(region)}, {kind}: {count}</title>"
            size = f'x="{x:.1f}" y="{y}" width="{count * scale:.1f}" height="24"'
            parts.append(f'<rect {size} fill="{colour}">{title}</rect>')
            x += count * scale
        parts.append(f'<text x="{x + 8:.1f}" y="{y + 17}">{total}</text>')
    below = len(regions) * step + 12
    for place, (kind, colour) in enumerate(KINDS.items()):
        x = left + place * 100
        parts.append(f'<rect x="{x}" y="{below}" width="14" height="14" fill="{colour}"/>')
        parts.append(f'<text x="{x + 20}" y="{below + 12}">{kind}</text>')
    size = f'viewBox="0 0 {left + width + 60} {below + 20}" width="100%"'
    return f'<svg {size} role="img" aria-label="Views by region">\n' + "\n".join(parts) + "\n</svg>"


def favourites(views: Counter) -> list[str]:
    """A row of the table for each region and kind of user: the section viewed most."""
    rows = []
    for region, kind in sorted({(region, kind) for region, kind, _ in views}):
        sections = {s: n for (r, k, s), n in views.items() if (r, k) == (region, kind)}
        best = min(sections, key=lambda section: (-sections[section], section))
        share = sections[best] / sum(sections.values())
        cells = "".join(f"<td>{escape(text)}" for text in (region, kind, best))
        numbers = f'<td class="number">{sections[best]}<td class="number">{share:.0%}'
        rows.append(f"<tr>{cells}{numbers}</tr>")
    return rows


main(sys.argv[1], Path(os.environ["INPUT1_STAGING_DIR"]), Path(os.environ["OUTPUT1_STAGING_DIR"]))
