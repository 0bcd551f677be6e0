"""Nothing inherits from itself."""

from __future__ import annotations

from pipec.definition.inherit import parents
from pipec.definition.values import Definition, Object
from pipec.diagnostic import Diagnostic, Report, diagnostic


def check_parents(definition: Definition, report: Report) -> None:
    """Report each circle of parents, once."""
    known = {one.id: one for one in reversed(definition.objects)}
    done: set[str] = set()
    for one in definition.objects:
        path = _circle(one, known, done)
        if path:
            field = path[-1].get("parent")
            span = field.references[0].span if field and field.references else path[-1].at
            words = " -> ".join(f"`{it.id[:80]}`" for it in (*path, path[0]))
            report.add(ParentCircle(span, words))


def _circle(start: Object, known: dict[str, Object], done: set[str]) -> list[Object]:
    """The objects of a circle that `start` leads into and that was not seen before."""
    path: list[Object] = []
    open_: list[tuple[Object, list[str]]] = [(start, list(parents(start)))]
    path.append(start)
    while open_:
        one, left = open_[-1]
        if one.id in done or not left:
            done.add(one.id)
            open_.pop()
            path.pop()
            continue
        following = known.get(left.pop(0))
        if following is None:
            continue
        if following in path:
            circle = path[path.index(following) :]
            done.update(it.id for it in path)
            return circle
        open_.append((following, list(parents(following))))
        path.append(following)
    return []


@diagnostic
class ParentCircle(Diagnostic):
    """An object inherits from its parents and theirs. A circle of them has no beginning."""

    code = "P537"
    title = "Circle of parents"
    message = "an object inherits from itself: {circle}"
    help = "leave out one `parent`"
    fails = """
        {"objects": [
          {"id": "Daily", "parent": {"ref": "Often"}, "scheduleType": "cron"},
          {"id": "Often", "parent": {"ref": "Daily"}, "maximumRetries": "1"}    # P537 {"ref": "Daily"}
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Daily", "parent": {"ref": "Often"}, "scheduleType": "cron"},
          {"id": "Often", "maximumRetries": "1"},
          {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv", "parent": {"ref": "Daily"}}
        ]}
        """

    circle: str
