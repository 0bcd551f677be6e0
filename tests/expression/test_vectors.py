"""Every function and operator of AWS Data Pipeline, against what its reference says they give."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipec.expression.functions import FUNCTIONS, OPERATORS
from pipec.expression.types import DATETIME, DOUBLE, INT, STRING, Value, period

from .reading import value

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "functions.json").read_text())
CASES = [
    pytest.param(vector, id=vector["expr"])
    for group in (VECTORS["functions"], VECTORS["operators"])
    for one in group
    for vector in one["vectors"]
]


def bound(given: Any) -> Value:
    if isinstance(given, list):
        return tuple(bound(one) for one in given)
    if isinstance(given, str) and given[4:5] == "-":
        return datetime.fromisoformat(given).replace(tzinfo=UTC)
    return given  # type: ignore[no-any-return]


def inside(expression: str) -> str:
    """The expression in our words: `#{...}` has no place inside `${{ ... }}`."""
    return expression.replace("#{", "").replace("}", "")


@pytest.mark.parametrize("vector", CASES)
def test_gives_what_the_reference_says(vector: dict[str, Any]) -> None:
    bindings = {name: bound(given) for name, given in vector.get("bindings", {}).items()}
    # Where the guide shows a character that its own pattern has not, the pattern holds.
    expected = vector.get("expected_by_pattern") or bound(vector["expected"])
    result = value(inside(vector["expr"]), **bindings)
    assert (result, type(result)) == (expected, type(expected))


@pytest.mark.parametrize("vector", VECTORS["list_vectors"], ids=lambda it: it["expr"])
def test_lists_map_and_flatten(vector: dict[str, Any]) -> None:
    bindings = {name: bound(given) for name, given in vector["bindings"].items()}
    assert value(inside(vector["expr"]), **bindings) == tuple(vector["expected"])


def test_the_table_has_every_function_with_its_types() -> None:
    types = {"int": INT, "DateTime": DATETIME, "String": STRING, "double": DOUBLE}
    for one in VECTORS["functions"]:
        signature = FUNCTIONS[one["name"]].signatures[0]
        assert signature.takes == tuple(types[it["type"]] for it in one["params"]), one["name"]
        assert signature.gives == types[one["returns"]], one["name"]
    documented = {one["name"] for one in VECTORS["functions"]}
    assert set(FUNCTIONS) == documented | {"plusPeriod"}
    assert set(OPERATORS) == {one["op"] for one in VECTORS["operators"]}


@pytest.mark.parametrize("name", [one["name"] for one in VECTORS["functions"]])
def test_keeps_or_loses_the_time_of_day_as_documented(name: str) -> None:
    documented = next(one for one in VECTORS["functions"] if one["name"] == name)
    if documented["keeps_time_of_day"] is None or name.startswith("make"):
        return
    moment = datetime(2011, 5, 24, 17, 10, 9, tzinfo=UTC)
    more = ", 24" if "Hours" in name else ", 1440" if "Minutes" in name else ", 1"
    arguments = "it" + more * (len(documented["params"]) - 1)
    result = value(f"{name}({arguments})", it=moment)
    assert isinstance(result, datetime)
    assert (result.time() == moment.time()) is documented["keeps_time_of_day"]


@pytest.mark.parametrize("spelling", VECTORS["period"]["spellings_seen"])
def test_reads_the_periods_seen_in_definitions(spelling: str) -> None:
    if spelling in ("period", "15 Period", "ONDEMAND_PERIOD", "#{myTerminateAfter}"):
        assert period(spelling) is None
    else:
        count, unit = spelling.lower().split()
        found = period(spelling)
        assert found is not None
        assert (found.count, found.unit) == (int(count), unit.rstrip("s"))
        assert value(spelling) == found
