"""Rows that take the place of others."""

from helpers.primary_key import primary_key
from helpers.sql_parts import sql_parts


def merge_rows(cursor, table, rows, keys, columns, keep):
    """Takes the rows of the table `rows` to `table`, one of each key.

    Where there is a row with the same `keys`, it stays if they are to `keep` what is
    there, else it makes room. NULL is a key like any other.
    """
    keys = keys or primary_key(cursor, table)
    by = ", ".join(keys)
    cursor.execute(
        "CREATE TEMPORARY TABLE merged AS SELECT * FROM (SELECT *, row_number() OVER "
        f"(PARTITION BY {by} ORDER BY {by}) AS one_of_key FROM {rows}) AS numbered "
        "WHERE one_of_key = 1"
    )
    cursor.execute("ALTER TABLE merged DROP COLUMN one_of_key")
    known = sql_parts(table)[-1]
    pairs = [(f"{known}.{key}", f"merged.{key}") for key in keys]
    nulls = " OR ".join(f"{key} IS NULL" for key in keys)
    cursor.execute(f"SELECT 1 FROM merged WHERE {nulls} LIMIT 1")
    # Only where it is needed: it would keep Redshift from joining by the keys.
    either = " OR ({} IS NULL AND {} IS NULL)" if cursor.fetchall() else ""
    same = " AND ".join(
        f"({one} = {other}{either.format(one, other)})" for one, other in pairs
    )
    gone, there = ("merged", table) if keep else (table, "merged")
    cursor.execute(f"DELETE FROM {gone} USING {there} WHERE {same}")
    into = f" ({columns})" if columns else ""
    cursor.execute(f"INSERT INTO {table}{into} SELECT {columns or '*'} FROM merged")
