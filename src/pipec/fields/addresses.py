"""Whom mail goes to."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.expression import show
from pipec.expression.tree import Literal
from pipec.fields.collections import list_of
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, expect_scalar, what
from pipec.syntax import Scalar, Tree
from pipec.values import Text


def _read_some(tree: Tree, reader: Reader) -> tuple[Text, ...] | None:
    """The addresses in one text, divided by commas; it stays one text if only the run knows it."""
    found = expect_scalar(tree, "a mail address", reader)
    if found is None:
        return None
    text = reader.text(found)
    known = ""
    for one in text.pieces:
        if isinstance(one, str):
            known += one
        elif isinstance(one.expr, Literal):
            known += show(one.expr.value)
        else:
            return (text,)
    parts = [one for one in _PART.finditer(known) if one[0].strip()]
    if not parts:
        reader.report.add(WrongType(found.span, "a mail address", what(found)))
        return None
    read = [_address(one, found, text, reader) for one in parts]
    return tuple(one for one in read if one) if None not in read else None


def _address(part: re.Match[str], written: Scalar, text: Text, reader: Reader) -> Text | None:
    address = part[0].strip()
    start = part.start() + part[0].index(address)
    given = text.constant is None  # By a parameter: its value stands elsewhere.
    span = written.span if given else written.part(start, start + len(address))
    if _ADDRESS.fullmatch(address):
        return Text((address,), span)
    reader.report.add(NotAnAddress(span, " ".join(address.split())[:60]))
    return None


SMTP = "smtp_default"
"""The connection of Airflow that mail goes through, unless another is named."""

_PART = re.compile(r'(?:"[^"]*"|[^,])+')
_ADDRESS = re.compile(
    r'(?:"[^"\r\n]*" *|[^"<>@,;\r\n]*)<[^\s"<>@,;:()]+@[^\s"<>@,;:()/]+>'
    r'|[^\s"<>@,;:()]+@[^\s"<>@,;:()/]+'
)
_several = list_of(FieldType("mail address", _read_some))


def _read_addresses(tree: Tree, reader: Reader) -> tuple[Text, ...] | None:
    found = _several.read(tree, reader)
    if found == ():
        reader.report.add(WrongType(tree.span, "a mail address", "an empty list"))
    return tuple(one for some in found for one in some) if found else None


addresses = FieldType("mail addresses, such as `a@example.com, b@example.com`", _read_addresses)


@diagnostic
class NotAnAddress(Diagnostic):
    """Mail goes to addresses, alone or after a name: `Shop <shop@example.com>`.

    Several are divided by commas, or make a list.
    """

    code = "P441"
    title = "Not a mail address"
    message = "`{found}` is not a mail address"
    fails = """
        pipeline: shop
        notifications:
          oncall: {mail: "owner@example.com; staff", message: it failed}    # P441 owner@example.com; staff
        """
    fixed = """
        pipeline: shop
        notifications:
          oncall: {mail: "owner@example.com, staff@example.com", message: it failed}
        """

    found: str

    def hint(self) -> str:
        """What an address looks like, or what divides several."""
        if re.match(r"[^\s;]+@[^\s;]+[\s;]", self.found):
            return "several addresses are divided by commas"
        return "write `name@example.com`, or `Name <name@example.com>`"
