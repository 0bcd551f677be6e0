"""The checks, in the order they run."""

from __future__ import annotations

from typing import cast

from pipec.checks.clock import check_clock
from pipec.checks.columns import check_columns
from pipec.checks.connections import check_connections
from pipec.checks.credentials import check_credentials
from pipec.checks.cycles import check_cycles
from pipec.checks.expressions import check_expressions
from pipec.checks.fields import check_fields
from pipec.checks.instances import check_instances
from pipec.checks.kinds import check_kinds
from pipec.checks.machines import check_machines
from pipec.checks.names import check_names, dangling
from pipec.checks.schedules import check_schedules
from pipec.checks.secrets import check_secrets
from pipec.diagnostic import Report
from pipec.ir import Checked, Pipeline
from pipec.links import Links

CHECKS = (
    check_names,
    check_connections,
    check_schedules,
    check_cycles,
    check_expressions,
    check_fields,
    check_instances,
    check_clock,
    check_kinds,
    check_machines,
    check_columns,
    check_secrets,
    check_credentials,
)


def check(pipeline: Pipeline, links: Links, report: Report) -> Checked | None:
    """The same pipeline, proved: None when anything about it was reported as an error."""
    before = report.errors
    for one in CHECKS:
        one(pipeline, links, report)
    if report.errors > before or pipeline.broken or dangling(pipeline, links):
        return None
    return cast(Checked, pipeline)
