"""What keeps an Airflow from doing what it was asked."""

from __future__ import annotations


class ProblemError(Exception):
    """It cannot be reached, or refuses; the text says so in one line, with what would help."""
