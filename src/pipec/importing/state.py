"""A definition while it is imported."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipec.definition.inherit import Resolved
from pipec.definition.to_ours import Note
from pipec.definition.values import Definition
from pipec.diagnostic import Report
from pipec.importing.accounts import Accounts
from pipec.importing.naming import free
from pipec.importing.params import Params
from pipec.targets.datapipeline.sides import Made


@dataclass
class Import:
    """A definition while it is imported."""

    definition: Definition
    every: Mapping[str, Resolved]
    sections: Mapping[str, str]
    """The section of each object that has one, by its id."""
    names: Mapping[str, str]
    schedules: Mapping[tuple[str, str], str]
    """The names of schedules, by the id and by when instances are due."""
    default_schedule: str
    params: Params
    accounts: Accounts
    report: Report
    notes: list[Note] = field(default_factory=list)
    made: dict[str, dict[str, dict[str, Made]]] = field(default_factory=dict)
    """What was made of objects, by section and name."""
    remarks: dict[str, list[str]] = field(default_factory=dict)
    """Lines of comment, by the name of what they are about."""
    read: set[str] = field(default_factory=set)
    """The ids of objects that were read."""

    @property
    def on_demand(self) -> bool:
        """Whether the pipeline runs on demand."""
        return any(kind == "ondemand" for _, kind in self.schedules)

    def free(self, wanted: str) -> str:
        """A name that nothing has yet."""
        used = {*self.names.values(), *self.params.names.values(), *self.params.invented}
        used |= {name for section in self.made.values() for name in section}
        return free(wanted, used)


def silent(one: Import) -> Import:
    """The same, where nothing that is found is told anybody."""
    return Import(
        one.definition, one.every, one.sections, one.names, one.schedules, one.default_schedule,
        one.params, Accounts(one.definition), Report(),
    )  # fmt: skip


def is_own(name: str) -> bool:
    """Whether a user made that field up."""
    return re.match(r"my[A-Z_]", name) is not None and name != "myComment"
