"""Values for PostgreSQL and Redshift."""

from uuid import UUID

from helpers.as_text import as_text


def to_postgres(value, kind):
    """`value` as a column takes it, whose type is `kind` if that is known."""
    if isinstance(value, dict) or (isinstance(value, list) and kind in (114, 3802)):
        # 114 is json, 3802 jsonb: lists may be arrays, too.
        return as_text(value)
    if isinstance(value, (UUID, set)):
        return as_text(value)
    return bool(value) if kind == 16 and isinstance(value, int) else value
