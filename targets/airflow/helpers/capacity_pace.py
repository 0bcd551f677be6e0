"""A share of the capacity of a table."""

import time


def capacity_pace(client, table, kind, share):
    """The function that waits until what was used is a `share` of a table's capacity.

    It takes the units of `kind` that some items used, and how many these are; what it
    returns is how many to take next: about as many as a second allows. None instead
    without a share, and for a table whose capacity is on demand.
    """
    found = client.describe_table(TableName=table)["Table"] if share else {}
    rate = found.get("ProvisionedThroughput", {}).get(kind, 0) * (share or 0)
    start, used = time.monotonic(), 0

    def pace(units, items):
        nonlocal used
        used += units
        time.sleep(max(0, start + used / rate - time.monotonic()))
        return max(1, int(items * rate / units)) if units else items

    return pace if rate else None
