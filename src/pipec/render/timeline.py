"""A plan as a picture: time from left to right, a row for each object, an arrow for each need."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from pipec.diagnostic import counted
from pipec.plan import Instance
from pipec.render.characters import width as columns
from pipec.render.moment import interval, moment

ROW = 30
BOX = 18
TOP = 46
LETTER = 7.2
"""About the width of a letter, in the font of the labels."""
TIME = 960
"""The width of all the time there is."""
BELOW = 34
"""The height of the legend."""
SLIVER = 4
"""The width of a box for an interval that has no length, or nearly none."""
LANE = 9
LANES = 8
"""How far apart arrows past rows are, and how many of them are beside each other."""

STYLE = """\
text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: #24292f }
rect { fill-opacity: 0.7 }
.dim { fill: #6e7781 } .line { stroke: #d0d7de } .need { stroke: #8c959f; fill: none }
.far { stroke-dasharray: 4 3 }
.activity { fill: #54aeff; stroke: #0969da } .datanode { fill: #aceebb; stroke: #1a7f37 }
.precondition { fill: #fae17d; stroke: #9a6700 } .resource { fill: #d8b9ff; stroke: #8250df }
"""


@dataclass(frozen=True)
class _Scale:
    """Where a moment stands, from left to right."""

    begin: datetime
    end: datetime
    left: float

    @property
    def length(self) -> timedelta:
        """How much time is shown: never none."""
        return max(self.end - self.begin, timedelta(seconds=1))

    def x(self, at: datetime) -> float:
        return round(self.left + TIME * ((at - self.begin) / self.length), 1)


def timeline(instances: Sequence[Instance], asked: tuple[datetime, datetime]) -> str:
    """The picture, as SVG: what is needed stands above what needs it.

    It shows the time that the instances take; that which was asked for if there are none.
    """
    rows = {name: place for place, name in enumerate(_in_order(instances))}
    left = max((columns(name) for name in rows), default=8) * LETTER + 30
    moments = [at for it in instances for at in (it.start, it.end)] or asked
    scale = _Scale(min(moments), max(moments), left)
    size = (round(left + TIME + 44), TOP + ROW * max(len(rows), 1) + BELOW)
    boxes = {(it.name, it.start): it for it in instances}
    arrows = [
        _arrow(boxes[need], it, rows, scale)
        for it in instances
        for need in it.needs
        if need in boxes
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}"'
        f' viewBox="0 0 {size[0]} {size[1]}" role="img">',
        f"<title>{counted(len(instances), 'instance')}, {interval(scale.begin, scale.end)}</title>",
        f"<style>\n{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6"'
        ' orient="auto"><path d="M0 0L6 3L0 6z" fill="#8c959f"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *_axis(scale, size[1] - BELOW),
        *(_label(name, place, size[0]) for name, place in rows.items()),
        # An arrow to a row far below goes behind the boxes in between, which let it shine through.
        *arrows,
        *_from_outside(instances, boxes, rows, scale),
        *(_box(it, rows[it.name], scale) for it in instances),
        *_legend(instances, left, size[1]),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _in_order(instances: Iterable[Instance]) -> list[str]:
    """The names of the objects, each below those that it needs where that can be.

    In a circle, which always is one through the past, it is below what it needs of its own time.
    """
    needed: dict[str, dict[str, None]] = {}
    at_once: dict[str, dict[str, None]] = {}
    for it in instances:
        needed.setdefault(it.name, {}).update((name, None) for name, _ in it.needs)
        at_once.setdefault(it.name, {}).update(
            (name, None) for name, start in it.needs if start >= it.start
        )
    return _below(at_once, _below(needed, needed))


def _below(needed: Mapping[str, Iterable[str]], names: Iterable[str]) -> list[str]:
    """The names, each after those that it needs, and otherwise in their order."""
    found: dict[str, None] = {}
    for first in names:
        # Depth first, with a stack of one's own: pipelines may be longer than Python's.
        path = [(first, iter(needed[first]))]
        on_path = {first}
        while path:
            name, further = path[-1]
            step = next(
                (it for it in further if it in needed and it not in on_path | set(found)), None
            )
            if step is None:
                path.pop()
                on_path.discard(name)
                found.setdefault(name)
            else:
                path.append((step, iter(needed[step])))
                on_path.add(step)
    return list(found)


MOST_STEPS = 8
STEPS = [
    *(timedelta(minutes=it) for it in (1, 5, 15, 30)),
    *(timedelta(hours=it) for it in (1, 3, 6, 12)),
    *(timedelta(days=it) for it in (1, 2, 7, 14, 28, 91, 182, 364, 1820, 18_200, 91_000)),
]
"""The distances that lines may have."""
MONDAY = datetime.fromisoformat("2001-01-01T00:00+00:00")


def _axis(scale: _Scale, height: int) -> list[str]:
    """The time at the top, with a line downwards at each round step; the date where a day begins."""
    step = next((it for it in STEPS if scale.length / it <= MOST_STEPS), STEPS[-1])
    at = scale.begin + (MONDAY - scale.begin) % step
    found = []
    last = ""
    while at <= scale.end:
        x, day = scale.x(at), f"{at:%Y-%m-%d}"
        text = day if f"{at:%H%M}" == "0000" or not last else f"{at:%H:%M}"
        if not last and f"{at:%H%M}" != "0000":
            text = moment(at)
        last = text
        found.append(f'<line class="line" x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height}"/>')
        found.append(f'<text class="dim" x="{x}" y="{TOP - 16}" text-anchor="middle">{text}</text>')
        at += step
    return found


def _from_outside(
    instances: Iterable[Instance],
    boxes: Container[tuple[str, datetime]],
    rows: Mapping[str, int],
    scale: _Scale,
) -> list[str]:
    """A dashed arrow where an instance needs others that lie before or after the time shown."""
    found = []
    for it in instances:
        outside = {
            (name, start < scale.begin)
            for name, start in it.needs
            if name in rows and (name, start) not in boxes
        }
        for name, before in sorted(outside):
            x1 = scale.left - 10 if before else scale.left + TIME + 10
            x2 = _sides(it, scale)[0] + 6 if before else _sides(it, scale)[1] - 6
            y1 = _top(rows[name]) + BOX / 2
            y2 = _top(rows[it.name]) + (0 if rows[name] < rows[it.name] else BOX)
            path = f"M{x1:g} {y1:g}C{x2:g} {y1:g} {x2:g} {y1:g} {x2:g} {y2:g}"
            found.append(f'<path class="need far" d="{path}" marker-end="url(#tip)"/>')
    return found


def _legend(instances: Iterable[Instance], left: float, height: int) -> list[str]:
    """What the colours mean, of those that there are; and a dashed arrow, if there may be one."""
    found = []
    x = left
    for kind in dict.fromkeys(it.kind for it in instances):
        y = height - 22
        found.append(
            f'<rect class="{kind}" x="{x:g}" y="{y}" width="16" height="12" rx="3"/>'
            f'<text class="dim" x="{x + 22:g}" y="{y + 10}">{kind}</text>'
        )
        x += columns(kind) * LETTER + 46
    return found


def _label(name: str, place: int, right: int) -> str:
    y = TOP + ROW * place
    return (
        f'<line class="line" x1="0" y1="{y}" x2="{right}" y2="{y}"/>'
        f'<text x="10" y="{y + ROW / 2 + 4:g}">{escape(name)}</text>'
    )


def _box(it: Instance, place: int, scale: _Scale) -> str:
    start, end = _sides(it, scale)
    title = f"{it.name} ({it.kind})\n{interval(it.start, it.end)}\ndue {moment(it.due)}"
    return (
        f'<rect class="{it.kind}" x="{start}" y="{_top(place):g}" width="{round(end - start, 1)}"'
        f' height="{BOX}" rx="3"><title>{escape(title)}</title></rect>'
    )


def _arrow(source: Instance, target: Instance, rows: dict[str, int], scale: _Scale) -> str:
    """From the box of what is needed to the box of what needs it."""
    above, below = rows[source.name], rows[target.name]
    down = above < below
    # What passes other rows does so beside the arrows between those, in a lane of its own row.
    lane = 0 if below == above + 1 else (1 + above % LANES) * (LANE if down else -LANE)
    x1, x2 = (_within(it, _middle(it, scale) + lane, scale) for it in (source, target))
    if source.end - source.start < target.end - target.start:
        # Many small ones lead into a large one: each straight down, not all into its middle.
        x2 = _within(target, x1, scale)
    elif source.end - source.start > target.end - target.start:
        x1 = _within(source, x2, scale)
    y1 = _top(rows[source.name]) + (BOX if down else 0)
    y2 = _top(rows[target.name]) + (0 if down else BOX)
    bend = round((y1 + y2) / 2, 1)
    path = f"M{x1:g} {y1:g}C{x1:g} {bend:g} {x2:g} {bend:g} {x2:g} {y2:g}"
    return f'<path class="need" d="{path}" marker-end="url(#tip)"/>'


def _top(place: int) -> float:
    return TOP + ROW * place + (ROW - BOX) / 2


def _sides(it: Instance, scale: _Scale) -> tuple[float, float]:
    start, end = scale.x(it.start), scale.x(it.end)
    gap = 1 if end - start > 2 * SLIVER else 0
    return start, max(round(end - gap, 1), start + SLIVER)


def _within(it: Instance, x: float, scale: _Scale) -> float:
    """Where the box is nearest to `x`."""
    start, end = _sides(it, scale)
    return round(min(max(x, start + 2), end - 2), 1)


def _middle(it: Instance, scale: _Scale) -> float:
    return round(sum(_sides(it, scale)) / 2, 1)
