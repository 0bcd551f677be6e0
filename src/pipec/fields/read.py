"""The fields of an object, read from a mapping by the declarations of its class."""

from __future__ import annotations

from typing import Any

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed
from pipec.fields.key import keys
from pipec.fields.reader import Reader
from pipec.syntax import Mapping


def read_fields(cls: type, tree: Mapping, reader: Reader, owner: str) -> dict[str, Any] | None:
    """The values of the declared fields of `cls`, by attribute; None when one is missing.

    Fields that are not given are left out. Unknown keys, wrong values and missing fields are
    reported; `owner` names the object in these messages.
    """
    declared = keys(cls)
    given: dict[str, Any] = {}
    broken = False
    for name, value in tree:
        field = declared.get(name.value)
        if field is None:
            near = did_you_mean(name.value, declared, f"it takes {listed(declared, 40)}")
            reader.report.add(UnknownKey(name.span, name.value, owner, near))
            continue
        found = field.type.read(value, reader)
        if found is None:
            broken = broken or field.required
        else:
            given[field.attribute] = found
    for field in declared.values():
        if field.required and tree.get(field.name) is None:
            reader.report.add(
                MissingField(tree.span.part(0, 0), owner, field.name, field.type.name)
            )
            broken = True
    return None if broken else given


@diagnostic
class UnknownKey(Diagnostic):
    """An object takes the keys of its kind and those common to all objects of its section."""

    code = "P101"
    title = "Unknown key"
    message = "{owner} has no `{key}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            shedule: daily    # P101 shedule
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          mail:
            shell: echo mail
            schedule: daily
        """

    key: str
    owner: str
    near: str


@diagnostic
class MissingField(Diagnostic):
    """Some fields of an object must be given."""

    code = "P102"
    title = "Missing field"
    message = "{owner} needs a `{field}`"
    help = "`{field}` takes a {type}"
    fails = """
        pipeline: shop
        notifications:
          oncall:
            sns: arn:aws:sns:us-east-1:111122223333:shop    # P102 sns
            subject: late
        """
    fixed = """
        pipeline: shop
        notifications:
          oncall:
            sns: arn:aws:sns:us-east-1:111122223333:shop
            subject: late
            message: the shop is late
        """

    owner: str
    field: str
    type: str
