"""No object says two things of which one excludes the other."""

from __future__ import annotations

from pipec.definition.checks.facts import called, type_of
from pipec.definition.inherit import resolved
from pipec.definition.values import Definition
from pipec.diagnostic import Diagnostic, Report, diagnostic


def check_exclusive(definition: Definition, report: Report) -> None:
    """Report each pair of fields that exclude each other."""
    for one in resolved(definition):
        type_ = type_of(one.object)
        for pair in type_.not_both if type_ is not None else ():
            fields = [field for field in map(one.get, pair) if field is not None]
            if len(fields) == 2:
                own = [field for field in fields if one.own(field.key.value)]
                said = (own or fields)[-1].key
                other = next(it.key.value for it in fields if it.key is not said)
                report.add(NotBoth(said.span, called(one.object), said.value, other))


@diagnostic
class NotBoth(Diagnostic):
    """Some fields say the same in two ways: a command or a script, an end or a number of runs."""

    code = "P539"
    title = "One or the other"
    message = "{object} has `{field}` and `{other}`, which exclude each other"
    help = "leave out one of them"
    fails = """
        {"objects": [
          {"id": "Daily", "type": "Schedule", "period": "1 day", "startDateTime": "2026-01-01T00:00:00",
           "endDateTime": "2026-02-01T00:00:00",
           "occurrences": "31"}    # P539 "occurrences"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Daily", "type": "Schedule", "period": "1 day", "startDateTime": "2026-01-01T00:00:00",
           "occurrences": "31"}
        ]}
        """

    object: str
    field: str
    other: str
