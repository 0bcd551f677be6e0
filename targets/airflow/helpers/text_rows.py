"""The rows of text files."""

from helpers.local_files import local_files
from helpers.open_text import open_text
from helpers.text_parser import text_parser


def text_rows(parse, path, columns=None, header=False):
    """Yields the names of the columns (None if not known), then the rows at `path`.

    `columns` are pairs of name and type. Without them values are texts, under the
    names of the header. A header with just their names says their order. An empty text
    is NULL.
    """
    names = [name for name, _ in columns] if columns else None
    parsers = [text_parser(kind) for _, kind in columns] if columns else None
    if names or not header:
        yield names
    for file in local_files(path):
        with open_text(file) as lines:
            rows = parse(lines)
            top = next(rows, None) if header else None
            if top and names is None:
                names = top
                yield names
            order = None
            if top and top != names and sorted(top) == sorted(names):
                order = [top.index(name) for name in names]
            for number, row in enumerate(filter(None, rows), 1):
                try:
                    if names and len(row) != len(names):
                        raise ValueError(f"{len(row)} values for {len(names)} columns")
                    row = [row[place] for place in order] if order else row
                    pairs = zip(row, parsers or [str] * len(row))
                    yield [parser(text) if text else None for text, parser in pairs]
                except (ArithmeticError, LookupError, ValueError) as error:
                    raise ValueError(f"row {number} is not {columns}: {row}") from error
    if header and names is None:
        yield None
