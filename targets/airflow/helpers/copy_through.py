"""Copies by way of S3."""

from helpers.empty_s3 import empty_s3


def copy_through(first, second, place, before, after):
    """Runs `first(**before)`, which writes below `place`, then `second(**after)`.

    Whatever happens, nothing is left below `place`.
    """
    empty_s3(place)
    try:
        first(**before)
        second(**after)
    finally:
        empty_s3(place)
