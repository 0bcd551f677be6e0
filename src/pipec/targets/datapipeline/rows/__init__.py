"""Which field of an object of AWS Data Pipeline says what a key of ours does, in both directions.

A kind says it in its own file, row by row. What all kinds of a section have in common stands in
`common.py`; what nothing of ours says, in `dropped.py`.
"""

from pipec.targets.datapipeline.rows.data import (
    columns,
    connection,
    data_format,
    items_format,
    mark,
    pattern,
    place,
    table,
)
from pipec.targets.datapipeline.rows.machines import (
    cluster,
    groups,
    instance,
    lifetime,
    on_demand_at_last,
    role,
    spot_price,
)
from pipec.targets.datapipeline.rows.plain import (
    Row,
    flag,
    inline,
    left_out,
    length,
    number,
    pairs,
    said,
    script,
    text,
    texts,
    word,
    words,
)
from pipec.targets.datapipeline.rows.work import flag_of_stage, shell_script, steps

__all__ = [
    "Row",
    "cluster",
    "columns",
    "connection",
    "data_format",
    "flag",
    "flag_of_stage",
    "groups",
    "inline",
    "instance",
    "items_format",
    "left_out",
    "length",
    "lifetime",
    "mark",
    "number",
    "on_demand_at_last",
    "pairs",
    "pattern",
    "place",
    "role",
    "said",
    "script",
    "shell_script",
    "spot_price",
    "steps",
    "table",
    "text",
    "texts",
    "word",
    "words",
]
