"""Statements for a database, from a file in S3."""

from helpers.run_statements import run_statements
from helpers.script_statements import script_statements


def run_script(conn_id, uri, hook_params=None, before=()):
    """Executes `before` and the statements of a file, as `run_statements` does."""
    run_statements(conn_id, [*before, *script_statements(uri)], hook_params)
