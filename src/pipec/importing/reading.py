"""An object of a definition on its way into a pipeline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipec.definition.catalogue import catalogue
from pipec.definition.checks.facts import facts as facts_of
from pipec.definition.ids import names_of
from pipec.definition.inherit import Resolved
from pipec.definition.names import Chain, Meant, Unsaid, known, named
from pipec.definition.to_ours import Note, to_ours
from pipec.definition.values import DEFAULT, Definition, Field, Reference
from pipec.diagnostic import Report
from pipec.importing.accounts import Accounts
from pipec.importing.naming import free, words
from pipec.importing.params import Params
from pipec.syntax import Scalar
from pipec.targets.datapipeline.common import rows_of
from pipec.targets.datapipeline.dropped import ONLY_THERE, why_dropped
from pipec.targets.datapipeline.says import Says, of_type
from pipec.targets.datapipeline.schedules import FIRST_RUN
from pipec.targets.datapipeline.sides import InOneLine, Made, Outcome, Reading

PATHS = ("directoryPath", "filePath")


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

    def free(self, wanted: str) -> str:
        """A name that nothing has yet."""
        used = {*self.names.values(), *self.params.names.values(), *self.params.invented}
        used |= {name for section in self.made.values() for name in section}
        return free(wanted, used)


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
        return "on demand" in self.all.schedules.values()

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
        if len(found.values) > 1 and not (there is not None and there.list):
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
        node = self._linked(side)
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
        node = self if side == "self" else self._linked(side)
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

    def workers(self, group: str) -> str:
        """The resource that stands for a worker group."""
        queue = re.sub(r"[^\w.-]+", "-", group) or "workers"
        resources = self.all.made.setdefault("resources", {})
        for name, made in resources.items():
            if made.get("workers") == f"edge {queue}":
                return name
        name = self.all.free(words(group) or "workers")
        resources[name] = {"workers": f"edge {queue}"}
        self.account(
            "workerGroup",
            "approximated",
            f"machines of one's own run an Edge worker for the queue `{queue}`",
        )
        return name

    def schedule(self) -> str | None:
        """The name of its schedule, if it has to be said."""
        for name in ("schedule", "scheduleType"):
            if self.resolved.get(name) is not None:
                self.field(name)
        own = own_schedule(self.resolved, self.all)
        found = self.resolved.get("schedule")
        if found is not None and self.section == "activities":
            missing = [it.id for it in found.references if it.id not in self.all.every]
            if missing:
                self.account(
                    "schedule", "undecided", f"there is no `{missing[0]}`: it runs on demand"
                )
            elif not self.has("scheduleType"):
                self.account("schedule", "undecided", _WHEN_DUE)
        if self.section == "resources" and self.resolved.own("scheduleType"):
            self.account("scheduleType", "dropped", "a machine does not ask when its work is due")
        if own is None:
            return None
        if self.section == "activities":
            return own
        users = self._users()
        if self.section == "resources":
            return own if any(it != own for it in users) else None
        if makers := self._produced():
            if own not in makers and self.has("schedule"):
                why = "data is on the schedule of what produces it"
                self.account("schedule", "approximated", why)
            return None
        timed = any("@scheduled" in value for value in self._texts())
        same = users == {own} and (own == self.all.default_schedule or not timed)
        return None if same else own

    def _texts(self) -> list[str]:
        every = (it for one in self.resolved.fields.values() for it in one.values)
        return [it.value for it in every if isinstance(it, Scalar)]

    def _users(self) -> set[str]:
        """The schedules of the activities that refer to it."""
        found = set()
        for one in self.all.every.values():
            if self.all.sections.get(one.object.id) != "activities":
                continue
            refers = any(ref.id == self.id for it in one.fields.values() for ref in it.references)
            if refers and (name := own_schedule(one, self.all)):
                found.add(name)
        return found

    def _produced(self) -> set[str]:
        """The schedules of the activities that write it."""
        found = set()
        for one in self.all.every.values():
            if self.all.sections.get(one.object.id) != "activities":
                continue
            written = one.get("output")
            if written is not None and any(ref.id == self.id for ref in written.references):
                found.add(own_schedule(one, self.all) or "")
        return found

    def own_fields(self) -> tuple[str, ...]:
        """The names of fields that users made up."""
        return tuple(it for it in self.resolved.fields if is_own(it))

    def variable(self, name: str) -> str:
        """What a field that a user made up is called here."""
        return names_of(self.own_fields())[name]

    def node_at(self, kind: str, place: str) -> str:
        """The datanode at a place, or for a table: empty for this object itself; a new one if there is none."""
        place = self._in_full(place)
        if self.type == _NODES[kind] and self._is_at(place):
            return ""
        for id_, section in self.all.sections.items():
            if section == "datanodes":
                node = Object(self.all, self.all.every[id_], self.all.names[id_])
                if node.type == _NODES[kind] and node._is_at(place):
                    return node.name_
        nodes = self.all.made.setdefault("datanodes", {})
        for name, made in nodes.items():
            if made == {kind: place}:
                return name
        last = re.sub(r"\$\{\{.*?\}\}", "", place).strip("/").rpartition("/")[2]
        name = self.all.free(words(last) if words(last)[:1].isalpha() else "place")
        nodes[name] = {kind: place}
        return name

    def _in_full(self, place: str) -> str:
        """The place, where `node`, which refers to the precondition, stands for this object."""
        for name in (*PATHS, "tableName"):
            found = self.resolved.get(name)
            if found is not None and found.values and isinstance(found.values[0], Scalar):
                own = Object(silent(self.all), self.resolved, self.name_).text(found.values[0])
                for field_ in ("path", "table"):
                    place = place.replace(f"${{{{ node.{field_} }}}}", own)
        return re.sub(r"(?<![:/])//+", "/", place)

    def _is_at(self, place: str) -> bool:
        quiet = Object(silent(self.all), self.resolved, self.name_)
        for name in PATHS if self.type == "S3DataNode" else ("tableName",):
            found = self.resolved.get(name)
            if found is not None and found.values and isinstance(found.values[0], Scalar):
                text = quiet.text(found.values[0])
                if place in (text, f"{text}/"):
                    return True
        return False

    def connection(self) -> str | None:
        """The connection of a table: that of its database, or one that the table itself describes."""
        found = self.field("database")
        if found is not None and found.references:
            return self.name(found.references[0], "connections")
        if self.resolved.get("connectionString") is None:
            return None
        from pipec.targets.datapipeline.connections import read_connection

        part = Object(self.all, self.resolved, self.name_)
        read_connection(part, mysql=self.type == "MySqlDataNode")
        for name in ("connectionString", "username", "*password"):
            self.account(name, "approximated", "a connection says it, by its name")
        self.taken |= part.taken
        made = part.made
        connections = self.all.made.setdefault("connections", {})
        for name, there in connections.items():
            if there == made:
                return name
        url = re.sub(r"\$\{\{.*?\}\}|[?;].*", "", str(made.get("url", "")))
        last = words(url.rpartition("/")[2])
        name = self.all.free(last if last[:1].isalpha() else next(iter(made)))
        connections[name] = made
        return name

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

    def secret(self, name: str) -> str | None:
        """The secret parameter that a field names, or one that is made up for what stands there."""
        found = self.field(name)
        if found is None or not isinstance(found.values[0], Scalar):
            return None
        alone = re.fullmatch(r"\s*#\{\s*([\w*]+)\s*\}\s*", found.text)
        if alone and alone[1] in self.all.params.names:
            self.all.params.used.add(alone[1])
            return f"${{{{ {self.all.params.names[alone[1]]} }}}}"
        secret = self.all.free(f"{self.name_}_password")
        self.all.params.invented[secret] = self.name_
        why = f"it is no text any more: the Variable `{secret}` of Airflow holds it"
        self.account(name, "approximated", why)
        return f"${{{{ {secret} }}}}"

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
        facts = catalogue().types.get(self.type)
        kept: dict[str, Made] = {}
        for name, found in self.resolved.fields.items():
            if (
                name in self.taken
                or name == "parent"
                or (facts is not None and name not in facts.fields and not is_own(name))
            ):
                continue
            texts = [it for it in found.values if isinstance(it, Scalar) and it.value]
            why = why_dropped(self.type, name, found.text)
            if (
                why
                or not texts
                or not self.section
                or (is_own(name) and self.section not in ("activities",))
            ):
                self.account(
                    name, "dropped", why or ("it is empty" if not found.references else ONLY_THERE)
                )
            elif not is_own(name) or self.section:
                given: list[Made] = [self.text(it) for it in texts]
                kept[name] = given[0] if len(given) == 1 else InOneLine(given)
                self.account(name, "dropped", _KEPT)
            self.taken.add(name)
        if "parent" in self.resolved.fields:
            self.account("parent", "carried", "")
        if kept:
            there = self.made.get("datapipeline", {})
            assert isinstance(there, dict)
            self.made["datapipeline"] = {**there, **kept}

    # What `to_ours` asks of names.

    @property
    def told(self) -> bool:
        """Whether it is an action."""
        return self.type == "SnsAlarm"

    def ours(self, chain: Chain) -> Meant | Unsaid | None:
        """What a name in one of its texts is here."""
        params = self.all.params
        first = chain[0]
        if len(chain) == 1:
            if first in self.resolved.fields or first in ("name", "id", "@table"):
                return self._own(first)
            if first in params.names:
                params.used.add(first)
                return named(params.names[first], params.type_of(first))
            return None
        if first == "node" and self.told:
            return None
        if first == "node" and self.node is not None:
            return self.node._asked(chain[1:], "node")
        if first in ("input", "output"):
            found = self.resolved.get(first)
            if found is not None and len(found.references) > 1:
                return Unsaid(f"there are {len(found.references)} of them")
            linked = self._linked(first)
            return linked._asked(chain[1:], first) if linked is not None else None
        found = self.resolved.get(first)
        if found is not None and found.references:
            target = self.all.every.get(found.references[0].id)
            if target is not None:
                name = self.all.names.get(target.object.id, "")
                return Object(self.all, target, name)._asked(chain[1:], name)
        return None

    def _linked(self, side: str) -> Object | None:
        found = self.resolved.get(side)
        target = self.all.every.get(found.references[0].id) if found and found.references else None
        return (
            Object(self.all, target, self.all.names.get(target.object.id, "")) if target else None
        )

    def _own(self, name: str) -> Meant | Unsaid | None:
        if name in ("name", "id"):
            return (
                named("self.name")
                if self.section in ("activities", "datanodes")
                else known(self.name_)
            )
        return self._asked((name,), "self")

    def _asked(self, chain: Chain, lead: str) -> Meant | Unsaid | None:
        """What a field of this object is, when `lead` is how it is called."""
        name = chain[0]
        if name == "@table":
            return named(f"{lead}.table")
        found = self.resolved.get(name)
        if name == "name":
            return (
                named(f"{lead}.name")
                if self.section in ("activities", "datanodes")
                else known(self.name_)
            )
        if len(chain) > 1 and found is not None and found.references:
            target = self.all.every.get(found.references[0].id)
            if target is not None:
                other = self.all.names.get(target.object.id, "")
                return Object(self.all, target, other)._asked(chain[1:], other)
            return None
        if found is None or not found.values or not isinstance(found.values[0], Scalar):
            return None
        if lead and self.section == "datanodes":
            if name in PATHS:
                return named(f"{lead}.path")
            if name in ("tableName", "table") and self.resolved.get("schemaName") is None:
                return named(f"{lead}.table")
        if (
            lead
            and is_own(name)
            and self.section in ("activities", "datanodes")
            and not self._kept_own
        ):
            return named(f"{lead}.{self.variable(name)}")
        if "#{" not in found.text:
            return known(found.text)
        alone = re.fullmatch(r"\s*#\{\s*([\w*]+)\s*\}\s*", found.text)
        if alone and alone[1] in self.all.params.names and alone[1] not in self.resolved.fields:
            return self.ours((alone[1],))
        return Unsaid(f"`{name}` has an expression of its own; write that in its place")

    @property
    def _kept_own(self) -> bool:
        """Whether fields that users made up are kept for the service alone: `vars` mean something else."""
        return self.type in ("HiveActivity", "PigActivity")


def silent(one: Import) -> Import:
    """The same, where nothing that is found is told anybody."""
    return Import(
        one.definition, one.every, one.sections, one.names, one.schedules, one.default_schedule,
        one.params, Accounts(one.definition), Report(),
    )  # fmt: skip


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


def own_schedule(one: Resolved, state: Import) -> str | None:
    """The name of the schedule that an object has; None without one.

    Of data and machines of which nothing is said, instances are due when those of the work on the
    same schedule are; machines do not ask when.
    """
    id_, kind = schedule_key(one, state.every)
    if one.get("scheduleType") is None or state.sections.get(one.object.id) == "resources":
        same = [name for (it, _), name in state.schedules.items() if it == id_]
        return same[0] if same else None
    return state.schedules.get((id_, kind))


def schedule_key(one: Resolved, every: Mapping[str, Resolved]) -> tuple[str, str]:
    """The schedule of an object: its id, and when instances are due."""
    found, kind = one.get("schedule"), one.get("scheduleType")
    id_ = found.references[0].id if found is not None and found.references else ""
    said = kind.text.strip().lower() if kind is not None else ""
    return (id_ if id_ in every else "", said if said in ("cron", "ondemand") else "timeseries")


def is_own(name: str) -> bool:
    """Whether a user made that field up."""
    return re.match(r"my[A-Z_]", name) is not None and name != "myComment"


_IN_SCHEMA = re.compile(r"#\{((?:\w+\.)?)schemaName \+ '\.' \+ \1table(?:Name)?\}")
"""How the name of a table is written together with that of its schema."""
_NODES = {"s3": "S3DataNode", "dynamodb": "DynamoDBDataNode"}
_WHEN_DUE = (
    "no scheduleType says whether an instance is due at the start or at the end of its interval:"
    " the end is assumed"
)
_KEPT = "Airflow has nothing like it; it is kept under `datapipeline`"
