"""No message about a definition shows a password, whichever form it has and however broken it is."""

from __future__ import annotations

import json

import pytest

from pipec.definition.check import check_definition
from pipec.definition.read import read_definition
from pipec.definition.secrets import without_secrets
from pipec.diagnostic import Report
from pipec.render import FORMATS
from pipec.source import Source

PLAIN = """{"objects": [
  {"id": "Db", "type": "RdsDatabase", "usrname": "etl", "*password": "hunter2"},
  {"id": "Own", "type": "RdsDatabase", "usrname": "etl", "*password": "#{myPassword}"}
 ],
 "parameters": [{"id": "*mySecret", "tpye": "String", "default": "hunter2"}, {"id": "myPassword", "default": "hunter2"}],
 "values": {"*mySecret": ["hunter2"], "myPassword": "hunter2", "myNo": "1"}}
"""
API = """{"pipelineObjects": [{"id": "Db", "name": "Db", "fields": [
  {"key": "tpe", "stringValue": "RdsDatabase"}, {"key": "*password", "stringValue": "hunter2"},
  {"stringValue": "hunter2", "key": "*password"}]}],
 "parameterValues": [{"id": "*mySecret", "stringValue": "hunter2"}, {"id": "myNo", "stringValue": "1"}]}
"""
TEMPLATE = """
Resources:
  Shop:
    Type: AWS::DataPipeline::Pipeline
    Properties:
      Name: shop
      PipelineObjects:
        - Id: Db
          Name: Db
          Fields:
            - Key: tpe
              StringValue: RdsDatabase
            - Key: "*password"
              StringValue: hunter2
            - {Key: "*password", StringValue: hunter2}
"""


@pytest.mark.parametrize(
    "text",
    [PLAIN, PLAIN[:150], PLAIN.replace('"hunter2"', '"hunter2" x'), API, API[:-20], TEMPLATE],
    ids=["plain", "cut", "broken", "api", "api cut", "template"],
)
def test_it_is_not_shown(text: str) -> None:
    name = "shop.yaml" if text is TEMPLATE else "shop.json"
    source, report = Source(name, text), Report()
    definitions = read_definition(source, report)
    for one in definitions:
        check_definition(one, report)
    found = without_secrets(report.sorted(), definitions, [source])
    assert [(it.code, it.span.start) for it in found] == [
        (it.code, it.span.start) for it in report.sorted()
    ]
    for render in FORMATS.values():
        assert "hunter2" not in render(found)
    assert json.loads(FORMATS["json"](found))["diagnostics"]
