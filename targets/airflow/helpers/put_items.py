"""Items into a table in DynamoDB."""

import random
import time
from itertools import islice

from helpers.capacity_pace import capacity_pace


def put_items(items, table, region=None, share=None):
    """Puts `items`, whose values have types: {"id": {"N": "1"}}.

    Each takes the place of one with the same key: the last of several stays. `share`
    is how much of the table's write capacity to take.
    """
    from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

    client = AwsBaseHook(client_type="dynamodb", region_name=region).get_conn()
    schema = client.describe_table(TableName=table)["Table"]["KeySchema"]
    pace = capacity_pace(client, table, "WriteCapacityUnits", share)
    items = iter(items)
    while some := list(islice(items, 25)):
        # A batch with two items of one key would be refused.
        keys = (
            str([item.get(key["AttributeName"]) for key in schema]) for item in some
        )
        left = [
            {"PutRequest": {"Item": item}} for item in dict(zip(keys, some)).values()
        ]
        for attempt in range(20):
            done = client.batch_write_item(
                RequestItems={table: left}, ReturnConsumedCapacity="TOTAL"
            )
            if pace:
                used = sum(one["CapacityUnits"] for one in done["ConsumedCapacity"])
                pace(used, len(left))
            left = done["UnprocessedItems"].get(table)
            if not left:
                break
            # DynamoDB was asked for more than it has: later it will take them.
            time.sleep(random.random() * min(30, 0.1 * 2**attempt))
        else:
            raise RuntimeError(
                f"{table} has not taken {len(left)} of {len(some)} items"
            )
