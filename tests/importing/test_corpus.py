"""Published definitions become pipelines that check clean, compile, and mean the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from pipec.definition.ids import id_of
from pipec.definition.inherit import resolved
from pipec.definition.read import read_definition
from pipec.definition.values import Definition, Field, Object
from pipec.diagnostic import Report
from pipec.importing.importer import Imported
from pipec.importing.report import Done, counts, report_text
from pipec.source import Source
from tests.definition.meaning import differences
from tests.importing.importing import (
    CORPUS,
    MOMENTS,
    NAMES,
    NO_JSON,
    errors,
    files,
    imported,
    read,
)

every = pytest.mark.parametrize("name", NAMES)


@every
def test_it_is_what_a_person_would_write(name: str, snapshot: SnapshotAssertion) -> None:
    assert imported(name).imported.text == snapshot


@every
def test_its_report(name: str, snapshot: SnapshotAssertion) -> None:
    made = imported(name).imported
    assert report_text([Done(f"{name}.json", made, f"{made.name}.pipe.yaml")]) == snapshot


@every
def test_every_field_is_accounted_for(name: str) -> None:
    one = imported(name)
    definition = one.definition
    fields = sum(len({it.key.value for it in thing.fields}) + bool(thing.type) for thing in definition.objects)
    fields += sum(len({it.key.value for it in thing.fields}) for thing in definition.parameters)
    fields += len(definition.values)
    assert sum(counts(one.imported.accounts).values()) == fields
    assert all(it.why for it in one.imported.accounts if it.outcome != "carried")


@every
def test_it_checks_clean_without_values(name: str) -> None:
    _, report = read(imported(name).imported.text, {})
    assert errors(report.sorted()) == []


@every
@pytest.mark.parametrize("version", ["3.3", "3.0", "2.11"])
def test_it_compiles_to_airflow(name: str, version: str) -> None:
    made, said = files(imported(name, values=True).imported.text, "airflow", version=version)
    assert errors(said) == []
    assert made


@every
def test_compiled_back_it_differs_in_what_the_report_says(name: str) -> None:
    one = imported(name, values=True)
    made, said = files(one.imported.text, "datapipeline")
    assert errors(said) == []
    [text] = made.values()
    [back] = read_definition(Source("back.json", text), Report())
    found = differences(
        _without_implied(_started(one.definition)),
        _without_implied(back),
        one.imported.names,
        params=_renamed(one.imported, back),
        allowed=ALOUD,
    )
    told = {(it.owner, it.field) for it in one.imported.accounts if it.outcome != "carried"}
    assert [it for it in found if not _is_told(it, told, one.definition)] == []


def _renamed(made: Imported, back: Definition) -> dict[str, str]:
    """What the parameters are called that are still some after the way back: the secrets."""
    ids = {it.id for it in back.parameters}
    found = {mine: id_of(name, secret=True) for mine, name in made.parameters.items()}
    return {mine: theirs for mine, theirs in found.items() if theirs in ids}


ALOUD = {
    # Passwords are secrets, whether they were marked so or not.
    ("Parameter", "secret"),
    # What the service has a default for that nobody has written down, and pipec says.
    ("*", "maximumRetries"),
    ("*", "retryDelay"),
    ("*", "terminateAfter"),
    ("*", "runAsUser"),
    ("*", "actionOnTaskFailure"),
    ("*", "failureAndRerunMode"),
    # What stands in `Default` and says nothing of data without preconditions.
    ("S3DataNode", "runsOn"),
    ("SqlDataNode", "runsOn"),
    ("RedshiftDataNode", "runsOn"),
    ("DynamoDBDataNode", "runsOn"),
    # What people are told.
    ("*", "myComment"),
}


def _is_told(said: str, told: set[tuple[str, str]], definition: Definition) -> bool:
    """Whether the report tells of what a difference says."""
    owner, _, rest = said.partition(": ")
    names = {part for index, part in enumerate(rest.split("`")) if index % 2}
    one = next((it for it in resolved(definition) if it.object.id == owner), None)
    if one is None:
        return False
    for name in names:
        origin = one.origins.get(name)
        if origin is not None and (origin.id, name) in told:
            return True
        inner = one.get(name)
        if inner is not None and any(it.id == owner for it, _ in told for it in ()):
            return True
        if inner is not None and any((ref.id, it) in told for ref in inner.references for it in names):
            return True
    unsaid = {"instanceType", "releaseLabel", "initTimeout", "scheduleType", "coreInstanceType", "schedule", "dataFormat"}
    return bool(names & unsaid) and "is not said, and" in rest or (owner, "type") in told


def _started(definition: Definition) -> Definition:
    """The definition once it was activated: then it is known when the first run starts."""
    objects = []
    for one in definition.objects:
        fields = [_known(it) for it in one.fields]
        objects.append(replace(one, fields=tuple(fields)))
    return replace(definition, objects=tuple(objects))


def _known(field: Field) -> Field:
    if field.key.value != "startAt":
        return field
    start = MOMENTS["first_run"].removesuffix("Z")
    return Field(replace(field.key, value="startDateTime"), (replace(field.key, value=start),))


def _without_implied(definition: Definition) -> Definition:
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


def test_what_is_no_json_is_refused_where_it_ends_to_be() -> None:
    report = Report()
    text = (CORPUS / f"{NO_JSON}.json").read_text(encoding="utf-8")
    assert read_definition(Source("ondemand.json", text), report) == ()
    found = report.found[0]
    assert (found.code, found.span.line, found.span.column) == ("P501", 4, 82)
