"""No object waits for more instances of another than the service counts."""

from __future__ import annotations

from collections.abc import Iterator

from pipec.definition.catalogue import catalogue
from pipec.definition.checks.bounds import OutOfBounds
from pipec.definition.checks.facts import called, type_of
from pipec.definition.inherit import Resolved, resolved
from pipec.definition.periods import Period, period
from pipec.definition.values import Definition
from pipec.diagnostic import Report
from pipec.source import Span


def check_instances(definition: Definition, report: Report) -> None:
    """Report each object that needs too many instances of one with a shorter period."""
    most = catalogue().limits["instances_into_object"]
    known = {one.object.id: one for one in reversed(resolved(definition))}
    for one in known.values():
        for waits, ready, at in _needs(one, known):
            outer, inner = _period(waits, known), _period(ready, known)
            count = outer.fits(inner) if outer and inner else 0
            if count > most:
                names = (
                    f"{called(waits.object)} waits for {count} instances of {called(ready.object)}"
                )
                bound = f"at most {most}: put an object with a period in between"
                report.add(OutOfBounds(at, names, bound))


def _needs(one: Resolved, known: dict[str, Resolved]) -> Iterator[tuple[Resolved, Resolved, Span]]:
    """Pairs of what waits and what it waits for, as far as this object says them."""
    for name in ("input", "dependsOn", "output"):
        field = one.get(name) if type_of(one.object) is not None else None
        for reference in field.references if field is not None else ():
            other = known.get(reference.id)
            if other is not None:
                yield (
                    (other, one, reference.span)
                    if name == "output"
                    else (one, other, reference.span)
                )


def _period(one: Resolved, known: dict[str, Resolved]) -> Period | None:
    """How often the object runs; None when that is not known, or when it is asked for."""
    type_, schedule = one.get("scheduleType"), one.get("schedule")
    if schedule is None or not schedule.references or (type_ and type_.text.lower() == "ondemand"):
        return None
    followed = known.get(schedule.references[0].id)
    length = followed.get("period") if followed is not None else None
    return period(length.text) if length is not None else None
