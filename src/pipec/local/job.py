"""The job of one `pipec run`: everything the process that runs it has to know, as one document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Task:
    """One task of a Dag, and the object of the pipeline that it runs for."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True)
class DagRun:
    """One run of a Dag: the instances of one schedule that have the same interval.

    Times are ISO-8601 with their offset. A run that is due at its start has, in Airflow's own
    record, an interval of length zero.
    """

    dag: str
    start: str
    end: str
    due: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Connection:
    """A database that the pipeline names. It becomes one of the embedded PostgreSQL."""

    name: str
    kind: str


@dataclass(frozen=True)
class Job:
    """What to run, in this order, and what must be there before the first run."""

    pipeline: str
    files: Mapping[str, str]
    """The Dag files: the text of each by its name."""
    runs: tuple[DagRun, ...]
    """In the order of the plan: no run needs a later one."""
    connections: tuple[Connection, ...] = ()
    buckets: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """The ARNs of SNS topics."""
    mails: tuple[str, ...] = ()
    """The SMTP connections of Airflow that anything is mailed through."""
    needs: tuple[str, ...] = ()
    """The environment variables that hold the pipeline's secrets."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Secrets of AWS Secrets Manager: the variable that holds each, by its name."""
    data: str = ""
    """The folder with what to load first: `s3/BUCKET/KEY...` and `sql/CONNECTION.sql`; or empty."""
    limit: float = 600
    """Seconds after which everything is ended."""
    patience: float = 60
    """The most seconds that a precondition or another Dag's instance is waited for."""
    retry_delay: float = 1
    """Seconds between two attempts."""
    options: Mapping[str, str] = field(default_factory=dict)
    """More settings of Airflow, as environment variables."""

    def document(self) -> str:
        """The job as JSON."""
        return json.dumps(asdict(self), indent=1)
