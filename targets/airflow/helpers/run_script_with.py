"""Statements for a database, from a file in S3, with values for them."""

from helpers.run_with import run_with
from helpers.script_statements import script_statements


def run_script_with(conn_id, uri, values, hook_params=None, before=()):
    """Executes `before` and the statements of a file, as `run_with` does."""
    run_with(conn_id, [*before, *script_statements(uri)], values, hook_params)
