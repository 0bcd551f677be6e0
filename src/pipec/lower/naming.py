"""What can be a name."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.fields.reader import Reader
from pipec.fields.scalars import a
from pipec.syntax import Scalar


def name_problem(name: Scalar, sort: str, reader: Reader) -> bool:
    """True, reported, when `name` cannot be the name of something."""
    if name.value in RESERVED:
        reader.report.add(ReservedName(name.span, name.value))
        return True
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,199}", name.value):
        reader.report.add(BadName(name.span, a(sort), name.value[:60]))
        return True
    return False


RESERVED = ("start", "end", "run", "node", "self", "input", "output", "inputs", "outputs")


@diagnostic
class BadName(Diagnostic):
    """Names are made of letters, digits and underscores, and start with a letter.

    A dot is kept for the copies of a matrix (`load.1`) and for other files (`shop.orders`).
    """

    code = "P107"
    title = "Not a name"
    message = "`{name}` cannot be the name of {sort}"
    help = "use letters, digits and underscores, and start with a letter"
    fails = """
        pipeline: shop
        activities:
          mail.customers: {shell: echo}    # P107 mail.customers
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail_customers: {shell: echo}
        """

    sort: str
    name: str


@diagnostic
class ReservedName(Diagnostic):
    """`start end run self node input output inputs outputs` mean something in every expression."""

    code = "P108"
    title = "Reserved name"
    message = "`{name}` has a meaning of its own in expressions"
    help = "choose another name"
    fails = """
        pipeline: shop
        activities:
          start: {shell: echo}    # P108 start
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          begin: {shell: echo}
        """

    name: str


@diagnostic
class NameTwice(Diagnostic):
    """A name stands for one thing in the whole file, whatever section it is in."""

    code = "P114"
    title = "Name given twice"
    message = "`{name}` is the name of something else already, in line {line}"
    help = "give one of them another name"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          orders: {shell: echo}    # P114 orders
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes:
          orders: s3 s3://shop/orders/
        activities:
          fetch_orders: {shell: echo}
        """

    name: str
    line: int
