"""The tables of DynamoDB: filled from files before the first run, kept as files after the last."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any


def load_tables(client: Any, data: Path | None) -> None:
    """Make a table of each `dynamodb/TABLE.json` in `data`, and put the items of `TABLE.jsonl` into it.

    The first is what `aws dynamodb create-table --cli-input-json` takes: at least `KeySchema` and
    `AttributeDefinitions`. The others have the types of their values, `{"id": {"N": "1"}}`.
    """
    for file in sorted(data.glob("dynamodb/*.json")) if data else []:
        about = json.loads(file.read_text(encoding="utf-8"))
        if "ProvisionedThroughput" not in about:
            about.setdefault("BillingMode", "PAY_PER_REQUEST")
        client.create_table(**{"TableName": file.stem, **about})
        items = file.with_suffix(".jsonl")
        for line in items.read_text(encoding="utf-8").splitlines() if items.exists() else []:
            item = json.loads(line)
            client.put_item(TableName=file.stem, Item=item.get("Item", item))


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
