"""What an object has of its own, of its parents and of Default, and where it came from."""

from __future__ import annotations

import json

from pipec.definition.inherit import Resolved, resolved
from pipec.definition.read import read_definition
from pipec.diagnostic import Report
from pipec.source import Source


def found(*objects: dict[str, object]) -> dict[str, Resolved]:
    source = Source("shop.json", json.dumps({"objects": objects}))
    [definition] = read_definition(source, Report())
    return {one.object.id: one for one in resolved(definition)}


def texts(one: Resolved) -> dict[str, tuple[str, str]]:
    """Each field with its text and the object it came from."""
    return {name: (field.text, one.origins[name].id) for name, field in one.fields.items()}


def test_default_is_the_parent_of_those_that_name_none() -> None:
    it = found({"id": "Default", "role": "all"}, {"id": "Mail", "command": "./mail"})
    assert texts(it["Mail"]) == {"command": ("./mail", "Mail"), "role": ("all", "Default")}
    assert texts(it["Default"]) == {"role": ("all", "Default")}
    assert it["Mail"].own("command")
    assert not it["Mail"].own("role")


def test_a_parent_of_default_hands_it_on() -> None:
    it = found(
        {"id": "Default", "role": "all", "stage": "true"},
        {"id": "Often", "stage": "false", "myA": "often"},
        {"id": "Mail", "parent": {"ref": "Often"}, "myA": "mail"},
    )
    assert texts(it["Mail"]) == {
        "parent": ("", "Mail"),
        "myA": ("mail", "Mail"),
        "stage": ("false", "Often"),
        "role": ("all", "Default"),
    }


def test_the_first_of_two_parents_comes_first() -> None:
    it = found(
        {"id": "One", "myA": "1"},
        {"id": "Two", "myA": "2", "myB": "2"},
        {"id": "Mail", "parent": [{"ref": "One"}, {"ref": "Two"}]},
    )
    assert it["Mail"].fields["myA"].text == "1"
    assert it["Mail"].fields["myB"].text == "2"


def test_lists_replace_each_other() -> None:
    it = found({"id": "Default", "step": ["1", "2"]}, {"id": "Run", "step": ["3"]})
    assert [one.text for one in it["Run"].fields.values()] == ["3"]


def test_the_parent_of_a_parent_is_not_an_own_one() -> None:
    it = found(
        {"id": "One"},
        {"id": "Two", "parent": {"ref": "One"}},
        {"id": "Three", "parent": {"ref": "Two"}},
    )
    parent = it["Three"].get("parent")
    assert parent is not None
    assert parent.references[0].id == "Two"


def test_nobody_inherits_the_parent_of_default() -> None:
    it = found(
        {"id": "Default", "parent": {"ref": "One"}}, {"id": "One", "myA": "1"}, {"id": "Mail"}
    )
    assert texts(it["Mail"]) == {"myA": ("1", "One")}


def test_circles_and_parents_that_are_not_there_end() -> None:
    it = found(
        {"id": "Default", "parent": {"ref": "One"}, "myA": "1"},
        {"id": "One", "parent": {"ref": "Two"}, "myB": "2"},
        {"id": "Two", "parent": {"ref": "One"}},
        {"id": "Three", "parent": {"ref": "Nobody"}},
    )
    assert set(it["Default"].fields) == {"parent", "myA", "myB"}
    assert set(it["Three"].fields) == {"parent"}
