"""Fields that no key of ours says, and why."""

from __future__ import annotations

from pipec.targets.datapipeline.rows.machines import ROLES

ANYWHERE = {
    "role": "AWS Data Pipeline acts in this role; Airflow does in that of its own connection",
    "attemptStatus": "a worker reports it while it runs",
    "stdout": "Airflow keeps what a command prints in the log of its task",
    "stderr": "Airflow keeps what a command prints in the log of its task",
}
"""Whatever the type."""

DROPPED: dict[str, dict[str, str]] = {}
"""By type."""


def why_dropped(type_: str, name: str, value: str) -> str:
    """Why a field is not carried over; empty when it is kept for the service."""
    if name in ("role", "resourceRole") and value in ROLES:
        return "it is the role that AWS Data Pipeline makes itself"
    return DROPPED.get(type_, {}).get(name, "")
