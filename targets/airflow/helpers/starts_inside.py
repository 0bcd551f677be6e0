"""The instances of a schedule within a stretch of time."""


def starts_inside(start_of, since, until, first, last=None):
    """The starts, from `first` to `last`, of the intervals between `since` and `until`.

    `start_of(time, n)` is the start of the interval that is n after the one at `time`.
    """
    start = start_of(since, 0)
    if start < since:
        start = start_of(since, 1)
    starts = []
    while (end := start_of(start, 1)) <= until:
        if first <= start and (last is None or start <= last):
            starts.append(start)
        start = end
    return starts
