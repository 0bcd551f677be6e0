"""Names in SQL."""

import re


def sql_name(hook, name):
    """`name`, whose parts dots divide, with quotes around the parts that need them."""
    quote = "`" if hook.conn_type == "mysql" else '"'
    reserved = getattr(hook, "reserved_words", ())
    return ".".join(
        part
        if re.fullmatch(r"[A-Za-z_]\w*|[\"`\[].*", part)
        and part.lower() not in reserved
        else f"{quote}{part}{quote}"
        for part in name.split(".")
    )
