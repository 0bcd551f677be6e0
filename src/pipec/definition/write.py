"""A definition becomes the JSON text that `aws datapipeline put-pipeline-definition` takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pipec.definition.values import Definition, Field, Value
from pipec.syntax import Scalar


def definition_text(definition: Definition, about: str = "") -> str:
    """The JSON of `definition`: its objects and fields in their order, indented as by hand.

    What it says `about` itself comes first, where the service does not see it.
    """
    whole: dict[str, Any] = {"metadata": {"about": about}} if about else {}
    whole |= {
        "objects": [
            {
                "id": one.id,
                "name": one.name,
                **({"type": one.type} if one.type else {}),
                **_fields(one.fields),
            }
            for one in definition.objects
        ]
    }
    if definition.parameters:
        whole["parameters"] = [
            {"id": one.id, **_fields(one.fields)} for one in definition.parameters
        ]
    if definition.values:
        whole["values"] = {name: _one_or_more(given) for name, given in definition.values.items()}
    return _printed(whole) + "\n"


def _fields(fields: Iterable[Field]) -> dict[str, Any]:
    return {one.key.value: _one_or_more(one.values) for one in fields}


def _one_or_more(values: Sequence[Value]) -> Any:
    plain = [one.value if isinstance(one, Scalar) else {"ref": one.id} for one in values]
    return plain[0] if len(plain) == 1 else plain


def _printed(value: Any, indent: str = "") -> str:
    """JSON over several lines; a reference, and what is empty, stays on one."""
    deeper = indent + "  "
    match value:
        case dict() if value and value.keys() != {"ref"}:
            inner = [f"{_plain(name)}: {_printed(one, deeper)}" for name, one in value.items()]
        case list() if value:
            inner = [_printed(one, deeper) for one in value]
        case _:
            return _plain(value)
    first, last = "{}" if isinstance(value, dict) else "[]"
    lines = f",\n{deeper}".join(inner)
    return f"{first}\n{deeper}{lines}\n{indent}{last}"


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
