"""What a pipeline, compiled back to a definition, does otherwise than the one it was imported from."""

from __future__ import annotations

from dataclasses import replace

from pipec.definition.ids import id_of
from pipec.definition.inherit import resolved
from pipec.definition.read import read_definition
from pipec.definition.values import DEFAULT, Definition, Field, Object
from pipec.diagnostic import Report
from pipec.importing.importer import Imported
from pipec.source import Source
from tests.definition.meaning import differences
from tests.importing.importing import MOMENTS


def untold(definition: Definition, made: Imported, text: str) -> list[str]:
    """The differences that the report of the import says nothing of."""
    [back] = read_definition(Source("back.json", text), Report())
    found = differences(
        without_implied(started(definition)),
        without_implied(back),
        made.names,
        params=renamed(made, back),
        allowed=ALOUD,
    )
    told = {(it.owner, it.field) for it in made.accounts if it.outcome != "carried"}
    return [it for it in found if not is_told(it, told, definition)]


def renamed(made: Imported, back: Definition) -> dict[str, str]:
    """What the parameters are called that are still some after the way back: the secrets."""
    ids = {it.id for it in back.parameters}
    found = {mine: id_of(name, secret=True) for mine, name in made.parameters.items()}
    return {mine: theirs for mine, theirs in found.items() if theirs in ids}


DATA = ("S3DataNode", "SqlDataNode", "MySqlDataNode", "RedshiftDataNode", "DynamoDBDataNode")
ALOUD = {
    # Passwords are secrets, whether they were marked so or not.
    ("Parameter", "secret"),
    ("Parameter", "values"),
    # What the service has a default for that nobody has written down, and pipec says.
    ("*", "maximumRetries"),
    ("*", "retryDelay"),
    ("*", "terminateAfter"),
    ("*", "initTimeout"),
    ("*", "preconditionTimeout"),
    ("*", "runAsUser"),
    ("*", "actionOnTaskFailure"),
    ("*", "failureAndRerunMode"),
    ("TSV", "escapeChar"),
    # What stands in `Default`, and says nothing of machines, nor of data without preconditions.
    ("Ec2Resource", "scheduleType"),
    ("EmrCluster", "scheduleType"),
    *((type_, field) for type_ in DATA for field in ("runsOn", "workerGroup", "scheduleType")),
    # What people are told.
    ("*", "myComment"),
}


def is_told(said: str, told: set[tuple[str, str]], definition: Definition) -> bool:
    """Whether the report tells of what a difference says."""
    owner, _, rest = said.partition(": ")
    if "dependsOn" in said and any(name == "dependsOn" for _, name in told):
        return True  # What data comes after, its readers come after.
    if any(f"{{{it}}}" in said for it in _absent(definition)) or "#{table}" in said:
        return True  # Nothing stands where there is no value; what is known stands there itself.
    names = {part for index, part in enumerate(rest.split("`")) if index % 2}
    if owner.startswith("parameter "):
        return any((owner.removeprefix("parameter "), name) in told for name in names)
    one = next((it for it in resolved(definition) if it.object.id == owner), None)
    if one is None:
        return False
    if "the other has no" in rest:
        return not _flows(owner, definition)
    if "is not said, and" in rest and any(it.startswith("my") for it in names):
        return True  # What all inherit from `Default`.
    for name in names:
        origin = one.origins.get(name)
        if origin is not None and (origin.id, name) in told:
            return True
        inner = one.get(name)
        if inner is not None and any(
            (ref.id, it) in told for ref in inner.references for it in names
        ):
            return True
    unsaid = {
        "instanceType", "releaseLabel", "scheduleType", "schedule", "dataFormat", "database",
        "masterInstanceType", "coreInstanceType", "taskInstanceType", "coreInstanceCount",
        "taskInstanceCount",
    }  # fmt: skip
    return (bool(names & unsaid) and "is not said, and" in rest) or (owner, "type") in told


def _absent(definition: Definition) -> list[str]:
    """The parameters that need no value, and have none."""
    every = (it for it in definition.parameters if it.get("optional") is not None)
    return [it.id for it in every if it.id not in definition.values]


def _flows(id_: str, definition: Definition) -> bool:
    """Whether something reads or writes an object."""
    fields = (it.get(side) for it in resolved(definition) for side in ("input", "output"))
    return any(ref.id == id_ for it in fields if it is not None for ref in it.references)


def started(definition: Definition) -> Definition:
    """The definition once it was activated: then it is known when the first run starts."""
    objects = []
    default = definition.get(DEFAULT)
    kind = default.get("scheduleType") if default is not None else None
    on_demand = kind is not None and kind.text.lower() == "ondemand"
    for one in definition.objects:
        fields = [_known(it) for it in one.fields if not (on_demand and it.key.value == "schedule")]
        objects.append(replace(one, fields=tuple(fields)))
    return replace(definition, objects=tuple(objects))


def _known(field: Field) -> Field:
    if field.key.value != "startAt":
        return field
    start = MOMENTS["first_run"].removesuffix("Z")
    return Field(replace(field.key, value="startDateTime"), (replace(field.key, value=start),))


def without_implied(definition: Definition) -> Definition:
    """The definition without what follows from the flow anyway, as the report need not say."""
    every = {one.object.id: one for one in resolved(definition)}

    def writes(id_: str) -> set[str]:
        found = every[id_].get("output") if id_ in every else None
        return {it.id for it in found.references} if found is not None else set()

    def without(one: Object) -> Object:
        read_ = one.get("input")
        nodes = {it.id for it in read_.references} if read_ is not None else set()
        fields = []
        for it in one.fields:
            if it.key.value == "dependsOn":
                left = tuple(ref for ref in it.references if not writes(ref.id) & nodes)
                if not left:
                    continue
                it = Field(it.key, left)
            fields.append(it)
        return replace(one, fields=tuple(fields))

    return replace(definition, objects=tuple(map(without, definition.objects)))
