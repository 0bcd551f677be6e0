"""Places, most of all in S3."""

from __future__ import annotations

import re
from typing import Any

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.scalars import starting_with
from pipec.syntax import Tree
from pipec.values import Text, known


def in_s3(example: str) -> FieldType:
    """A place in S3, in a bucket that can be there."""
    place = starting_with("s3://", example)

    def read(tree: Tree, reader: Reader) -> Any:
        found = place.read(tree, reader)
        name = bucket(found) if found is not None else None
        if name is not None and not BUCKET.fullmatch(name):
            reader.report.add(NotABucket(tree.span, name[:80]))
            return None
        return found

    return FieldType(place.name, read)


BUCKET = re.compile(r"(?!.*\.\.)(?!(?:\d+\.){3}\d+$)[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
"""The names that buckets have. Old ones may hold capitals and `_`, new ones may not."""


def bucket(place: Text) -> str | None:
    """The bucket of a place, if all of its name is known before the run."""
    first = known(place.pieces[0]) if place.pieces else ""
    if first is None:
        return None
    name, slash, _ = first.removeprefix("s3://").partition("/")
    return name if slash or len(place.pieces) == 1 else None


def is_folder(place: Text) -> bool:
    """Whether a place ends with a slash, as those of folders do."""
    return bool(place.pieces) and (known(place.pieces[-1]) or "").endswith("/")


@diagnostic
class NotABucket(Diagnostic):
    """Names of buckets have 3 to 63 characters: letters of English, digits, `.` and `-`, in old ones also `_`.

    They begin and end with a letter or a digit. S3 makes no new ones with capitals.
    """

    code = "P299"
    title = "Not the name of a bucket"
    message = "S3 has no buckets called `{name}`"
    help = "write 3 to 63 letters, digits, `.` or `-` after `s3://`"
    fails = """
        pipeline: shop
        datanodes:
          orders: {s3: s3://my shop/orders/}    # P299 s3://my shop/orders/
        """
    fixed = """
        pipeline: shop
        datanodes:
          orders: {s3: s3://my-shop/orders/}
        """

    name: str
