"""The parameters that a run on demand asks for, in the words of JSON Schema."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pipec.expression import show
from pipec.grid import Period
from pipec.ir import Param
from pipec.targets.python.values import Call, Name, Value


def asked_for(param: Param) -> Call:
    """What a run on demand asks for, in the words of JSON Schema."""
    name = _JSON_TYPES.get(param.type.partition("(")[0], "string")
    given: dict[str, Value] = {"type": [name, "null"] if param.optional else name}
    if param.type == "datetime":
        given["format"] = "date-time"
    if name == "array":
        given["items"] = {"type": _JSON_TYPES.get(param.type[5:-1], "string")}
    if param.description:
        given["description"] = param.description
    if param.one_of:
        allowed: list[Value] = [_in_json(one) for one in param.one_of]
        if name == "array":
            given["items"] = {"enum": allowed}
        else:
            given["enum"] = [*allowed, None] if param.optional else allowed
    absent = param.default is None
    default: tuple[Value, ...] = () if absent else (_in_json(param.default),)
    if absent and param.optional:
        default = (None,)
    return Call(Name("Param", "airflow.sdk"), default, given)


def _in_json(value: Any) -> Value:
    if isinstance(value, tuple):
        return [_in_json(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return show(value) if isinstance(value, Period) else value


_JSON_TYPES = {"int": "integer", "double": "number", "bool": "boolean", "list": "array"}
