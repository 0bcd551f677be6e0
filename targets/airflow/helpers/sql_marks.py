"""Values in SQL."""

import re
from itertools import count


def sql_marks(sql, style):
    """`sql`, with the mark for a value in place of each `?`.

    One in quotes, or in a comment, stays. `style` is that of a driver, as PEP 249
    calls it, or its name if that knows no way to write `%s` in a text: there, such
    a text is put together from two.
    """
    numbers, joint = count(1), {"pymssql": "+", "mysql.connector": " "}.get(style)

    def mark(found):
        text = found[0]
        if text == "?":
            return {"qmark": "?", "numeric": f":{next(numbers)}"}.get(style, "%s")
        if joint and text[0] in "-/":
            return re.sub("%(?=[sd])", "% ", text)
        if joint and text[0] == "'":
            return re.sub("%(?=[sd])", f"%'{joint}'", text)
        return text.replace("%", "%%") if style == "format" else text

    parts = r"""--[^\n]*|/\*.*?\*/|'[^']*'|"[^"]*"|`[^`]*`|[?%]"""
    return re.sub(parts, mark, sql, flags=re.DOTALL)
