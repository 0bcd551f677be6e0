"""Intervals, by when they start."""

from pendulum import instance


def intervals(starts, start_of=None):
    """The start and the end of each interval that begins at one of `starts`.

    `start_of(time, n)` is the start of the interval that is n after the one at `time`;
    without it they are moments.
    """
    ends = [start_of(one, 1) for one in starts] if start_of else starts
    return [(instance(one), instance(end)) for one, end in zip(starts, ends)]
