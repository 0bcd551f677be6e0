"""JSON with all digits of its numbers."""

import json
from decimal import Decimal

from helpers.as_text import as_text


def exact_json(value):
    """The JSON of `value`, in which a Decimal is a number."""
    if isinstance(value, Decimal):
        return as_text(value)
    if isinstance(value, dict):
        pairs = (f"{json.dumps(k)}: {exact_json(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(exact_json, value)) + "]"
    return json.dumps(value, default=as_text, ensure_ascii=False)
