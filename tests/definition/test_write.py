"""A definition is written as a person would, and read back it is the same."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipec.definition.catalogue import catalogue
from pipec.definition.read import read_definition
from pipec.definition.values import Definition, Field, Object, Parameter, Reference, Value, text
from pipec.definition.write import definition_text
from pipec.diagnostic import Report
from pipec.source import NOWHERE, Source

SHOP = """\
{
  "objects": [
    {
      "id": "Default",
      "name": "Default",
      "scheduleType": "cron",
      "schedule": {"ref": "Daily"}
    },
    {
      "id": "Mail",
      "name": "Mail to all",
      "type": "ShellCommandActivity",
      "command": "./mail \\"Zürich\\"\\n./post",
      "dependsOn": [
        {"ref": "Load"},
        {"ref": "Check"}
      ],
      "scriptArgument": [
        "one",
        "two"
      ]
    }
  ],
  "parameters": [
    {
      "id": "*myPassword",
      "type": "String"
    }
  ],
  "values": {
    "myCity": "Bern",
    "myCities": [
      "Bern",
      "Basel"
    ]
  }
}
"""


def test_writes_as_a_person_would() -> None:
    [definition] = read_definition(Source("shop.json", SHOP), Report())
    assert definition_text(definition) == SHOP
    assert definition.get("Mail") is not None
    assert definition.name == "shop"


def test_a_list_of_one_is_written_as_its_value() -> None:
    source = Source("shop.json", '{"objects": [{"id": "Mail", "step": ["one"]}]}')
    [definition] = read_definition(source, Report())
    [field] = definition.objects[0].fields
    assert field.listed
    assert json.loads(definition_text(definition))["objects"][0]["step"] == "one"


NAMES = sorted({name for one in catalogue().types.values() for name in one.fields} | {"myOwner"})
WORD = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
SCALAR = st.text(st.characters(codec="utf-8"), max_size=20).map(text)
VALUE: st.SearchStrategy[Value] = SCALAR | WORD.map(lambda id: Reference(NOWHERE, id))


def fields(
    names: list[str], values: st.SearchStrategy[Value]
) -> st.SearchStrategy[tuple[Field, ...]]:
    pairs = st.dictionaries(
        st.sampled_from(names), st.lists(values, min_size=1, max_size=3).map(tuple), max_size=5
    )
    return pairs.map(
        lambda it: tuple(Field(text(name), one, len(one) > 1) for name, one in it.items())
    )


OBJECT = st.builds(
    Object,
    span=st.just(NOWHERE),
    id=WORD,
    name=WORD,
    type=st.sampled_from(["", *catalogue().types]),
    at=st.just(NOWHERE),
    fields=fields(NAMES, VALUE),
)
PARAMETER = st.builds(
    Parameter, span=st.just(NOWHERE), id=WORD, fields=fields(["description", "default"], SCALAR)
)
DEFINITION = st.builds(
    Definition,
    source=st.just(Source("shop.json", "")),
    name=st.just("shop"),
    objects=st.lists(OBJECT, min_size=1, max_size=4).map(tuple),
    parameters=st.lists(PARAMETER, max_size=3).map(tuple),
    values=st.dictionaries(WORD, st.lists(SCALAR, min_size=1, max_size=3).map(tuple), max_size=3),
)


@given(DEFINITION)
def test_what_is_written_is_read_as_the_same(definition: Definition) -> None:
    report = Report()
    written = definition_text(definition)
    [again] = read_definition(Source("shop.json", written), report)
    assert report.found == []
    assert again == definition
    assert again != replace(definition, name="stock")
    assert definition_text(again) == written


@given(DEFINITION)
def test_the_api_says_the_same_in_its_form(definition: Definition) -> None:
    def keyed(given: tuple[Field, ...]) -> list[dict[str, str]]:
        return [
            {"key": field.key.value, "refValue": value.id}
            if isinstance(value, Reference)
            else {"key": field.key.value, "stringValue": value.value}
            for field in given
            for value in field.values
        ]

    api = {
        "pipelineObjects": [
            {
                "id": one.id,
                "name": one.name,
                "fields": [
                    *([{"key": "type", "stringValue": one.type}] if one.type else []),
                    *keyed(one.fields),
                ],
            }
            for one in definition.objects
        ],
        "parameterObjects": [
            {"id": one.id, "attributes": keyed(one.fields)} for one in definition.parameters
        ],
        "parameterValues": [
            {"id": id, "stringValue": value.value}
            for id, values in definition.values.items()
            for value in values
        ],
        "ResponseMetadata": {"HTTPStatusCode": 200, "RetryAttempts": 0},
    }
    report = Report()
    [again] = read_definition(Source("shop.json", json.dumps(api)), report)
    assert report.found == []
    assert again == definition
