"""An object of a definition on its way into a pipeline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipec.definition.catalogue import catalogue
from pipec.definition.checks.facts import facts as facts_of
from pipec.definition.ids import names_of
from pipec.definition.inherit import Resolved
from pipec.definition.names import Chain, Meant, Unsaid
from pipec.definition.to_ours import Note, to_ours
from pipec.definition.values import DEFAULT, Field, Reference
from pipec.importing.beside import connection_for, node_at, secret_for, workers_for
from pipec.importing.meant import linked, meant
from pipec.importing.state import Import, is_own, silent
from pipec.importing.timing import said_schedule
from pipec.syntax import Scalar
from pipec.targets.datapipeline.common import rows_of
from pipec.targets.datapipeline.dropped import ONLY_THERE, why_dropped
from pipec.targets.datapipeline.says import Says, of_type
from pipec.targets.datapipeline.schedules import FIRST_RUN
from pipec.targets.datapipeline.sides import InOneLine, Made, Outcome, Reading


@dataclass
class Object:
    """An object that is read, on behalf of itself or of one that refers to it."""

    all: Import
    resolved: Resolved
    name_: str = ""
    node: Object | None = None
    """What refers to it, and is `node` in its expressions."""
    taken: set[str] = field(default_factory=set)
    made: dict[str, Made] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id."""
        return self.resolved.object.id

    @property
    def type(self) -> str:
        """Its type."""
        return self.resolved.object.type

    @property
    def section(self) -> str:
        """The section that it goes to."""
        return self.all.sections.get(self.id, "")

    @property
    def on_demand(self) -> bool:
        """Whether its pipeline runs on demand."""
        return self.all.on_demand

    # What rows ask.

    def field(self, name: str) -> Field | None:
        """Its field, of its own or inherited, which counts as carried over."""
        self.taken.add(name)
        found = self.resolved.get(name)
        if found is None:
            return None
        self.account(name, "carried", "")
        if found.values and all(isinstance(one, Scalar) and not one.value for one in found.values):
            self.account(name, "dropped", "it is empty")
            return None
        there = facts_of(self.resolved.object, name)
        several = there is not None and (there.list or name in _TOLD)
        if len(found.values) > 1 and not several:
            self.account(name, "undecided", f"it takes one value, and has {len(found.values)}")
        return found

    def has(self, name: str) -> bool:
        """Whether it has the field; nothing is said of it."""
        return self.resolved.get(name) is not None

    def type_of(self, name: str) -> str:
        """The type of the first object that a field refers to; empty without one."""
        found = self.resolved.get(name)
        target = self.all.every.get(found.references[0].id) if found and found.references else None
        return target.object.type if target is not None else ""

    @property
    def has_tables(self) -> bool:
        """Whether it reads or writes a table of a database."""
        found = (self.resolved.get(side) for side in ("input", "output"))
        ids = [it.id for one in found if one is not None for it in one.references]
        nodes = (self.all.every.get(it) for it in ids)
        return any(
            it is not None
            and it.object.type in ("SqlDataNode", "MySqlDataNode", "RedshiftDataNode")
            for it in nodes
        )

    @property
    def needs_format(self) -> bool:
        """Whether something takes rows to it or from it that are kept elsewhere in another way."""
        for one in self.all.every.values():
            if one.object.type not in ("CopyActivity", "RedshiftCopyActivity"):
                continue
            work = Object(self.all, one)
            for side, other in (("input", "output"), ("output", "input")):
                found = one.get(side)
                if found is None or all(it.id != self.id for it in found.references):
                    continue
                if one.object.type == "CopyActivity" or side == "output":
                    return work.type_of(other) != "S3DataNode" or work._is_formatted(other)
        return False

    def _is_formatted(self, side: str) -> bool:
        node = linked(self, side)
        return node is not None and node.has("dataFormat")

    def field_of_default(self, name: str) -> Field | None:
        """The field as `Default` has it."""
        default = self.all.every.get(DEFAULT)
        return default.get(name) if default is not None else None

    def text(self, value: Scalar) -> str:
        """A text as a pipeline has it."""
        before = len(self.all.notes)
        whole = _IN_SCHEMA.sub(r"#{\1@table}", value.value)
        text = value if whole == value.value else replace(value, value=whole)
        made = to_ours(text, self, self.all.notes)
        for note in self.all.notes[before:]:
            self.note(note, value)
        for name in self.all.params.lists:
            alone = f"${{{{ {name} }}}}"
            if alone in made and made != alone:
                why = f"`{name}` is a list: what stands around it was said of each of its values"
                self.note(Note(value.span, value.value, why, True), value)
        return self._slashes(made, value)

    def note(self, note: Note, value: Scalar) -> None:
        """Account for what a person should look at in a text."""
        for name, found in self.resolved.fields.items():
            if any(one is value for one in found.values):
                outcome: Outcome = "undecided" if note.decide else "approximated"
                self.account(name, outcome, f"`{note.what}`: {note.why}")
                if note.decide:
                    self.remark(f"{note.what}: {note.why}.")

    def _slashes(self, made: str, value: Scalar) -> str:
        """Folders end with `/` here: where one has followed it, there is one already."""
        for side in ("input", "output", "self"):
            path = f"${{{{ {side}.path }}}}"
            if path not in made or not self._lacks_slash(side):
                continue
            if re.search(rf"{re.escape(path)}(?!/)", made):
                for name, found in self.resolved.fields.items():
                    if any(one is value for one in found.values):
                        self.account(name, "approximated", f"`{side}.path` ends with `/` here")
            made = made.replace(f"{path}/", path)
        return made

    def _lacks_slash(self, side: str) -> bool:
        node = self if side == "self" else linked(self, side)
        found = node.resolved.get("directoryPath") if node is not None else None
        return found is not None and not found.text.endswith("/")

    def plain(self, value: Scalar) -> str | None:
        """What a text comes to that is known beforehand: parameters have their values in it."""

        def known_(found: re.Match[str]) -> str:
            values = self.all.definition.values.get(found[1])
            return values[0].value if values else found[0]

        text = re.sub(r"#\{\s*([\w*]+)\s*\}", known_, value.value)
        return None if "#{" in text else text

    def put(self, key: str, made: Made) -> None:
        """Give it the key."""
        self.made[key] = made

    def name(self, reference: Reference, section: str) -> str | None:
        """The name of what a reference leads to, if that belongs to the section."""
        if self.all.sections.get(reference.id) == section:
            return self.all.names[reference.id]
        for name, found in self.resolved.fields.items():
            if reference in found.values:
                self.account(name, "undecided", f"`{reference.id}` is not there, or no such thing")
        return None

    def other(self, reference: Reference) -> Object | None:
        """The object that a reference leads to."""
        found = self.all.every.get(reference.id)
        if found is None:
            for name, it in self.resolved.fields.items():
                if reference in it.values:
                    self.account(name, "undecided", f"there is no `{reference.id}`")
            return None
        self.all.read.add(reference.id)
        for name in ("type", "parent"):
            self.all.accounts.add(reference.id, name, "carried")
        return Object(self.all, found, self.all.names.get(reference.id, ""), self.node)

    def waited_for(self, reference: Reference) -> Object | None:
        """A precondition that the object waits for: in its expressions, `node` is this object."""
        found = self.other(reference)
        if found is not None:
            found.node = self
        return found

    def account(self, name: str, outcome: Outcome, why: str) -> None:
        """Say what becomes of a field, where it is written."""
        origin = self.resolved.origins.get(name)
        if name == "type":
            self.all.accounts.add(self.id, name, outcome, why)
        elif origin is not None:
            self.all.accounts.add(origin.id, name, outcome, why, self.id)

    def remark(self, words: str) -> None:
        """A line of comment above the object."""
        there = self.all.remarks.setdefault((self.node or self).name_, [])
        if words not in there:
            there.append(words)

    def remark_on_schedule(self, words: str) -> None:
        """A line of comment above the schedule."""
        for (id_, _), name in self.all.schedules.items():
            if id_ == self.id and words not in self.all.remarks.setdefault(name, []):
                self.all.remarks[name].append(words)

    def moment(self, name: str) -> str:
        """The parameter that says a time which the definition does not."""
        found = FIRST_RUN if name == "startDateTime" else "last_run"
        self.all.params.moments[found] = None
        return found

    def is_list(self, values: Sequence[Scalar]) -> bool:
        """Whether the one value is a parameter that is a list."""
        alone = (
            re.fullmatch(r"\s*#\{\s*([\w*]+)\s*\}\s*", values[0].value)
            if len(values) == 1
            else None
        )
        return bool(alone) and self.all.params.types.get(alone[1], "").startswith("list(")  # type: ignore[index]

    def like_others(self, name: str) -> str:
        """The type of nodes of a group that says none: that of the first node, else a usual one."""
        found = self.resolved.get("masterInstanceType") or self.resolved.get("coreInstanceType")
        self.remark(f"No {name} was said: that of the first node is taken.")
        return (
            self.text(found.values[0])
            if found and isinstance(found.values[0], Scalar)
            else "m5.xlarge"
        )

    def own_fields(self) -> tuple[str, ...]:
        """The names of fields that users made up."""
        return tuple(it for it in self.resolved.fields if is_own(it))

    def variable(self, name: str) -> str:
        """What a field that a user made up is called here."""
        return names_of(self.own_fields())[name]

    def database_of_flow(self) -> str | None:
        """The connection of the first output that is a table, else of the first such input."""
        for side in ("output", "input"):
            found = self.resolved.get(side)
            for reference in found.references if found is not None else ():
                node = self.all.every.get(reference.id)
                database = node.get("database") if node is not None else None
                if database is not None and database.references:
                    return self.all.names.get(database.references[0].id)
        return None

    def format(self, format_: Reading) -> Made:
        """How rows stand in files, as a datanode says it."""
        assert isinstance(format_, Object)
        said = said_of(format_)
        if said is None or said.section != "formats":
            return None
        for row in said.rows:
            row.read(format_)
        format_.leave_rest()
        return _format(said.keyword, format_.made)

    def leave_rest(self) -> None:
        """Account for the fields that no row has asked for; those that only the service understands
        are kept for it.
        """
        kept: dict[str, Made] = {}
        for name, found in self._left():
            texts = [it for it in found.values if isinstance(it, Scalar) and it.value]
            why = why_dropped(self.type, name, found.text)
            if not why and texts and self.section:
                given: list[Made] = [self.text(it) for it in texts]
                kept[name] = given[0] if len(given) == 1 else InOneLine(given)
                why = _KEPT
            otherwise = ONLY_THERE if texts or found.references else "it is empty"
            self.account(name, "dropped", why or otherwise)
            self.taken.add(name)
        if "parent" in self.resolved.fields:
            self.account("parent", "carried", "")
        if kept:
            there = self.made.get("datapipeline", {})
            assert isinstance(there, dict)
            self.made["datapipeline"] = {**there, **kept}

    def _left(self) -> list[tuple[str, Field]]:
        """The fields that nothing has asked for yet, of those that mean something for its type."""
        facts = catalogue().types.get(self.type)
        known = facts.fields if facts is not None else self.resolved.fields
        return [
            (name, found)
            for name, found in self.resolved.fields.items()
            if name not in self.taken and name != "parent" and (name in known or is_own(name))
        ]

    def schedule(self) -> str | None:
        """The name of its schedule, if it has to be said."""
        return said_schedule(self)

    def workers(self, group: str) -> str:
        """The resource that stands for a worker group."""
        return workers_for(self, group)

    def node_at(self, kind: str, place: str) -> str:
        """The datanode at a place, or for a table; empty for this object itself."""
        return node_at(self, kind, place)

    def connection(self) -> str | None:
        """The connection of a table."""
        return connection_for(self)

    def secret(self, name: str) -> str | None:
        """The secret that a field holds, as an expression."""
        return secret_for(self, name)

    # How others of this package see it, and what it is beside.

    def beside(self, id_: str) -> Object:
        """Another object of the definition, by its id."""
        return Object(self.all, self.all.every[id_], self.all.names.get(id_, ""))

    def silently(self) -> Object:
        """The same, where nothing that is found is told anybody."""
        return Object(silent(self.all), self.resolved, self.name_)

    # What `to_ours` asks of names.

    @property
    def told(self) -> bool:
        """Whether it is an action."""
        return self.type == "SnsAlarm"

    def ours(self, chain: Chain) -> Meant | Unsaid | None:
        """What a name in one of its texts is here."""
        return meant(self, chain)


def _format(keyword: str, made: dict[str, Made]) -> Made:
    columns = made.get("columns")
    if keyword == "regex":
        return {"regex": made.get("pattern"), **{k: v for k, v in made.items() if k != "pattern"}}
    rest = {key: value for key, value in made.items() if key != "columns"}
    if rest:
        return InOneLine({keyword: columns, **rest})
    return f"{keyword}({columns})" if columns else keyword


def said_of(one: Object) -> Says | None:
    """The kind that an object becomes."""
    found = of_type().get(one.type, ())
    return next((it for it in found if it.reads(one)), found[0] if found else None)


def read_object(one: Object, said: Says) -> dict[str, Made]:
    """All keys of an object: the kind first, with nothing behind it if it is said by other keys."""
    main: dict[str, Made] = {said.keyword: None}
    for row in rows_of(said):
        row.read(one)
    one.leave_rest()
    one.all.accounts.add(one.id, "type", "carried")
    return {**main, **one.made}


_TOLD = ("onFail", "onSuccess", "onLateAction")
"""Fields that take one action, as the guide has it, and of which all that are there are taken."""
_IN_SCHEMA = re.compile(r"#\{((?:\w+\.)?)schemaName \+ '\.' \+ \1table(?:Name)?\}")
"""How the name of a table is written together with that of its schema."""
_KEPT = "Airflow has nothing like it; it is kept under `datapipeline`"
