"""Rows that are read here and sent to a database."""

from contextlib import closing
from itertools import chain


def insert_read(read, insert_rows, session, table, source, columns=None):
    """Loads the rows of `read(**source)` into `columns` of `table`.

    This is what stands in for COPY where there is no Redshift.
    """
    with closing(read(**source)) as rows:
        next(rows, None)
        insert_rows(session, table, chain([columns], rows))
