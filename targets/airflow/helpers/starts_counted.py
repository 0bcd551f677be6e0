"""Instances of a schedule, counted."""


def starts_counted(start_of, time, since, until, first, last=None):
    """The starts, from `first` to `last`, of intervals counted from the one at `time`.

    `start_of(time, n)` is the start of the interval that is n after the one at `time`.
    """
    starts = [start_of(time, n) for n in range(since, until + 1)]
    return [one for one in starts if first <= one and (last is None or one <= last)]
