"""Whether something is in DynamoDB."""


def dynamodb_has(table, region=None, size=0):
    """Whether the table is there and can be read; with `size`, if it has an item."""
    from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

    client = AwsBaseHook(client_type="dynamodb", region_name=region).get_conn()
    try:
        found = client.describe_table(TableName=table)["Table"]
        if not size or found["TableStatus"] not in ("ACTIVE", "UPDATING"):
            return found["TableStatus"] in ("ACTIVE", "UPDATING")
        pages = client.get_paginator("scan").paginate(TableName=table, Limit=1)
        return any(page["Items"] for page in pages)
    except client.exceptions.ResourceNotFoundException:
        return False
