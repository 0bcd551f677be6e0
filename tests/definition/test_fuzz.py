"""Whatever stands in a file, it is read or refused: nothing is raised."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipec.definition.write import definition_text
from tests.definition.reading import read

KEYS = [
    *("objects", "parameters", "values", "pipelineObjects", "parameterObjects", "parameterValues"),
    *("PipelineObjects", "ParameterObjects", "ParameterValues", "PipelineTags", "Description"),
    *("id", "Id", "name", "Name", "type", "Type", "fields", "Fields", "slots", "attributes"),
    *("key", "Key", "stringValue", "StringValue", "refValue", "RefValue", "ref", "Ref", "Value"),
    *("schedule", "parent", "command", "myOwn", "*myOwn", "input", "period", "A", "B"),
    *("Resources", "Properties", "Parameters", "Mappings", "Fn::Sub", "Fn::Join", "Fn::Select"),
    *("Fn::Split", "Fn::FindInMap", "Fn::GetAtt"),
]
WORDS = st.sampled_from(
    [
        *("", "Default", "A", "B", "AWS::DataPipeline::Pipeline", "ShellCommandActivity"),
        *("#{myOwn}", "${A}", "${", "1 day", "0", "cron", "myOwn", "#{'", "AWS::NoValue"),
    ]
)
TREES: st.SearchStrategy[Any] = st.recursive(
    WORDS | st.sampled_from([1, None, True]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=20,
)
OBJECTS = st.lists(TREES, max_size=4)
ROLES = [
    ("objects", "parameters", "values"),
    ("pipelineObjects", "parameterObjects", "parameterValues"),
]
FILES = TREES | st.sampled_from(ROLES).flatmap(
    lambda keys: st.fixed_dictionaries({keys[0]: OBJECTS}, optional=dict.fromkeys(keys[1:], TREES))
)
TEMPLATES = st.fixed_dictionaries(
    {"PipelineObjects": OBJECTS},
    optional={"ParameterObjects": TREES, "ParameterValues": TREES, "Name": TREES},
).map(
    lambda it: {
        "Parameters": {"A": {"Default": "a"}, "B": {"NoEcho": True}},
        "Resources": {"Shop": {"Type": "AWS::DataPipeline::Pipeline", "Properties": it}},
    }
)


@settings(max_examples=400, deadline=None)
@given(FILES | TEMPLATES, st.sampled_from(["shop.json", "shop.yaml"]))
def test_any_tree(tree: Any, name: str) -> None:
    text = json.dumps(tree)
    found, said = read({name: text, "values.json": text})
    for one in said:
        assert one.text()
        assert one.hint() is not None
        assert 0 <= one.span.start <= one.span.end <= len(text)
    for definition in found:
        assert definition_text(definition)


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("{}[]\",:'\\ \nu#/a1é-!&*|>"), max_size=30),
    st.sampled_from(["a.json", "a.yaml", "a"]),
)
def test_any_text(text: str, name: str) -> None:
    read({name: text})
