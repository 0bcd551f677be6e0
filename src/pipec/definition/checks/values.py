"""What a field holds can be read as what the service takes it for, and is within its bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pipec.definition.catalogue import FieldFacts, catalogue
from pipec.definition.checks.bounds import OutOfBounds
from pipec.definition.checks.facts import facts, is_evaluated, is_own
from pipec.definition.periods import period
from pipec.definition.values import Definition, Field
from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.syntax import Scalar


def check_values(definition: Definition, report: Report) -> None:
    """Report each text that is no number, word, date or length where one is needed."""
    for one in definition.objects:
        for field in one.fields:
            known = None if is_own(field.key.value) else facts(one, field.key.value)
            if known is not None and not known.by_service:
                _check(field, known, report)
    for parameter in definition.parameters:
        for field in parameter.fields:
            known = catalogue().parameter.get(field.key.value)
            if known is not None:
                _check(field, known, report)


def _check(field: Field, known: FieldFacts, report: Report) -> None:
    for value in field.values:
        if not isinstance(value, Scalar) or not value.value or is_evaluated(value.value):
            continue
        found = value.value
        if found in known.also:
            continue
        if known.one_of and not _among(found, known.one_of):
            near = did_you_mean(found, known.one_of, f"it is one of {listed(known.one_of)}")
            report.add(WrongValue(value.span, known.name, found[:80], near))
        elif known.slot in _SLOTS and not _SLOTS[known.slot][0](found):
            report.add(WrongValue(value.span, known.name, found[:80], _SLOTS[known.slot][1]))
        elif (known.least and _size(found) < _size(known.least)) or (
            known.most and _size(found) > _size(known.most)
        ):
            report.add(OutOfBounds(value.span, f"`{known.name}` is `{found[:80]}`", _bounds(known)))


def _among(found: str, words: Iterable[str]) -> bool:
    return found.lower() in (word.lower() for word in words)


def _is_number(found: str) -> bool:
    return re.fullmatch(r"\s*[0-9]*\.?[0-9]+\s*", found) is not None


_SLOTS: dict[str, tuple[Callable[[str], bool], str]] = {
    "boolean": (lambda it: _among(it.strip(), ("true", "false")), "it is `true` or `false`"),
    "integer": (lambda it: it.strip().isdecimal(), "it is a whole number"),
    "double": (_is_number, "it is a number, such as `0.5`"),
    "period": (
        lambda it: period(it) is not None or it.strip().isdecimal(),
        "it is a number and a unit: minutes, hours, days, weeks, months or years, such as `15 minutes`",
    ),
    "datetime": (
        lambda it: (
            re.fullmatch(r"\s*\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?Z?\s*", it) is not None
        ),
        "it is a time of UTC, such as `2026-01-31T00:00:00`",
    ),
}
"""What each slot takes. A bare number is a length of hours, as the page of one type has it."""


def _size(text: str) -> float:
    length = period(text)
    if length is not None:
        return length.minutes
    return float(text) if _is_number(text) else 0


def _bounds(known: FieldFacts) -> str:
    if known.least and known.most:
        return f"between {known.least} and {known.most}"
    return f"at least {known.least}" if known.least else f"at most {known.most}"


@diagnostic
class WrongValue(Diagnostic):
    """A field takes certain words, or a number, a date, a length of time.

    Upper and lower case do not matter. What holds an expression is not looked at: it is
    evaluated when the pipeline runs.
    """

    code = "P532"
    title = "Value that the field does not take"
    message = "`{field}` does not take `{found}`"
    help = "{wanted}"
    fails = """
        {"objects": [
          {"id": "Default", "scheduleType": "crom"}    # P532 "crom"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "scheduleType": "CRON"}
        ]}
        """

    field: str
    found: str
    wanted: str
