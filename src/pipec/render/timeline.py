"""A plan as a picture: time from left to right, a row for each object, an arrow for each need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

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
SLIVER = 4
"""The width of a box for an interval that has no length, or nearly none."""

STYLE = """\
text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: #24292f }
.dim { fill: #6e7781 } .line { stroke: #d0d7de } .need { stroke: #8c959f; fill: none }
.activity { fill: #54aeff; stroke: #0969da } .datanode { fill: #aceebb; stroke: #1a7f37 }
.precondition { fill: #fae17d; stroke: #9a6700 } .resource { fill: #d8b9ff; stroke: #8250df }
"""


@dataclass(frozen=True)
class _Scale:
    """Where a moment stands, from left to right."""

    begin: datetime
    length: timedelta
    left: float

    def x(self, at: datetime) -> float:
        return round(self.left + TIME * ((at - self.begin) / self.length), 1)


def timeline(instances: Sequence[Instance]) -> str:
    """The picture, as SVG."""
    rows = {name: place for place, name in enumerate(dict.fromkeys(it.name for it in instances))}
    left = max((columns(name) for name in rows), default=8) * LETTER + 24
    scale = _scale(instances, left)
    size = (round(left + TIME + 24), TOP + ROW * max(len(rows), 1) + 10)
    boxes = {(it.name, it.start): it for it in instances}
    arrows = [
        _arrow(boxes[need], it, rows, scale)
        for it in instances
        for need in it.needs
        if need in boxes
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}"'
        f' viewBox="0 0 {size[0]} {size[1]}">',
        f"<style>\n{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6"'
        ' orient="auto"><path d="M0 0L6 3L0 6z" fill="#8c959f"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *_axis(scale, size[1]),
        *(_label(name, place, size[0]) for name, place in rows.items()),
        *(_box(it, rows[it.name], scale) for it in instances),
        *arrows,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _scale(instances: Iterable[Instance], left: float) -> _Scale:
    moments = [at for it in instances for at in (it.start, it.end)]
    if not moments:
        moments = [datetime.fromisoformat("1970-01-01T00:00+00:00")]
    return _Scale(min(moments), max(max(moments) - min(moments), timedelta(seconds=1)), left)


def _axis(scale: _Scale, height: int) -> list[str]:
    """The time at the top, with a line downwards for each step."""
    steps = 4
    found = []
    for step in range(steps + 1):
        at = scale.begin + timedelta(seconds=int(scale.length.total_seconds() * step / steps))
        x = scale.x(at)
        anchor = ("start", "middle", "end")[(step > 0) + (step == steps)]
        found.append(f'<line class="line" x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height - 10}"/>')
        found.append(
            f'<text class="dim" x="{x}" y="{TOP - 16}" text-anchor="{anchor}">{moment(at)}</text>'
        )
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
    down = rows[source.name] < rows[target.name]
    x1, x2 = _middle(source, scale), _middle(target, scale)
    if source.end - source.start < target.end - target.start:
        # Many small ones lead into a large one: each straight down, not all into its middle.
        x2 = min(max(x1, _sides(target, scale)[0] + 2), _sides(target, scale)[1] - 2)
    elif source.end - source.start > target.end - target.start:
        x1 = min(max(x2, _sides(source, scale)[0] + 2), _sides(source, scale)[1] - 2)
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


def _middle(it: Instance, scale: _Scale) -> float:
    return round(sum(_sides(it, scale)) / 2, 1)
