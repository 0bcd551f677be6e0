"""What the fields of a definition mean, so that two of them can be compared.

Blanks in expressions, the case of words, units of lengths, how a number is written, and the ids of
what only helps others mean nothing. A parameter means its value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from pipec.definition.catalogue import FieldFacts, catalogue
from pipec.definition.checks.facts import facts, is_own
from pipec.definition.expression import Misread, read, split
from pipec.definition.inherit import Resolved, resolved
from pipec.definition.periods import Period, period
from pipec.definition.values import DEFAULT, Definition, Parameter, Reference, Value
from pipec.expression.pieces import Words
from pipec.expression.tree import Expr, Literal, Name, children, rebuilt
from pipec.expression.types import DOUBLE, INT, STRING

MATCHED = ("activity", "datanode", "resource")
"""The categories whose objects have a counterpart; all others are what their fields say."""

UNORDERED = {
    *("dependsOn", "precondition", "onFail", "onSuccess", "onLateAction"),
    *("configuration", "property", "ebsBlockDeviceConfig"),
}
"""Fields whose values mean the same in any order."""

ROLES = {"role": "DataPipelineDefaultRole", "resourceRole": "DataPipelineDefaultResourceRole"}
"""The roles that the service takes when none is named."""


@dataclass(frozen=True)
class Item:
    """One value of a field: equal meanings are the same to the service."""

    meaning: object
    shown: str = field(compare=False)
    to: str = field(default="", compare=False)
    """The id of the object that it is, where that is known by its content."""


@dataclass(frozen=True)
class Side:
    """One of two definitions, with what makes it comparable to the other."""

    definition: Definition
    ids: Mapping[str, str]
    """What its objects are called by both sides, as far as that was said."""
    params: Mapping[str, str]
    """The same for its parameters, without stars."""
    filled: Mapping[str, tuple[str, ...]]
    """The values of the parameters that stand for nothing but them."""
    allowed: Collection[tuple[str, str]] = ()

    @cached_property
    def objects(self) -> Mapping[str, Resolved]:
        return {one.object.id: one for one in reversed(resolved(self.definition))}

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        return {plain(one.id): one for one in self.definition.parameters}

    def matched(self, id: str) -> bool:
        """Whether an object has a counterpart of its own; what is not there counts as one."""
        one = self.objects.get(id)
        type_ = catalogue().types.get(one.object.type) if one is not None else None
        return one is None or (bool(one.object.type) and (not type_ or type_.category in MATCHED))

    def fields(self, id: str, above: tuple[str, ...] = ()) -> dict[str, tuple[Item, ...]]:
        """The fields of an object that mean something, and what each holds."""
        one = self.objects[id]
        found = {}
        for name, given in one.fields.items():
            if name != "parent" and not self._left_out(one, name):
                known = None if is_own(name) else facts(one.object, name)
                values = tuple(
                    item for it in given.values for item in self._items(it, name, known, above)
                )
                default = ROLES.get(name) or (known.default if known is not None else "")
                if name in UNSAID and known is not None:
                    default = UNSAID[name]
                if name == "stage" and known is not None:
                    default = STAGE.get(one.object.type, "true")
                if not default or [it.meaning for it in values] != [_plain_text(default, known)]:
                    found[name] = values
        return found

    def _left_out(self, one: Resolved, name: str) -> bool:
        type_ = one.object.type
        if (type_, name) in self.allowed or ("*", name) in self.allowed:
            return True
        if one.own(name):
            return False
        if not is_own(name):
            return bool(type_) and facts(one.object, name) is None
        # A helper has what the user wrote into Default for all only where it speaks of it.
        values = (it for given in one.fields.values() for it in given.values)
        texts = [it.value for it in values if not isinstance(it, Reference)]
        used = any(re.search(rf"(?<!\w){re.escape(plain(name))}(?!\w)", it) for it in texts)
        return one.origins[name].id == DEFAULT and not self.matched(one.object.id) and not used

    def _items(
        self, value: Value, name: str, known: FieldFacts | None, above: tuple[str, ...]
    ) -> Iterator[Item]:
        if isinstance(value, Reference):
            yield self._referred(value.id, above)
            return
        texts = self._several(value.value) or (value.value,)
        for text in texts:
            pieces, shown = self._pieces(text)
            if name == "directoryPath" and pieces and isinstance(pieces[-1], str):
                pieces = tuple(filter(None, (*pieces[:-1], pieces[-1].rstrip("/"))))
            meaning: object = pieces
            if all(isinstance(it, str) for it in pieces):
                meaning = _plain_text("".join(map(str, pieces)), known)
            yield Item(meaning, "a secret" if name.startswith("*") else f"`{shown}`")

    def _referred(self, id: str, above: tuple[str, ...]) -> Item:
        if self.matched(id):
            return Item(("object", self.ids.get(id, id)), f"`{id}`")
        type_ = self.objects[id].object.type
        shown = f"{type_} `{id}`".strip()
        if id in above:
            return Item(("again", len(above) - above.index(id)), shown)
        inside = self.fields(id, (*above, id))
        content = tuple(
            (name, tuple(it.meaning for it in ordered(name, inside[name])))
            for name in sorted(inside)
        )
        return Item(("content", self.ids.get(id, ""), type_, content), shown, id)

    def _several(self, text: str) -> tuple[str, ...]:
        """The values of a parameter that has several and stands alone."""
        match [it if isinstance(it, Words) else read(it.text) for it in split(text)]:
            case [Name(parts=(name,))] if len(self.filled.get(plain(name), ())) > 1:
                return self.filled[plain(name)]
        return ()

    def _pieces(self, text: str) -> tuple[tuple[object, ...], str]:
        """Words, and the trees of expressions between them; and how that is shown."""
        found: list[object] = []
        shown = ""
        for piece in split(text):
            tree: object = piece.text
            part = piece.text
            if not isinstance(piece, Words):
                part = f"#{{{piece.text}}}"
                inside = read(piece.text)
                if isinstance(inside, Misread):
                    tree = ("misread", piece.text.strip())
                else:
                    alone = self._alone(inside)
                    tree = self._meant(inside) if alone is None else alone
                    if alone is not None and not self._secret(inside):
                        part = alone
            if isinstance(tree, str) and found and isinstance(found[-1], str):
                found[-1] += tree
            else:
                found.append(tree)
            shown += part
        return tuple(found), shown

    def _alone(self, tree: Expr) -> str | None:
        """The text that an expression is in any case."""
        match tree:
            case Name(parts=(name,)) if len(self.filled.get(plain(name), ())) == 1:
                return self.filled[plain(name)][0]
            case Literal(value=str() as value):
                return value
        return None

    def _secret(self, tree: Expr) -> bool:
        parameter = self.parameters.get(plain(tree.parts[0])) if isinstance(tree, Name) else None
        return parameter is not None and parameter.secret

    def _meant(self, tree: Expr) -> Expr:
        match tree:
            case Name(parts=(name,)) if len(self.filled.get(plain(name), ())) == 1:
                return self._literal(plain(name))
            case Name(parts=(name,)) if (
                plain(name) in self.parameters or plain(name) in self.params
            ):
                return Name((self.params.get(plain(name), plain(name)),))
        return rebuilt(tree, tuple(map(self._meant, children(tree))))

    def _literal(self, name: str) -> Literal:
        text = self.filled[name][0]
        type_ = self.parameters[name].get("type") if name in self.parameters else None
        word = type_.text.lower() if type_ is not None else ""
        if word == "integer" and re.fullmatch(r"-?[0-9]+", text):
            return Literal(int(text), INT)
        if word == "double" and _number(text) is not None:
            return Literal(float(text), DOUBLE)
        return Literal(text, STRING)


STAGE = {"ShellCommandActivity": "false"}
"""Whether files are staged when nothing is said: the guide does so for scripts of Hive and Pig."""
UNSAID = {
    "compression": "none",
    "useOnDemandOnLastAttempt": "false",
    "s3EncryptionType": "SERVER_SIDE_ENCRYPTION",
    "ebsOptimized": "false",
    "maxActiveInstances": "5",
}
"""What can only hold when nothing is said."""
CASELESS = ("applications", "schemaName")
"""Fields whose values EMR and Redshift take in any case."""


def ordered(name: str, items: tuple[Item, ...]) -> list[Item]:
    """The values of a field, in an order that is the same whenever they mean the same."""
    return sorted(items, key=lambda it: repr(it.meaning)) if name in UNORDERED else list(items)


def plain(name: str) -> str:
    """The id of a parameter without the star of secrets."""
    return name.removeprefix("*")


def _plain_text(text: str, known: FieldFacts | None) -> object:
    """What a text without expressions means in a field."""
    slot = known.slot if known is not None else "text"
    bare = text.strip()
    if known is not None and (known.one_of or known.name in CASELESS):
        return bare.lower()
    if slot == "boolean":
        return bare.lower()
    if slot == "period":
        # A bare number is one of hours.
        return period(bare) or (Period(int(bare) * 60, False) if bare.isdecimal() else bare)
    if slot in ("integer", "double"):
        number = _number(bare)
        return bare if number is None else number
    if slot == "datetime":
        try:
            moment = datetime.fromisoformat(bare)
        except ValueError:
            return bare
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return text


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
