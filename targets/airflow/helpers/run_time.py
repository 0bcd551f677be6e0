"""The time of a run on demand."""

from pendulum import instance


def run_time(dag_run):
    """The time that a run is for: the one it was given, else when it was asked for."""
    return instance(dag_run.logical_date or dag_run.run_after)
