"""The fields of an object that only AWS Data Pipeline knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipec.fields.collections import list_of, mapping_of
from pipec.fields.key import EMPTY, key
from pipec.fields.scalars import text


def for_datapipeline() -> Any:
    """The key of such fields: each by its name there, with one text or several."""
    return key(_fields, "Fields for AWS Data Pipeline alone.", default=EMPTY)


_fields = replace(
    mapping_of(
        list_of(text),
        names=r"[A-Za-z][A-Za-z0-9_]*",
        advice="a field of AWS Data Pipeline has letters and digits, as in `pipelineLogUri`",
    ),
    name="mapping to texts or lists of them",
)
