"""What people ask who move a pipeline, answered for the one that was imported."""

from __future__ import annotations

from pipec.frozen import frozen
from pipec.importing.state import Import
from pipec.targets.datapipeline.schedules import FIRST_RUN


@frozen
class Answer:
    """A question, and what is true of this pipeline."""

    question: str
    answer: str


def answers(state: Import) -> tuple[Answer, ...]:
    """The answers, in the order in which people ask."""
    return (
        Answer("Will dates and clock times be the same?", _times(state)),
        Answer("What happens to the machine that my steps share?", _machines(state)),
        Answer("What replaces worker groups?", _workers(state)),
        Answer("Where do passwords go?", _secrets(state)),
        Answer("Do I get catch-up?", _catch_up(state)),
        Answer("Which Airflow do I need?", _airflow(state)),
    )


def _times(state: Import) -> str:
    said = ["Yes: all times are UTC in both, and formats write what they wrote."]
    kinds = {kind for _, kind in state.schedules}
    if "cron" in kinds:
        said.append(
            "Instances run at the start of their interval (`at start`), as with cron style."
        )
    if "timeseries" in kinds:
        said.append("Instances run at the end of their interval, as with time series style.")
    if "ondemand" in kinds:
        said.append("On demand, start and end are the time of the run.")
    if FIRST_RUN in state.params.moments:
        said.append(
            "The first interval began when the pipeline was activated: give that time as"
            " `first_run`, to the second, and the intervals are those that it had."
        )
    return " ".join(said)


def _machines(state: Import) -> str:
    made = state.made.get("resources", {})
    machines = [name for name, one in made.items() if "workers" not in one]
    if not machines:
        return "It starts none."
    said = []
    for name in machines:
        users = [
            it for it, one in state.made.get("activities", {}).items() if one.get("runs_on") == name
        ]
        several = (
            "the work of an interval"
            if len(users) == 1
            else f"{len(users)} activities of an interval"
        )
        said.append(f"`{name}` serves {several}")
    unlimited = [f"`{name}`" for name in machines if "at_most" not in made[name]]
    limit = (
        f" No `terminateAfter` was said for {', '.join(unlimited)}: here it ends itself after a day,"
        " unless `at_most` says otherwise."
    )
    return (
        f"{'; '.join(said)}: it is started when the first of them is ready, keeps what is on its disk"
        " from one to the next and through their retries, and is ended after the last, in failure too."
        f"{limit if unlimited else ''}"
    )


def _workers(state: Import) -> str:
    made = state.made.get("resources", {})
    queues = [
        str(one["workers"]).removeprefix("edge ") for one in made.values() if "workers" in one
    ]
    if not queues:
        return "It has none."
    names = ", ".join(f"`{one}`" for one in queues)
    return (
        f"Where Task Runner polled, an Edge worker of Airflow polls the queue {names}:"
        " `airflow edge worker --queues QUEUE`, over HTTPS, with no way in from outside."
    )


def _secrets(state: Import) -> str:
    params = state.params
    names = [params.names[it] for it in params.names if it in params.secrets and it in params.used]
    names += [*params.invented]
    if not names:
        return "It has none."
    shown = ", ".join(f"`{one}`" for one in names)
    one = "a Variable" if len(names) == 1 else "Variables"
    return f"Nowhere into a file: {shown} {'is' if len(names) == 1 else 'are'} read where the work runs, from {one} of Airflow."


def _catch_up(state: Import) -> str:
    if all(kind == "ondemand" for _, kind in state.schedules):
        return "There is nothing to catch up with: it runs on demand."
    cap = {
        str(one["max_active"])
        for one in state.made.get("activities", {}).values()
        if "max_active" in one
    }
    most = max(cap, key=int, default="5") if all(it.isdecimal() for it in cap) else "5"
    return (
        f"Yes: intervals that were missed since the start are run, at most {most} at a time for each"
        " activity. Give a later start, if AWS Data Pipeline has done them already."
    )


def _airflow(state: Import) -> str:
    connections = {next(iter(one)) for one in state.made.get("connections", {}).values() if one}
    packages = ["amazon", *sorted({_PACKAGES.get(it, "") for it in connections} - {"", "amazon"})]
    if any("workers" in one for one in state.made.get("resources", {}).values()):
        packages.append("edge3")
    names = ", ".join(f"`apache-airflow-providers-{it}`" for it in packages)
    return f"3.3, 3.0 or 2.11 (`pipec compile --airflow`), and beside it {names}."


_PACKAGES = {
    "mysql": "mysql", "mariadb": "mysql", "postgres": "postgres", "redshift": "postgres",
    "oracle": "oracle", "sqlserver": "microsoft-mssql", "jdbc": "jdbc",
}  # fmt: skip
