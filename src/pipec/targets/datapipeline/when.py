"""Preconditions: with us a part of what waits for them, with the service objects of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipec.facets import Files, Items, Table
from pipec.grid import Period
from pipec.ir import Precondition
from pipec.targets.datapipeline.lengths import period_text, read_period
from pipec.targets.datapipeline.rows.plain import Row, scalar, scalars
from pipec.targets.datapipeline.sides import InOneLine, Made, Reading
from pipec.values import Ref, Script

if TYPE_CHECKING:
    from pipec.definition.values import Reference
    from pipec.targets.datapipeline.sides import Given
    from pipec.targets.datapipeline.writing import Writing

SAID: dict[str, dict[str, str]] = {
    "S3KeyExists": {"s3Key": "exists"},
    "S3PrefixNotEmpty": {"s3Prefix": "exists"},
    "DynamoDBTableExists": {"tableName": "table_exists"},
    "DynamoDBDataExists": {"tableName": "has_items"},
    "Exists": {},
    "ShellCommandPrecondition": {
        "command": "shell",
        "scriptUri": "script",
        "scriptArgument": "args",
    },
}
"""What the fields of each type are with us."""
COMMON = {"preconditionTimeout": "timeout", "retryDelay": "poll"}

_POLL = Period(1, "minute")


def write_when(out: Writing) -> None:
    """The preconditions of an activity or of a datanode, each an object beside it."""
    out.put("precondition", [ref for one in out.value("when") if (ref := _write(one, out))])


def _write(one: Precondition, out: Writing) -> Reference | None:
    keyword = type(one.kind).__module__.rpartition(".")[2]
    node = getattr(one.kind, keyword, None)
    found = out.book.links.datanode(out.book.pipeline, node) if isinstance(node, Ref) else None
    looked = found.thing if found is not None else out.thing
    part = out.waited_for(one, looked)
    made: dict[str, Given] = {}
    made["preconditionTimeout"] = period_text(one.timeout)
    if one.poll != _POLL:
        made["retryDelay"] = period_text(one.poll)
    if one.runs_on is not None and one.runs_on != out.thing.runs_on:
        out.unsaid("runs_on", "a precondition is evaluated where its object runs")
    for name, given in getattr(one, "datapipeline", {}).items():
        made[name] = [part.text(value) for value in given]
    type_, more = _looking(keyword, one.kind, getattr(looked, "kind", None), part)
    if not type_:
        out.unsaid(keyword, "wait in a `shell: ...` that ends with 0 when it holds")
        return None
    return out.helper(type_, one.name, {**more, **made})


def _looking(keyword: str, kind: Any, looked: Any, out: Writing) -> tuple[str, dict[str, Given]]:
    """The type that looks as the precondition does, and what it looks at; no type without one."""
    match keyword:
        case "shell":
            return "ShellCommandPrecondition", {
                "command": out.text(kind.shell),
                "scriptArgument": [out.text(one) for one in kind.args],
            }
        case "script":
            script: Script = kind.script
            field, text = ("scriptUri", script.path)
            if script.content is not None:
                field, text = "command", script.content
            arguments = [out.text(one) for one in kind.args]
            return "ShellCommandPrecondition", {field: out.text(text), "scriptArgument": arguments}
        case "exists" if isinstance(looked, Files) and looked.store == "s3":
            place = out.text(looked.place)
            if place.endswith("/"):
                return "S3PrefixNotEmpty", {"s3Prefix": place}
            return "S3KeyExists", {"s3Key": place}
        case "table_exists" if isinstance(looked, Items):
            return "DynamoDBTableExists", {"tableName": out.text(looked.table)}
        case "table_exists" if isinstance(looked, Table) and looked is getattr(
            out.owner, "kind", None
        ):
            return "Exists", {}
        case "has_items" | "not_empty" if isinstance(looked, Items):
            return "DynamoDBDataExists", {"tableName": out.text(looked.table)}
    return "", {}


def read_when(it: Reading) -> None:
    """The preconditions that an object refers to, each where it waits."""
    field = it.field("precondition")
    found: list[Made] = []
    for reference in field.references if field is not None else ():
        made = _read(it, reference)
        if made is not None and made not in found:
            found.append(made)
    if all(isinstance(one, str) for one in found):
        if found:
            it.put("when", ", ".join(map(str, found)))
    else:
        it.put("when", found[0] if len(found) == 1 else found)


def _read(it: Reading, reference: Reference) -> Made:
    one = it.waited_for(reference)
    if one is None:
        return None
    made = _read_looking(one, it)
    if made is None:
        return None
    for theirs, ours in COMMON.items():
        found = scalar(one, theirs)
        if found is not None and (ours, period := read_period(found, one)) != ("timeout", "1 day"):
            made[ours] = period
    one.leave_rest()
    (keyword, value), *more = made.items()
    if value is None and not more:
        return keyword
    lines = [str(given) for given in made.values() if isinstance(given, str)]
    return made if any("\n" in line or len(line) > 60 for line in lines) else InOneLine(made)


def _read_looking(one: Reading, it: Reading) -> dict[str, Made] | None:
    match one.type:
        case "S3KeyExists" | "S3PrefixNotEmpty":
            folder = one.type == "S3PrefixNotEmpty"
            field = "s3Prefix" if folder else "s3Key"
            place = scalar(one, field)
            if place is None:
                return None
            text = one.text(place)
            text = f"{text}/" if folder and not text.endswith("/") else text
            return {"exists": it.node_at("s3", text) or None}
        case "DynamoDBTableExists" | "DynamoDBDataExists":
            table = scalar(one, "tableName")
            if table is None:
                return None
            keyword = "table_exists" if one.type == "DynamoDBTableExists" else "has_items"
            return {keyword: it.node_at("dynamodb", one.text(table)) or None}
        case "Exists":
            tables = it.type in (
                "SqlDataNode",
                "MySqlDataNode",
                "RedshiftDataNode",
                "DynamoDBDataNode",
            )
            if it.section != "datanodes":
                it.account("precondition", "undecided", "`Exists` says nothing of an activity")
                return None
            what = "any of its files" if not tables else "the table"
            one.account("type", "approximated", f"here it waits for {what}")
            return {"table_exists" if tables else "exists": None}
        case "ShellCommandPrecondition":
            command, uri = scalar(one, "command"), scalar(one, "scriptUri")
            if (given := command or uri) is None:
                return None
            made: dict[str, Made] = {"shell" if command else "script": one.text(given)}
            if args := scalars(one, "scriptArgument"):
                made["args"] = InOneLine([one.text(it) for it in args])
            return made
    it.account(
        "precondition",
        "undecided",
        f"`{one.type or 'an object without a type'}` is no precondition",
    )
    return None


WHEN = Row(("precondition",), ("when",), write_when, read_when)
