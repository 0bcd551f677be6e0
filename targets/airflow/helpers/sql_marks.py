"""Values in SQL."""

import re
from itertools import count


def sql_marks(hook, sql):
    """`sql`, with the mark for a value in place of each `?` that is not in quotes."""
    numbers = count(1)

    def mark(found):
        if found[0] == "?":
            oracle = hook.conn_type == "oracle"
            return f":{next(numbers)}" if oracle else hook.placeholder
        return found[0].replace("%", "%%") if hook.placeholder == "%s" else found[0]

    return re.sub(r"""'[^']*'|"[^"]*"|[?%]""", mark, sql)
