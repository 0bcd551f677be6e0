"""Every form of a definition, and forms that are mixed up: what was meant is read, and told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipec.definition.values import Definition, Reference
from pipec.definition.write import definition_text
from pipec.syntax import Scalar
from tests.definition.reading import one, read, said

PLAIN = """\
{
  "objects": [
    {"id": "Default", "scheduleType": "ondemand", "workerGroup": "office"},
    {"id": "Csv", "type": "CSV", "column": ["id INT", "city STRING"]},
    {"id": "Orders", "name": "All orders", "type": "S3DataNode", "filePath": "#{myFile}",
     "dataFormat": {"ref": "Csv"}},
    {"id": "Mail", "type": "ShellCommandActivity", "command": "./mail", "input": [{"ref": "Orders"}]}
  ],
  "parameters": [{"id": "myFile", "type": "String", "description": "What is loaded"}],
  "values": {"myFile": "s3://shop/orders.csv"}
}
"""

API = """\
{"pipelineObjects": [
   {"id": "Default", "name": "Default", "fields": [
     {"key": "scheduleType", "stringValue": "ondemand"}, {"key": "workerGroup", "stringValue": "office"}]},
   {"id": "Csv", "name": "Csv", "fields": [
     {"key": "type", "stringValue": "CSV"},
     {"key": "column", "stringValue": "id INT"}, {"key": "column", "stringValue": "city STRING"}]},
   {"id": "Orders", "name": "All orders", "fields": [
     {"key": "type", "stringValue": "S3DataNode"}, {"key": "filePath", "stringValue": "#{myFile}"},
     {"key": "dataFormat", "refValue": "Csv"}]},
   {"id": "Mail", "name": "Mail", "fields": [
     {"key": "type", "stringValue": "ShellCommandActivity"}, {"key": "command", "stringValue": "./mail"},
     {"key": "input", "refValue": "Orders"}]}],
 "parameterObjects": [{"id": "myFile", "attributes": [
   {"key": "type", "stringValue": "String"}, {"key": "description", "stringValue": "What is loaded"}]}],
 "parameterValues": [{"id": "myFile", "stringValue": "s3://shop/orders.csv"}]}
"""


def test_the_form_of_the_cli() -> None:
    found = one(PLAIN)
    assert found.name == "shop"
    assert [(it.id, it.name, it.type) for it in found.objects] == [
        ("Default", "Default", ""),
        ("Csv", "Csv", "CSV"),
        ("Orders", "All orders", "S3DataNode"),
        ("Mail", "Mail", "ShellCommandActivity"),
    ]
    column, data_format = found.objects[1].get("column"), found.objects[2].get("dataFormat")
    assert column is not None
    assert data_format is not None
    assert column.listed
    assert [it.value for it in column.values if isinstance(it, Scalar)] == ["id INT", "city STRING"]
    assert [it.id for it in data_format.references] == ["Csv"]
    assert [it.value for it in found.values["myFile"]] == ["s3://shop/orders.csv"]


def test_all_knows_where_it_stands() -> None:
    found = one(PLAIN)
    orders = found.objects[2]
    assert orders.span.text.startswith('{"id": "Orders"')
    assert (orders.at.text, orders.at.line, orders.at.column) == ('"Orders"', 5, 12)
    assert orders.type_at.text == '"S3DataNode"'
    places = [(it.key.span.text, it.values[0].span.text) for it in orders.fields]
    assert places == [('"filePath"', '"#{myFile}"'), ('"dataFormat"', '{"ref": "Csv"}')]
    assert found.parameters[0].at.text == '"myFile"'
    assert found.valued_at["myFile"].line == 10


def test_the_form_of_the_api_says_the_same() -> None:
    assert one(API) == one(PLAIN)


def test_an_answer_of_boto3_says_the_same() -> None:
    answer = json.loads(API) | {"ResponseMetadata": {"RequestId": "1", "HTTPStatusCode": 200}}
    assert one(json.dumps(answer)) == one(PLAIN)


def template(resources: dict[str, Any], **more: Any) -> str:
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, **more})


def capital(tree: Any) -> Any:
    """A tree of the API with the keys of CloudFormation."""
    if isinstance(tree, dict):
        return {key[0].upper() + key[1:]: capital(value) for key, value in tree.items()}
    return [capital(item) for item in tree] if isinstance(tree, list) else tree


def test_a_template_says_the_same() -> None:
    properties = {"Name": "shop", "Activate": True, **capital(json.loads(API))}
    text = template({"Shop": {"Type": "AWS::DataPipeline::Pipeline", "Properties": properties}})
    assert one(text, "all.json") == one(PLAIN)
    assert one(text, "all.template") == one(PLAIN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Shapes at the top.
        ("[]", [("P511", "[]")]),
        ('"objects"', [("P511", '"objects"')]),
        ('{"pipeline": "shop"}', [("P511", '{"pipeline": "shop"}')]),
        ('[{"id": "Default"}]', [("P515", '[{"id": "Default"}]')]),
        ('{"id": "Default", "scheduleType": "cron"}', [("P515", '{"id": "Default", "scheduleType": "cron"}')]),
        ('{"Objects": [{"id": "Default"}]}', [("P512", '"Objects"')]),
        ('{"objects": [], "paramaters": []}', [("P512", '"paramaters"')]),
        ('{"objects": [], "tags": []}', [("P513", '"tags"')]),
        ('{"objects": [], "parameterObjects": []}', [("P514", '"parameterObjects"')]),
        ('{"pipelineObjects": [], "values": {}}', [("P514", '"values"'), ("P514", "{}")]),
        ('{"parameters": []}', [("P518", '{"parameters": []}')]),
        # Shapes of objects.
        ('{"objects": "Default"}', [("P515", '"Default"')]),
        ('{"objects": {"Default": {"scheduleType": "cron"}}}', [("P515", '{"Default": {"scheduleType": "cron"}}')]),
        ('{"objects": [[{"id": "Default"}]]}', [("P515", '[{"id": "Default"}]')]),
        ('{"objects": ["Default"]}', [("P515", '"Default"')]),
        ('{"objects": [{"name": "Default"}]}', [("P524", '{"name": "Default"}')]),
        ('{"objects": [{"id": ["Default"]}]}', []),
        ('{"objects": [{"id": {"ref": "Default"}}]}', [("P515", '"id"')]),
        ('{"objects": [{"id": ""}]}', [("P524", '{"id": ""}')]),
        ('{"objects": [{"id": "Default", "name": ""}]}', [("P529", '"Default"')]),
        ('{"objects": [{"id": "Default", "type": ""}]}', [("P529", '""')]),
        # The form of the API where that of the CLI is expected.
        ('{"objects": [{"id": "Default", "fields": [{"key": "myA", "stringValue": "b"}]}]}', [("P514", '"fields"')]),
        ('{"objects": [{"id": "Default", "fields": {"myA": "b"}}]}', [("P514", '"fields"'), ("P514", '{"myA": "b"}')]),
        ('{"objects": [{"id": "Default", "myA": {"stringValue": "b"}}]}', [("P514", '"stringValue"')]),
        ('{"objects": [{"id": "Default", "myA": {"refValue": "Default"}}]}', [("P514", '"refValue"')]),
        ('{"objects": [], "values": [{"id": "myA", "stringValue": "b"}]}', [("P514", '[{"id": "myA", "stringValue": "b"}]')]),
        # And the other way round.
        ('{"pipelineObjects": [{"id": "Default", "myA": "b"}]}', [("P514", '"myA"')]),
        ('{"pipelineObjects": [{"id": "Default", "myA": "b", "fields": []}]}', [("P514", '"myA"')]),
        ('{"pipelineObjects": [{"id": "Default", "fields": [{"myA": "b"}]}]}', [("P514", '{"myA": "b"}')]),
        ('{"pipelineObjects": [{"id": "Default", "fields": [{"key": "myA", "stringValue": {"ref": "Default"}}]}]}', [("P514", '"ref"')]),
        ('{"pipelineObjects": [], "parameterValues": {"myA": "b"}}', [("P514", '{"myA": "b"}')]),
        # Entries of the API.
        ('{"pipelineObjects": [{"id": "Default", "slots": [{"key": "myA", "stringValue": "b"}]}]}', [("P512", '"slots"')]),
        ('{"pipelineObjects": [{"id": "Default", "fields": [{"key": "myA", "value": "b"}]}]}', [("P512", '"value"')]),
        ('{"pipelineObjects": [{"id": "Default", "fields": [{"key": "myA", "ref": "Default"}]}]}', [("P512", '"ref"')]),
        ('{"pipelineObjects": [{"id": "Default", "fields": [{"key": "myA", "StringValue": "b"}]}]}', [("P512", '"StringValue"')]),
        ('{"pipelineObjects": [{"id": "Default", "fields": [{"key": "myA"}]}]}', [("P515", '{"key": "myA"}')]),
        ('{"pipelineObjects": [{"id": "Default", "fields": [{"key": ["myA"], "stringValue": "b"}]}]}', [("P515", '{"key": ["myA"], "stringValue": "b"}')]),
        ('{"pipelineObjects": [{"id": "Default", "fields": ["myA"]}]}', [("P515", '"myA"')]),
        ('{"pipelineObjects": [{"id": "Default", "fields": "myA"}]}', [("P515", '"myA"')]),
        # Values.
        ('{"objects": [{"id": "Default", "myA": 5}]}', [("P516", "5")]),
        ('{"objects": [{"id": "Default", "myA": [true, "b"]}]}', [("P516", "true")]),
        ('{"objects": [{"id": "Default", "myA": null}]}', [("P516", "null")]),
        ('{"objects": [{"id": "Default", "*myA": 12345}]}', [("P516", '"*myA"')]),
        ('{"objects": [{"id": "Default", "myA": []}]}', [("P517", '"myA"')]),
        ('{"objects": [{"id": "Default", "myA": [["b"]]}]}', [("P515", '["b"]')]),
        ('{"objects": [{"id": "Default", "myA": {}}]}', [("P515", "{}")]),
        ('{"objects": [{"id": "Default", "myA": {"Ref": "Default"}}]}', [("P512", '"Ref"')]),
        ('{"objects": [{"id": "Default", "myA": {"ref": "Default", "b": "c"}}]}', [("P515", '{"ref": "Default", "b": "c"}')]),
        ('{"objects": [{"id": "Default", "myA": {"ref": null}}]}', [("P515", "null")]),
        ('{"objects": [{"id": "Default", "myA": {"ref": {"ref": "b"}}}]}', [("P515", '{"ref": "b"}')]),
        # Parameters and their values.
        ('{"objects": [], "parameters": {"myA": {"type": "String"}}}', [("P515", '{"myA": {"type": "String"}}')]),
        ('{"objects": [], "parameters": [{"name": "myA"}]}', [("P524", '{"name": "myA"}')]),
        ('{"objects": [], "parameters": [{"id": "myA", "attributes": []}]}', [("P514", '"attributes"')]),
        ('{"objects": [], "values": {"myA": {"ref": "Default"}}}', [("P515", '{"ref": "Default"}')]),
        ('{"objects": [], "values": {"myA": 5}}', [("P516", "5")]),
        ('{"objects": [], "values": "myA"}', [("P515", '"myA"')]),
    ],
)  # fmt: skip
def test_mixed_up_shapes(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": "Default", "myA": ["b", {"ref": "Default"}]}]',
        '{"id": "Default", "myA": ["b", {"ref": "Default"}]}',
        '{"Objects": [{"id": "Default", "myA": ["b", {"refValue": "Default"}]}]}',
        '{"objects": {"Default": {"myA": ["b", {"ref": "Default"}]}}}',
        '{"objects": {"id": "Default", "myA": [{"stringValue": "b"}, {"Ref": "Default"}]}}',
        '{"objects": [[{"id": "Default", "myA": ["b", {"ref": "Default"}]}]]}',
        '{"objects": [{"name": "Default", "myA": ["b", {"ref": "Default"}]}]}',
        '{"objects": [{"id": "Default", "fields": {"myA": ["b", {"ref": "Default"}]}}]}',
        '{"objects": [{"id": "Default", "slots": [{"key": "myA", "stringValue": "b"}, {"key": "myA", "refValue": "Default"}]}]}',
        '{"pipelineObjects": [{"id": "Default", "myA": ["b", {"ref": "Default"}]}]}',
        '{"pipelineObjects": [{"id": "Default", "fields": [{"key": "myA", "value": "b"}, {"key": "myA", "ref": "Default"}]}]}',
        '{"pipelineObjects": [{"id": "Default", "fields": [{"myA": ["b", {"ref": "Default"}]}]}]}',
    ],
)
def test_is_read_as_it_was_meant(text: str) -> None:
    [found], said = read({"shop.json": text})
    assert said
    assert (
        found.objects
        == one('{"objects": [{"id": "Default", "myA": ["b", {"ref": "Default"}]}]}').objects
    )


def test_what_is_secret_is_not_said() -> None:
    _, found = read({"shop.json": '{"objects": [{"id": "Default", "*myPassword": 12345}]}'})
    assert found
    assert not any("12345" in it.text() + it.hint() for it in found)


def test_other_files_add_parameters_and_values() -> None:
    texts = {
        "shop.json": '{"objects": [{"id": "Default", "myA": "#{myB}"}], "values": {"myC": "1"}}',
        "parameters.json": '{"parameters": [{"id": "myB"}, {"id": "myC"}]}',
        "values.json": '{"parameterValues": [{"id": "myB", "stringValue": "2"}, {"id": "myC", "stringValue": "3"}]}',
    }
    [found], said = read(texts)
    assert [(it.code, it.span.source.name, it.span.text) for it in said] == [
        ("P519", "values.json", '"myC"')
    ]
    assert {name: it[0].value for name, it in found.values.items()} == {"myB": "2", "myC": "3"}
    assert [it.id for it in found.parameters] == ["myB", "myC"]


def test_a_file_beside_a_definition_may_be_broken() -> None:
    found, said = read({"shop.json": PLAIN, "values.json": '{"values": {"myFile": "a"'})
    assert [it.code for it in said] == ["P506"]
    assert len(found) == 1


def test_a_definition_is_no_file_of_values() -> None:
    found, said = read({"shop.json": PLAIN, "more.json": PLAIN})
    assert [(it.code, it.span.source.name) for it in said][-1] == ("P519", "more.json")
    assert "P520" in [it.code for it in said]
    assert len(found[0].objects) == 4


def test_windows_line_ends_change_no_place() -> None:
    [found], said = read({"shop.json": PLAIN.replace("\n", "\r\n")})
    assert said == []
    assert (found.objects[2].at.line, found.objects[2].at.column) == (5, 12)


def test_places_inside_of_a_text_with_escapes() -> None:
    text = '{"objects": [{"id": "Default", "myA": "one\\n\\"two\\" \\u00e9#{myB}"}], "parameters": [{"id": "myC"}]}'
    _, said = read({"shop.json": text})
    assert [(it.code, it.span.text) for it in said] == [("P538", "myB")]


def test_references_are_values() -> None:
    definition: Definition = one(PLAIN)
    [value] = definition.objects[3].fields[1].values
    assert value == Reference(value.span, "Orders")
    assert definition_text(definition).count('{"ref": "Orders"}') == 1
