"""CloudFormation templates: what they say by themselves, and what only a deployment knows."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import pytest

from pipec.definition.values import Definition
from pipec.diagnostic import Diagnostic
from tests.definition.reading import read

HEAD = """\
Parameters:
  Bucket:
    Type: String
    Description: Where all is kept
    Default: shop
    AllowedValues: [shop, stock]
  Owner: {Type: String}
  Password: {Type: String, NoEcho: true, Default: swordfish}
  Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /aws/latest}
Mappings:
  Sizes:
    small: {type: m5.large}
Resources:
  Log: {Type: "AWS::S3::Bucket"}
  Shop:
    Type: AWS::DataPipeline::Pipeline
    Properties:
      Name: !Sub "${Bucket}-pipeline"
      Description: All of the shop
      PipelineObjects:
        - Id: Default
          Name: Default
          Fields:
            - Key: myText
              StringValue: VALUE
"""


def pipeline(value: str, more: str = "") -> tuple[Definition, list[Diagnostic]]:
    [found], said = read(
        {"shop.yaml": HEAD.replace("VALUE", value) + textwrap.indent(more, " " * 6)}
    )
    return found, said


@pytest.mark.parametrize(
    ("value", "expected", "parameters"),
    [
        ("./mail", "./mail", []),
        ("12", "12", []),
        ("no", "no", []),
        ("!Ref Bucket", "#{myBucket}", ["myBucket"]),
        ("{Ref: Owner}", "#{myOwner}", ["myOwner"]),
        ("!Ref Password", "#{*myPassword}", ["*myPassword"]),
        ("!Sub 's3://${Bucket}/${Owner}/${!Literal}'", "s3://#{myBucket}/#{myOwner}/${Literal}", ["myBucket", "myOwner"]),
        ("!Sub ['${A}/${B}', {A: one, B: !Ref Bucket}]", "one/#{myBucket}", ["myBucket"]),
        ("!Join ['', ['s3://', !Ref Bucket, '/in']]", "s3://#{myBucket}/in", ["myBucket"]),
        ("{'Fn::Join': ['-', [a, b]]}", "a-b", []),
        ("!Join [',', !Split ['/', 'a/b']]", "a,b", []),
        ("!Select [1, [a, !Ref Bucket]]", "#{myBucket}", ["myBucket"]),
        ("!FindInMap [Sizes, small, type]", "m5.large", []),
    ],
)  # fmt: skip
def test_what_the_template_knows(value: str, expected: str, parameters: list[str]) -> None:
    found, said = pipeline(value)
    assert [(one.code, one.span.text) for one in said] == [("P521", '!Sub "${Bucket}-pipeline"')]
    assert found.objects[0].fields[0].text == expected
    assert [one.id for one in found.parameters] == parameters


@pytest.mark.parametrize(
    ("value", "expected", "parameter"),
    [
        ("!Ref Log", "#{myLog}", "myLog"),
        ("!Ref AWS::Region", "#{myAWSRegion}", "myAWSRegion"),
        ("!Sub 'logs-${AWS::Region}'", "logs-#{myAWSRegion}", "myAWSRegion"),
        ("!Sub '${Log.Arn}/in'", "#{myLogArn}/in", "myLogArn"),
        ("!GetAtt Log.Arn", "#{myLogArn}", "myLogArn"),
        ("!GetAtt [Log, Arn]", "#{myLogArn}", "myLogArn"),
        ("{'Fn::GetAtt': [Log, Arn]}", "#{myLogArn}", "myLogArn"),
        ("!ImportValue shared-bucket", "#{myImportValueSharedBucket}", "myImportValueSharedBucket"),
        ("!If [IsTest, a, b]", "#{myIfIsTestAB}", "myIfIsTestAB"),
        ("!FindInMap [Sizes, !Ref AWS::Region, type]", "#{myFindInMapSizesAWSRegionType}", "myFindInMapSizesAWSRegionType"),
        ("!Select [7, [a, b]]", "#{mySelect7AB}", "mySelect7AB"),
        ("!Base64 abc", "#{myBase64Abc}", "myBase64Abc"),
    ],
)  # fmt: skip
def test_what_only_a_deployment_knows(value: str, expected: str, parameter: str) -> None:
    found, said = pipeline(value)
    assert [one.code for one in said] == ["P521", "P521"]
    assert said[1].span.text == value
    assert f"`{parameter}`" in said[1].text()
    assert found.objects[0].fields[0].text == expected
    assert [(one.id, one.fields) for one in found.parameters] == [(parameter, ())]


def test_a_parameter_of_the_template_brings_all_it_says() -> None:
    found, _ = pipeline("!Ref Bucket")
    said = {it.key.value: [one.span.text for one in it.values] for it in found.parameters[0].fields}
    assert said == {
        "description": ["Where all is kept"],
        "allowedValues": ["shop", "stock"],
        "default": ["shop"],
    }


def test_a_secret_stays_one() -> None:
    found, said = pipeline("!Ref Password")
    assert found.parameters[0].secret
    assert "swordfish" not in repr((found, [one.text() + one.hint() for one in said]))


def test_what_a_parameter_store_holds_is_no_default() -> None:
    found, _ = pipeline("!Ref Image")
    assert found.parameters[0].fields == ()


def test_the_name_and_description_of_a_pipeline() -> None:
    found, said = pipeline("a")
    assert (found.name, found.description) == ("shop-pipeline", "All of the shop")
    assert "its default, `shop`, is taken" in said[0].text()


def test_the_tags_of_a_pipeline() -> None:
    found, _ = pipeline("a", "PipelineTags:\n  - {Key: owner, Value: !Sub 'team-${Bucket}'}\n")
    assert found.tags == (("owner", "team-shop"),)


def test_names_of_parameters_do_not_clash() -> None:
    more = (
        "ParameterObjects:\n  - Id: myBucket\n    Attributes: [{Key: type, StringValue: String}]\n"
    )
    found, _ = pipeline("!Ref Bucket", more)
    assert [one.id for one in found.parameters] == ["myBucket", "myBucket2"]
    assert found.objects[0].fields[0].text == "#{myBucket2}"


def test_values_of_parameters() -> None:
    more = """\
ParameterObjects:
  - Id: myOne
    Attributes:
      - {Key: type, StringValue: String}
      - {Key: default, StringValue: !Ref Bucket}
  - {Id: myTwo, Attributes: [{Key: type, StringValue: String}]}
  - {Id: "*myThree", Attributes: [{Key: type, StringValue: String}]}
ParameterValues:
  - {Id: myOne, StringValue: !Ref Bucket}
  - {Id: myTwo, StringValue: !GetAtt Log.Arn}
  - {Id: "*myThree", StringValue: !Ref Password}
"""
    found, said = pipeline("a", more)
    assert {name: [one.value for one in it] for name, it in found.values.items()} == {
        "myOne": ["shop"]
    }
    assert found.parameters[0].fields[1].text == "shop"
    assert [one.code for one in said] == ["P521"] * 5
    assert "`myTwo` is left without a value" in said[3].text()
    assert "`*myThree` is left without a value" in said[4].text()


def test_a_field_without_value_is_left_out() -> None:
    found, said = pipeline("a\n            - !Ref AWS::NoValue")
    assert len(found.objects[0].fields) == 1
    assert [one.code for one in said] == ["P521"]


def test_what_has_to_be_written_out() -> None:
    more = """\
  - Id: Load
    Fields:
      - {Key: type, StringValue: CSV}
      - {Key: parent, RefValue: !Ref Log}
"""
    _, said = pipeline("a", more)
    assert [(one.code, one.span.text) for one in said][1:] == [
        ("P523", "!Ref Log"),
        ("P526", "!Ref Log"),
    ]


def test_all_knows_where_it_stands() -> None:
    found, _ = pipeline("./mail")
    [field] = found.objects[0].fields
    assert (field.values[0].span.text, field.values[0].span.line) == ("./mail", 25)
    assert (field.key.span.text, found.objects[0].at.text) == ("myText", "Default")


def test_json_says_the_same() -> None:
    def object_(id: str, **fields: Any) -> dict[str, Any]:
        return {"Id": id, "Name": id, "Fields": [{"Key": k, **v} for k, v in fields.items()]}

    text = json.dumps(
        {
            "Parameters": {"Bucket": {"Type": "String", "Default": "shop"}},
            "Resources": {
                "Shop": {
                    "Type": "AWS::DataPipeline::Pipeline",
                    "Properties": {
                        "PipelineObjects": [
                            object_("Csv", type={"StringValue": "CSV"}),
                            object_(
                                "Orders",
                                type={"StringValue": "S3DataNode"},
                                filePath={"StringValue": {"Fn::Sub": "s3://${Bucket}/a"}},
                                maximumRetries={"StringValue": 2},
                                dataFormat={"RefValue": "Csv"},
                            ),
                        ]
                    },
                }
            },
        }
    )
    [found], said = read({"all.json": text})
    assert said == []
    assert found.name == "Shop"
    assert [it.text for it in found.objects[1].fields] == ["s3://#{myBucket}/a", "2", ""]
    assert found.objects[1].fields[2].references[0].id == "Csv"


def test_all_pipelines_of_a_template() -> None:
    one = {
        "Type": "AWS::DataPipeline::Pipeline",
        "Properties": {"PipelineObjects": [{"Id": "Default", "Name": "Default", "Fields": []}]},
    }
    found, _ = read({"all.json": json.dumps({"Resources": {"First": one, "Second": one}})})
    assert [it.name for it in found] == ["First", "Second"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Resources: {}", [("P522", "{}")]),
        ("AWSTemplateFormatVersion: 1", [("P522", "AWSTemplateFormatVersion: 1")]),
        ("Resources: {A: {Type: AWS::S3::Bucket}}", [("P522", "{A: {Type: AWS::S3::Bucket}}")]),
        ("Resources: {A: {Type: AWS::DataPipeline::Pipline}}", [("P522", "AWS::DataPipeline::Pipline")]),
        ("Resources: {A: {Type: AWS::DataPipeline::Pipeline}}", [("P515", "A"), ("P518", "A")]),
        ("Resources: {A: {Type: AWS::DataPipeline::Pipeline, Properties: {Name: a}}}", [("P518", "{Name: a}")]),
        ("Resources: {A: {Type: AWS::DataPipeline::Pipeline, Properties: {PipelineObject: []}}}", [("P512", "PipelineObject")]),
        ("Resources: {A: {Type: AWS::DataPipeline::Pipeline, Properties: {PipelineObjects: [], KmsKey: a}}}", [("P513", "KmsKey")]),
        ("Resources: {A: {Type: AWS::DataPipeline::Pipeline, Properties: {PipelineObjects: !If [a, [], []]}}}", [("P515", "!If [a, [], []]"), ("P523", "!If [a, [], []]")]),
        ("Resources: !Bad {}", [("P008", "!Bad"), ("P522", "{}")]),
        ("Resources:\n\t- a", [("P012", "\t")]),
        ("", [("P511", "")]),
    ],
)  # fmt: skip
def test_templates_without_a_pipeline(text: str, expected: list[tuple[str, str]]) -> None:
    _, found = read({"all.yaml": text})
    assert [(it.code, it.span.text) for it in found] == expected
