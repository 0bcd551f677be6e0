"""A definition, held against what the service takes."""

from __future__ import annotations

from pipec.definition.checks.exclusive import check_exclusive
from pipec.definition.checks.fields import check_fields
from pipec.definition.checks.ids import check_ids
from pipec.definition.checks.instances import check_instances
from pipec.definition.checks.limits import check_limits
from pipec.definition.checks.parameters import check_parameters
from pipec.definition.checks.parents import check_parents
from pipec.definition.checks.references import check_references
from pipec.definition.checks.required import check_required
from pipec.definition.checks.types import check_types
from pipec.definition.checks.values import check_values
from pipec.definition.values import Definition
from pipec.diagnostic import Report


def check_definition(definition: Definition, report: Report) -> None:
    """Report all that the service would refuse, or take otherwise than it was meant."""
    for check in CHECKS:
        check(definition, report)


CHECKS = (
    check_ids,
    check_types,
    check_parents,
    check_fields,
    check_references,
    check_values,
    check_required,
    check_exclusive,
    check_parameters,
    check_limits,
    check_instances,
)
