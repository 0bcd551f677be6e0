"""Whether a function is called with what it takes."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, counted, diagnostic, did_you_mean, listed
from pipec.expression.functions import FUNCTIONS, Function
from pipec.expression.tree import Call, Place
from pipec.expression.types import Type, fits


def check_call(
    call: Call, given: tuple[Type, ...] | None, at: Place, report: Report
) -> Type | None:
    """The type that `call` gives, when its arguments are of the types `given`.

    `given` is None when the type of some argument is not known; None comes back when there is no
    such function.
    """
    name = at(call.start, call.start + len(call.function))
    function = FUNCTIONS.get(call.function)
    if function is None:
        report.add(UnknownFunction(name, call.function, _other_function(call.function)))
        return None
    wanted = function.signatures[0].takes
    if len(call.arguments) != len(wanted):
        count, those = len(call.arguments), _takes(function)
        many = counted(len(wanted), "value")
        report.add(WrongArgumentCount(name, call.function, count, many, those))
    elif given is not None and function.signature(given) is None:
        for index, (argument, type) in enumerate(zip(call.arguments, given, strict=True)):
            accepted = dict.fromkeys(str(one.takes[index]) for one in function.signatures)
            if not any(fits(type, one.takes[index]) for one in function.signatures):
                span = at(argument.start, argument.end)
                those = " or ".join(accepted)
                report.add(WrongArgument(span, call.function, index + 1, type.described, those))
    # What a function gives does not depend on what it is given, so the rest can be checked.
    return function.signatures[0].gives


@diagnostic
class UnknownFunction(Diagnostic):
    """A function is called that the language does not have.

    Functions take apart and move datetimes, and are all in the language reference. Their names
    are written as in AWS Data Pipeline: `plusDays`, `firstOfMonth`, `makeDate`.
    """

    code = "P240"
    title = "Unknown function"
    message = "no function is called `{function}`"
    help = "{advice}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ addDays(start, 1) }}     # P240 addDays
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ plusDays(start, 1) }}
        """

    function: str
    advice: str


@diagnostic
class WrongArgumentCount(Diagnostic):
    """A function is given more or fewer values than it takes.

    Every function takes a fixed number of values, in a fixed order.
    """

    code = "P241"
    title = "Wrong number of arguments"
    message = "`{function}` takes {wanted}, not {given}"
    help = "write `{function}({takes})`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ plusDays(start) }}     # P241 plusDays
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ plusDays(start, 1) }}
        """

    function: str
    given: int
    wanted: str
    takes: str


@diagnostic
class WrongArgument(Diagnostic):
    """A function is given a value of a type that it does not take at that place.

    An int goes where a double is asked for, and an s3 or sns value where a string is. Nothing
    else changes its type by itself.
    """

    code = "P242"
    title = "Wrong argument"
    message = "argument {place} of `{function}` is {given}"
    help = "`{function}` takes there: {wanted}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ plusDays(start, '1') }}     # P242 '1'
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ plusDays(start, 1) }}
        """

    function: str
    place: int
    given: str
    wanted: str


def _takes(function: Function) -> str:
    return ", ".join(map(str, function.signatures[0].takes))


def _other_function(name: str) -> str:
    if name == "undecided":  # As an imported pipeline has it.
        return "write what is meant here: it could not be translated"
    if "." in name:  # As in Data Pipeline: @scheduledStartTime.format('YYYY')
        value, _, method = name.rpartition(".")
        if method in FUNCTIONS:
            more = "" if len(FUNCTIONS[method].signatures[0].takes) == 1 else ", ..."
            return f"write `{method}({value}{more})`"

    if name.startswith(("add", "subtract")):
        unit = name.removeprefix("add").removeprefix("subtract")
        name = ("plus" if name.startswith("add") else "minus") + unit
        if name in FUNCTIONS:
            return f"did you mean `{name}`?"
    return did_you_mean(name, FUNCTIONS, f"the functions are {listed(FUNCTIONS)}")
