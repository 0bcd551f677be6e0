"""The field that says how much of something may be taken."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.fields.reader import Reader
from pipec.fields.scalars import scalar
from pipec.syntax import Scalar


def _share(it: Scalar, reader: Reader) -> float | None:
    found = it.value.strip()
    if re.fullmatch(r"0\.[1-9]\d*|1(\.0*)?", found):
        return float(found)
    reader.report.add(NotAShare(it.span, found[:60]))
    return None


share = scalar("share from 0.1 to 1.0", _share)


@diagnostic
class NotAShare(Diagnostic):
    """Of the capacity that a table of DynamoDB has, work takes a tenth at least, and all at most."""

    code = "P477"
    title = "Not a share"
    message = "`{found}` is no share of a table's capacity"
    help = "write a number from 0.1 to 1.0"
    fails = """
        pipeline: shop
        datanodes:
          purchases: {dynamodb: purchases, read_share: 50}    # P477 50
        """
    fixed = """
        pipeline: shop
        datanodes:
          purchases: {dynamodb: purchases, read_share: 0.5}
        """

    found: str
