"""The exact mathematics of schedules: intervals, how schedules meet, and who needs which instances.

Every instant is a datetime in UTC. Nothing here complains to a user: what a user got wrong comes
back as a value (`Unaligned`, `Cut`, `Wait`, the text of `cron_problem`).
"""

from pipec.grid.days import whole_days
from pipec.grid.intervals import (
    containing,
    count,
    each,
    has,
    inside,
    interval,
    overlapping,
)
from pipec.grid.nearest import Ways, ways_to_meet
from pipec.grid.needs import Cut, Needs, Problem, needs, problem, reading
from pipec.grid.pattern import cron_problem
from pipec.grid.period import Period
from pipec.grid.relation import Meeting, Unaligned, relation
from pipec.grid.schedule import (
    Cron,
    Every,
    Grid,
    Interval,
    Once,
    OnDemand,
    Periodic,
    due,
    instant_text,
)
from pipec.grid.span import Span, most_runs
from pipec.grid.stray import strays
from pipec.grid.twice import shown_twice
from pipec.grid.waits import Wait, waits_past_due
from pipec.grid.window import PLAIN, Counted, Over, Window
from pipec.grid.zone import is_zone

__all__ = [
    "PLAIN",
    "Counted",
    "Cron",
    "Cut",
    "Every",
    "Grid",
    "Interval",
    "Meeting",
    "Needs",
    "OnDemand",
    "Once",
    "Over",
    "Period",
    "Periodic",
    "Problem",
    "Span",
    "Unaligned",
    "Wait",
    "Ways",
    "Window",
    "containing",
    "count",
    "cron_problem",
    "due",
    "each",
    "has",
    "inside",
    "instant_text",
    "interval",
    "is_zone",
    "most_runs",
    "needs",
    "overlapping",
    "problem",
    "reading",
    "relation",
    "shown_twice",
    "strays",
    "waits_past_due",
    "ways_to_meet",
    "whole_days",
]
