"""The fields of csv."""


def csv_fields(records, separator):
    """Yields the fields of each row; quotes are those of RFC 4180.

    An empty field is None, a pair of quotes an empty text.
    """
    row, quoted, quotes = [], [], 0
    for record, end in records:
        if not quoted and '"' not in record:
            yield [text or None for text in record.split(separator)]
            continue
        for number, part in enumerate(record.split(separator)):
            if not quoted and not part.startswith('"'):
                row.append(part or None)
                continue
            quoted += [separator, part] if quoted and number else [part]
            quotes += part.count('"')
            if quotes % 2 == 0:
                text = "".join(quoted)
                field = text[1:-1].replace('""', '"')
                if text[-1] != '"' or len(field) != len(text) - quotes // 2 - 1:
                    raise ValueError(f"text after a quote that closes: {text[:200]!r}")
                row.append(field)
                quoted, quotes = [], 0
        if quoted:
            quoted.append(end)
        else:
            yield row
            row = []
    if quoted:
        raise ValueError(f"a quote is not closed: {''.join(quoted)[:200]!r}")
