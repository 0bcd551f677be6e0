"""Intervals of calendar months."""

from dateutil.relativedelta import relativedelta


def month_start(anchor, months, time, n):
    """The start of the interval that is n after the one which holds `time`.

    Months are counted from `anchor`, never from a step in between: 31 January,
    28 February, 31 March.
    """
    passed = (time.year - anchor.year) * 12 + time.month - anchor.month
    passed -= anchor + relativedelta(months=passed) > time
    return anchor + relativedelta(months=(passed // months + n) * months)
