"""The rows of text files."""

import os

from helpers.local_files import local_files
from helpers.open_text import open_text
from helpers.text_parser import text_parser
from helpers.text_records import text_records


def text_rows(fields, path, columns=None, header=False, end="\n"):
    """Yields the names of the columns (None if not known), then the rows at `path`.

    `fields` takes records apart. `columns` are pairs of name and type. Without them
    values are texts, under the names of the header. A header with just their names
    says their order. An empty text is NULL, but for texts and bytes. A blank line is a
    row only of a single column.
    """
    names = [name for name, _ in columns] if columns else None
    parsers = [text_parser(kind) for _, kind in columns] if columns else None
    empty = (str, bytes.fromhex)
    broken = (ArithmeticError, LookupError, ValueError)
    if names or not header:
        yield names
    for file in local_files(path):
        with open_text(file) as text:
            rows = fields(text_records(text, end))
            number, row, order = 1, None, None
            try:
                top = [name or "" for name in next(rows, ())] if header else None
                if top and names is None:
                    names = top
                    yield names
                if top and top != names and sorted(top) == sorted(names):
                    order = [top.index(name) for name in names]
                for row in rows:
                    if row in ([None], [""]) and len(names or ()) != 1:
                        continue
                    if names and len(row) != len(names):
                        raise ValueError(f"{len(row)} values for {len(names)} columns")
                    row = [row[place] for place in order] if order else row
                    pairs = zip(row, parsers or [str] * len(row))
                    yield [
                        parse(one) if one or one == "" and parse in empty else None
                        for one, parse in pairs
                    ]
                    number, row = number + 1, None
            except broken as error:
                what = f"row {number} of {os.path.basename(file)}"
                if row is not None:
                    what += f" is not {columns}: {str(row)[:200]}"
                raise ValueError(f"{what} ({error})") from error
    if header and names is None:
        yield None
