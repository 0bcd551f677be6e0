"""Names in SQL."""

import re


def sql_parts(name):
    """The parts of `name`, which dots divide, each as it is written."""
    return re.findall(r'"(?:[^"]|"")+"|[^."]+', name)
