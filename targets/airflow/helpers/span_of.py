"""The time that intervals take up."""


def span_of(intervals, start):
    """When the first starts and the last ends; `start` twice if there is none."""
    return (intervals[0][0], intervals[-1][1]) if intervals else (start, start)
