r"""The fields of files without quotes."""

import re


def escaped_fields(records, separator, escape):
    r"""Yields the fields of each row; \N is NULL.

    A character after `escape`, if there is one, has no other meaning.
    """
    mark, edge, first = map(re.escape, (escape, separator, separator[0]))
    some = f"[^{mark}{first}]*"
    field = re.compile(f"({some}(?:(?:{mark}.|(?!{edge}){first}){some})*){edge}", re.S)
    escaped = re.compile(f"{mark}(.)", re.S)
    held = []
    for record, end in records:
        held.append(record)
        if escape and (len(record) - len(record.rstrip(escape))) % 2:
            held.append("\r" if end == "\r\n" else end)
            if end != "\r\n":  # Of which only the first character would be escaped.
                continue
        text, held = "".join(held), []
        if escape and escape in text:
            raw = field.findall(text + separator)
            yield [None if one == r"\N" else escaped.sub(r"\1", one) for one in raw]
        else:
            yield [None if one == r"\N" else one for one in text.split(separator)]
    if held:
        raise ValueError(f"nothing follows the last {escape}")
