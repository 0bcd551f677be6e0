"""`dynamodb`: a table of Amazon DynamoDB."""

from __future__ import annotations

from pipec.facets import Data
from pipec.fields.columns import columns as columns_type
from pipec.fields.key import key
from pipec.fields.scalars import integer, string, text
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.hive import dynamodb_table
from pipec.values import Column, Text


@node
class Dynamodb(Data):
    """A table of DynamoDB."""

    dynamodb: Text = key(text, "The name of the table.")
    columns: tuple[Column, ...] = key(columns_type, "The attributes that are taken.", default=())
    region: str = key(string, "Its AWS region.", default="")
    read_percent: int = key(integer, "How much of its read capacity may be used.", default=50)
    write_percent: int = key(integer, "How much of its write capacity may be used.", default=50)

    @property
    def fields(self) -> dict[str, Text]:
        """What expressions may ask of it."""
        return {"table": self.dynamodb}


airflow.tables.of(Dynamodb)(dynamodb_table)
