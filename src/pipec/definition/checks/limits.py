"""Nothing is longer, and nothing more, than the service takes."""

from __future__ import annotations

from collections.abc import Iterator

from pipec.definition.catalogue import catalogue
from pipec.definition.checks.bounds import OutOfBounds
from pipec.definition.values import Definition, Object, Reference
from pipec.diagnostic import Report
from pipec.source import Span


def check_limits(definition: Definition, report: Report) -> None:
    """Report each object, id, name and value that is larger than the service takes."""
    limits = catalogue().limits
    for one in definition.objects:
        fields = sum(len(field.values) for field in one.fields)
        if fields > limits["fields_of_object"]:
            found = f"this object has {fields} fields, those of lists counted one by one"
            report.add(OutOfBounds(one.at, found, f"at most {limits['fields_of_object']}"))
        whole = 0
        for size, span, what, limit in _sizes(one):
            whole += size
            if size > limits[limit]:
                found = f"{what} has {size} bytes"
                report.add(OutOfBounds(span, found, f"at most {limits[limit]}"))
        if whole > limits["bytes_of_object"]:
            most = f"at most {limits['bytes_of_object']}, names of fields counted in"
            report.add(OutOfBounds(one.at, f"this object has {whole} bytes", most))
    if len(definition.parameters) > limits["parameters"]:
        first = definition.parameters[limits["parameters"]]
        found = f"{len(definition.parameters)} parameters are declared"
        report.add(OutOfBounds(first.at, found, f"at most {limits['parameters']}"))


def _sizes(one: Object) -> Iterator[tuple[int, Span, str, str]]:
    """The parts of an object: how large, where, what, and the name of their limit."""
    yield _bytes(one.id), one.at, "the id", "bytes_of_id"
    for field in one.fields:
        for number, value in enumerate(field.values):
            if number == 0:
                yield _bytes(field.key.value), field.key.span, "the name of a field", "bytes_of_id"
            if isinstance(value, Reference):
                yield _bytes(value.id), value.span, "the id", "bytes_of_id"
            else:
                name = f"`{field.key.value[:80]}`"
                yield _bytes(value.value), value.span, name, "bytes_of_field"


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
