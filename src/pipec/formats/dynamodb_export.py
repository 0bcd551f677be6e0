"""`dynamodb_export`: the items of a DynamoDB table, as AWS Data Pipeline and EMR export them."""

from __future__ import annotations

from pipec.facets import Format
from pipec.fields.columns import columns
from pipec.fields.format import PACKINGS
from pipec.fields.key import key
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.rows import Options, typed_columns
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.values import Column


@node
class DynamodbExport(Format):
    """One item a line: `{"id":{"n":"1"},"name":{"s":"pear"}}`, each value with its type.

    The older layout, in which control characters separate names and values, is read as well.
    """

    columns: tuple[Column, ...] = key(
        columns, "The attributes that are taken, in their order.", default=()
    )
    compression: str = key(PACKINGS, "How a file is packed.", default="none")

    takes_names = True


says(DynamodbExport, "DynamoDBExportDataFormat", row.columns())


@airflow.readers.of(DynamodbExport)
def read_in_airflow(format_: DynamodbExport, work: Work) -> Options:
    """The function that reads both layouts."""
    return "read_dynamodb_export", {}


@airflow.writers.of(DynamodbExport)
def write_in_airflow(format_: DynamodbExport, work: Work) -> Options:
    """The function that writes it, as JSON."""
    columns = typed_columns(format_, work)
    return "write_dynamodb_export", {"columns": columns} if columns else {}
