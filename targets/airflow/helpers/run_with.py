"""Statements for a database, with values for them."""

import re
from contextlib import closing, suppress
from itertools import islice

from helpers.sql_marks import sql_marks
from helpers.sql_transaction import sql_transaction


def run_with(conn_id, statements, values, hook_params=None):
    """Executes `statements`: all that they do is done, or nothing.

    Each `?` that is not in quotes, nor in a comment, stands for the next of `values`.
    """
    apart = r"""--[^\n]*|/\*.*?\*/|'[^']*'|"[^"]*"|`[^`]*`"""
    marks = [re.sub(apart, "", sql, flags=re.DOTALL).count("?") for sql in statements]
    if sum(marks) != len(values):
        raise ValueError(f"{len(values)} values for {sum(marks)} `?`")
    left = iter(values)
    with sql_transaction(conn_id, hook_params) as session:
        driver = type(session).__module__.partition(".")[0]
        style = {
            "jaydebeapi": "qmark",
            "mysql": "mysql.connector",
            "oracledb": "numeric",
            "pymssql": "pymssql",
        }.get(driver, "format")
        for sql, count in zip(statements, marks):
            with closing(session.cursor()) as cursor:
                if count:
                    cursor.execute(sql_marks(sql, style), (*islice(left, count),))
                else:
                    cursor.execute(sql)
                # What goes wrong behind a first result is told when that is passed.
                with suppress(getattr(session, "NotSupportedError", ())):
                    while hasattr(cursor, "nextset") and cursor.nextset():
                        pass
