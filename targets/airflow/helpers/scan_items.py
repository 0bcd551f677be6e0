"""Items of a table in DynamoDB."""

from helpers.capacity_pace import capacity_pace


def scan_items(table, region=None, share=None, names=()):
    """Yields the items, with the types of their values: {"id": {"N": "1"}}.

    `names` are those of the attributes to read; without, all are. `share` is how much
    of the table's read capacity to take.
    """
    from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

    client = AwsBaseHook(client_type="dynamodb", region_name=region).get_conn()
    pace = capacity_pace(client, table, "ReadCapacityUnits", share)
    asked = {"TableName": table, "ReturnConsumedCapacity": "TOTAL"}
    if names:
        marks = {f"#{number}": name for number, name in enumerate(names)}
        asked["ExpressionAttributeNames"] = marks
        asked["ProjectionExpression"] = ", ".join(marks)
    if pace:
        asked["Limit"] = 25
    while True:
        page = client.scan(**asked)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        if pace:
            units = page["ConsumedCapacity"]["CapacityUnits"]
            asked["Limit"] = pace(units, max(1, page["ScannedCount"]))
