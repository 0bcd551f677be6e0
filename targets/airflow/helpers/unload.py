"""Rows from Redshift to S3, written by Redshift itself."""

from contextlib import closing

from helpers.sql_transaction import sql_transaction


def unload(conn_id, query, uri, options, before=()):
    """Writes the results of `query` to files whose keys begin with `uri`, by UNLOAD.

    Statements come `before`.
    """

    def text(words):
        words = words.replace("\\", "\\\\").replace("'", "''")
        return f"'{words}'"

    with sql_transaction(conn_id) as session, closing(session.cursor()) as cursor:
        for statement in before:
            cursor.execute(statement)
        cursor.execute(f"UNLOAD ({text(query)}) TO {text(uri)} {options}")
