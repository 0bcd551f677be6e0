"""Files and tables of DynamoDB, read by Redshift itself."""

from contextlib import closing

from helpers.s3_prefix import s3_prefix


def copy_into(session, table, uri, options, columns="", exact=True):
    """Loads what is at `uri`, or in each line of it, into `table` with COPY.

    In S3, COPY takes all objects whose keys begin like this. There must be no others
    than the one of this very key, unless that is not `exact`; a folder may be empty.
    """
    for place in uri.splitlines():
        if place.startswith("s3://") and exact:
            keys = s3_prefix(place, 2)
            if place.endswith("/") and not keys:
                continue
            if not place.endswith("/") and len(keys) > 1:
                raise ValueError(f"COPY from {place} would load all of {keys}")
        quoted = "'{}'".format(place.replace("'", "''"))
        with closing(session.cursor()) as cursor:
            cursor.execute(f"COPY {table}{columns} FROM {quoted} {options}")
