"""A valid definition that grows object by object, as somebody chooses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from pipec.definition.catalogue import FieldFacts, TypeFacts, catalogue
from pipec.definition.values import (
    DEFAULT,
    Definition,
    Object,
    Reference,
    Value,
    text,
)
from pipec.source import NOWHERE, Source
from tests.definition.choice import Choice, Fields, declared, listed
from tests.definition.pools import (
    ALSO,
    APART,
    FLOWS,
    LEADS_TO,
    PARAMETERS,
    PERIODS,
    POOLS,
    USED_BY,
)


class Building:
    """A definition that grows. An object comes after all that it refers to."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.types: dict[str, str] = {}
        self.fields: dict[str, Fields] = {}
        self.held: set[str] = set()
        """Objects that no other may refer to for now."""
        self.asked_for = False
        self.periods = choice.one(PERIODS)

    def begin(self, asked_for: bool) -> None:
        """What holds for the whole: `Default`, when it runs, and whom it tells."""
        self.asked_for = asked_for
        word = "ondemand" if asked_for else self.choice.one(("cron", "timeseries"))
        self.default({"scheduleType": (text(self._cased(word)),)})
        fields = self.fields[DEFAULT]
        if asked_for and self.choice.often(0.3):
            on_demand = {
                "period": (text("ONDEMAND_PERIOD"),),
                "startAt": (text("ONDEMAND_ACTIVATION_TIME"),),
            }
            fields["schedule"] = (reference(self.object("Schedule", given=on_demand)),)
        elif not asked_for:
            schedules = [self.object("Schedule") for _ in range(1 + self.choice.often(0.3))]
            if self.choice.often(0.8):
                fields["schedule"] = (reference(schedules[0]),)
        for name in ("failureAndRerunMode", "role", "resourceRole", "pipelineLogUri", "myOwner"):
            if self.choice.often(0.4):
                fields[name] = self._texts("", name, catalogue().anywhere.get(name), {})
        if self.choice.often(0.15):
            fields["workerGroup"] = (text("office"),)
        if self.choice.often(0.2):
            fields["onFail"] = (reference(self.object("SnsAlarm")),)

    def default(self, fields: Fields) -> None:
        self.types[DEFAULT] = ""
        self.fields[DEFAULT] = fields

    def used(self, type_: str, id: str, field: str = "") -> None:
        """Make what uses an object, up to an activity."""
        by = USED_BY.get(f"{type_}.{field}") or USED_BY.get(type_)
        if by is not None:
            user, name = by
            if self.choice.often(0.5):
                # Another one that may as well.
                others = [
                    it for it in catalogue().of_category("activity") if self._takes(it, name, type_)
                ]
                user = self.choice.one(others) if others else user
            self.used(user, self.object(user, given={name: (reference(id),)}))

    def _takes(self, user: str, name: str, type_: str) -> bool:
        known = catalogue().types[user].fields.get(name)
        here = ("input", "output").index(name) if name in ("input", "output") else 2
        flows = [it[here] for it in FLOWS.get(user, ()) if here < 2]
        return known is not None and type_ in (flows or known.to)

    def object(
        self, type_: str, wanted: Collection[str] = (), given: Mapping[str, tuple[Value, ...]] = {}, depth: int = 0
    ) -> str:  # fmt: skip
        """A new object, with the fields that it has to have; its id."""
        known = catalogue().types[type_]
        fields: Fields = dict(given)
        if "parent" in wanted or (depth < 2 and self.choice.often(0.15)):
            fields["parent"] = self._parents(known)
        inherited = self._inherited(fields)
        names = self._names(known, {*wanted, *fields}, inherited, depth)
        # What it writes first: nothing else may wait for that until this is done.
        held = {it.id for it in given.get("output", ()) if isinstance(it, Reference)}
        self.held |= held
        for name in sorted(names, key=lambda it: (it != "output", it)):
            fact = known.fields.get(name)
            if name not in fields and fact is not None and fact.slot == "reference":
                with suppress(_TooDeep):
                    fields[name] = self._references(known, fact, fields, depth, name in wanted)
                if name == "output":
                    held = {it.id for it in fields.get(name, ()) if isinstance(it, Reference)}
                    self.held |= held
        for name in names:
            fact = known.fields.get(name)
            if name not in fields and (fact is None or fact.slot != "reference"):
                fields[name] = self._texts(type_, name, fact, {**inherited, **fields})
        self.held -= held
        id = self._id(type_)
        self.types[id] = type_
        self.fields[id] = {name: fields[name] for name in [*names, *fields] if name in fields}
        return id

    def _names(
        self, known: TypeFacts, wanted: Collection[str], inherited: Fields, depth: int
    ) -> list[str]:
        """The fields that an object gets, in an order of its own."""
        names = [it.name for it in known.writable if it.name in wanted]
        apart = [*known.not_both, *APART]

        def clashes(name: str) -> bool:
            here = {*names, *inherited}
            return any(name in pair and (set(pair) - {name}) & here for pair in apart)

        def needed(groups: Collection[tuple[str, ...]]) -> None:
            for group in groups:
                if not {*names, *inherited} & set(group):
                    free = [it for it in group if it not in names and not clashes(it)]
                    if free:
                        name = self.choice.one(free)
                        names.append(name)
                        needed(ALSO.get(f"{known.name}.{name}", ()))

        for name in tuple(names):
            needed(ALSO.get(f"{known.name}.{name}", ()))
        needed([(it.name,) for it in known.writable if it.required])
        needed([*known.one_of, *ALSO.get(known.name, ())])
        never = {
            "parent",
            *(("schedule", "scheduleType", "onLateAction") if self.asked_for else ()),
        }
        if not self.asked_for and known.category in ("activity", "datanode"):
            needed([("schedule",)])
        for it in known.writable:
            small = depth > 1 or len(self.types) > 20
            how = (0.08 if small else 0.2) if it.slot == "reference" else (0.15 if small else 0.35)
            free = it.name not in (*names, *never) and not clashes(it.name)
            if free and len(names) < _MANY and self.choice.often(how):
                names.append(it.name)
        for name in ("myComment", "myOwner", "*mySecret"):
            if self.choice.often(0.1):
                names.append(name)
        if "onLateAction" in names:
            needed([("lateAfterTimeout",)])
        return names

    def _parents(self, known: TypeFacts) -> tuple[Value, ...]:
        """What an object inherits from: something of its type, or what only holds fields."""
        same = [
            id
            for id, type_ in self.types.items()
            if type_ == known.name and id not in self.held and "output" not in self.fields[id]
        ]
        if same and self.choice.often(0.3):
            return (reference(self.choice.one(same)),)
        names = ["myComment"]
        if "attemptTimeout" in known.fields:
            names = ["myComment", "attemptTimeout", "maximumRetries", "retryDelay"]
        ids = []
        for _ in range(1 + self.choice.often(0.2)):
            fields = {
                name: self._texts(known.name, name, known.fields.get(name), {})
                for name in self.choice.some(names)
            }
            ids.append(self._id("Common"))
            self.types[ids[-1]] = ""
            self.fields[ids[-1]] = fields
        return tuple(map(reference, ids))

    def _inherited(self, fields: Fields) -> Fields:
        """What an object has of others: of its parents, or of `Default`."""
        found: Fields = {}
        parents = [it.id for it in fields.get("parent", ()) if isinstance(it, Reference)]
        for id in parents or [DEFAULT]:
            own = self.fields.get(id, {})
            whole = own if id == DEFAULT else {**self._inherited(own), **own}
            found = {**whole, **found}
        return {name: it for name, it in found.items() if name != "parent"}

    def _references(
        self, known: TypeFacts, fact: FieldFacts, fields: Fields, depth: int, wanted: bool
    ) -> tuple[Value, ...]:
        """What a field leads to: something that is there, or new."""
        name = fact.name
        targets = self._targets(known, fact, fields)
        alone = name in ("input", "output") and known.name in FLOWS
        count = 1 if alone or not fact.list else 1 + self.choice.often(0.3)
        must = wanted or fact.required or any(name in it for it in (*known.one_of, *ALSO.get(known.name, ())))  # fmt: skip
        found: list[str] = []
        for _ in range(count):
            if name == "output":
                self.held.update(found)
            there = [
                id
                for id, type_ in self.types.items()
                if type_ in targets and id not in (*self.held, *found) and name != "output"
            ]
            if there and self.choice.often(0.6 if depth < 2 else 0.95) and not wanted:
                found.append(self.choice.one(there))
            elif depth < 3 or must:
                found.append(self.object(self.choice.one(targets), depth=depth + 1))
            elif there:
                found.append(self.choice.one(there))
        if not found:
            raise _TooDeep
        return tuple(map(reference, found))

    def _targets(self, known: TypeFacts, fact: FieldFacts, fields: Fields) -> Sequence[str]:
        name = fact.name
        if known.name in FLOWS and name in ("input", "output"):
            here = ("input", "output").index(name)
            other = fields.get(("output", "input")[here], ())
            there = {self.types[it.id] for it in other if isinstance(it, Reference)}
            return [it[here] for it in FLOWS[known.name] if not there or it[1 - here] in there]
        if name == "onLateAction" and not self.choice.often(1):
            return ("Terminate",)
        return LEADS_TO.get(f"{known.name}.{name}") or LEADS_TO.get(name) or fact.to

    def _texts(
        self, type_: str, name: str, fact: FieldFacts | None, fields: Fields
    ) -> tuple[Value, ...]:
        """What a field says: values that look as such ones do."""
        if type_ == "Schedule" and name == "period":
            pool: Sequence[str] = self.periods
        else:
            pool = POOLS.get(f"{type_}.{name}") or POOLS.get(name) or self._plain(fact)
        fitting = [it for it in pool if self._fits(it, fields)]
        assert fitting, f"{type_}.{name} has no value"
        if fact is not None and fact.list:
            return tuple(map(text, self.choice.some(fitting)))
        value = self.choice.one(fitting)
        cased = fact is not None and fact.one_of and name != "startAt"
        return (text(self._cased(value) if cased else value),)

    def _plain(self, fact: FieldFacts | None) -> Sequence[str]:
        """Values for fields that take the same as many others."""
        if fact is not None and fact.one_of:
            return [it for it in fact.one_of if it not in (fact.default, "ondemand")][::-1]
        return {"boolean": ("true", "false"), "integer": ("2", "3")}.get(
            fact.slot if fact else "", ()
        )

    def _fits(self, value: str, fields: Fields) -> bool:
        """Whether all that a value speaks of is there."""
        for hole in re.findall(r"#\{(.*?)\}", value):
            for field, name in re.findall(r"\b(input|output)\.(\w+)", hole):
                first = fields.get(field, ())[:1]
                if not any(
                    isinstance(it, Reference) and name in self.fields[it.id] for it in first
                ):
                    return False
            for name in re.findall(r"(?<![\w.])\*?my\w+", hole):
                if name not in PARAMETERS and name not in fields:
                    return False
        return True

    def _cased(self, word: str) -> str:
        return self.choice.one((word, word, word.lower(), word.upper()))

    def _id(self, type_: str) -> str:
        number = 1 + sum(id.startswith(type_) for id in self.types)
        odd = ("", "", "", " (of the shop)", ".x", ' "Zürich"')
        return f"{type_}{number}{self.choice.one(odd)}"

    def definition(self) -> Definition:
        """All that was made, with the parameters that it speaks of."""
        used = self._in_use()
        objects = tuple(self._object(id) for id in self.types if id in used)
        parameters, values = declared(objects, self.choice)
        return Definition(Source("shop.json", ""), "shop", objects, parameters, values)

    def _in_use(self) -> set[str]:
        """`Default`, the activities, and what they lead to."""
        left = [
            id
            for id, type_ in self.types.items()
            if id == DEFAULT or (type_ and catalogue().types[type_].category == "activity")
        ]
        found: set[str] = set()
        while left:
            id = left.pop()
            if id not in found:
                found.add(id)
                values = (it for given in self.fields[id].values() for it in given)
                left += [it.id for it in values if isinstance(it, Reference)]
        return found

    def _object(self, id: str) -> Object:
        name = id if not self.choice.often(0.2) else f"The {id}"
        return Object(NOWHERE, id, name, self.types[id], NOWHERE, listed(self.fields[id]))


_MANY = 35
"""So many fields have less than 50 values, whatever their lists hold."""


class _TooDeep(Exception):  # noqa: N818
    """Nothing is there that a field could lead to, and it need not be."""


def reference(id: str) -> Reference:
    return Reference(NOWHERE, id)
