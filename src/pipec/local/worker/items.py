"""The tables of DynamoDB: filled from files before the first run, kept as files after the last."""

from __future__ import annotations

import importlib
import json
from base64 import b64decode, b64encode
from decimal import Decimal
from pathlib import Path
from typing import Any


def load_tables(client: Any, data: Path | None) -> None:
    """Make a table of each `dynamodb/TABLE.jsonl` in `data`, which holds its items, a line for each.

    Their values have types, `{"id": {"N": "1"}}`, or none, `{"id": 1}`. `TABLE.json` is what
    `aws dynamodb create-table --cli-input-json` takes: at least `KeySchema` and
    `AttributeDefinitions`. Without it, the first attribute of the first item is the key.
    """
    names = {file.stem for file in data.glob("dynamodb/*.json*")} if data else ()
    for name in sorted(names):
        assert data is not None
        file = data / "dynamodb" / f"{name}.json"
        lines = file.with_suffix(".jsonl")
        text = lines.read_text(encoding="utf-8") if lines.exists() else ""
        items = [_item(line) for line in text.splitlines() if line.strip()]
        about = (
            json.loads(file.read_text(encoding="utf-8")) if file.exists() else _about(name, items)
        )
        if "ProvisionedThroughput" not in about:
            about.setdefault("BillingMode", "PAY_PER_REQUEST")
        client.create_table(**{"TableName": name, **about})
        for item in items:
            client.put_item(TableName=name, Item=item)


def _item(line: str) -> dict[str, Any]:
    found = json.loads(line, parse_float=Decimal)
    found = found["Item"] if list(found) == ["Item"] else found
    if all(isinstance(it, dict) and len(it) == 1 and {*it} <= TYPES for it in found.values()):
        return {name: _bytes(value) for name, value in found.items()}
    write = importlib.import_module("boto3.dynamodb.types").TypeSerializer().serialize
    return {name: write(value) for name, value in found.items()}


TYPES = {"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"}


def _bytes(value: Any) -> Any:
    """A value with a type, as boto3 takes it: bytes stand in base64 in JSON."""
    ((type_, inside),) = value.items()
    match type_:
        case "B":
            return {"B": b64decode(inside)}
        case "BS":
            return {"BS": [b64decode(one) for one in inside]}
        case "L":
            return {"L": [_bytes(one) for one in inside]}
        case "M":
            return {"M": {name: _bytes(one) for name, one in inside.items()}}
    return value


def _about(name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """The key of a table that only has items: their first attribute."""
    if not items:
        raise ValueError(f"{name}.jsonl holds no items, and no {name}.json says what its keys are")
    key, value = next(iter(items[0].items()))
    (type_,) = value
    if len({str(item.get(key)) for item in items}) < len(items) or type_ not in ("S", "N", "B"):
        raise ValueError(
            f"{key} tells the items in {name}.jsonl not apart: say its keys in {name}.json"
        )
    return {
        "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": type_}],
    }


def keep_tables(client: Any, folder: Path) -> None:
    """Keep the items of every table as the file `dynamodb/TABLE.jsonl`."""
    place = folder / "dynamodb"
    for page in client.get_paginator("list_tables").paginate():
        for name in page["TableNames"]:
            place.mkdir(exist_ok=True)
            with (place / f"{name}.jsonl").open("w", encoding="utf-8") as file:
                for found in client.get_paginator("scan").paginate(TableName=name):
                    for item in found["Items"]:
                        text = json.dumps(item, default=_as_base64, ensure_ascii=False)
                        file.write(text + "\n")


def _as_base64(value: bytes) -> str:
    return b64encode(value).decode()
