"""Pipelines as users write them, some in place of a Data Pipeline definition, check clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading import read

PORTS = sorted((Path(__file__).parent / "ports").glob("*.pipe.yaml"))

NOT_BUILT: set[str] = set()
"""The kinds, formats and sections that they use and that do not exist yet."""

WARNED_OF = {"after 30 minutes"}
"""What is only warned of, and rightly: in `traffic`, nobody is told of what is late."""


@pytest.mark.parametrize("file", PORTS, ids=lambda it: it.name)
def test_only_what_is_not_built_is_complained_about(file: Path) -> None:
    found = read({file.name: file.read_text(encoding="utf-8")})[1]
    assert {one.span.text for one in found if one.severity == "error"} <= NOT_BUILT
    assert {one.span.text for one in found if one.severity == "warning"} <= WARNED_OF


def test_the_list_is_no_longer_than_needed() -> None:
    texts = [file.read_text(encoding="utf-8") for file in PORTS]
    said = {one.span.text for text in texts for one in read({"a.pipe.yaml": text})[1]}
    assert said == NOT_BUILT | WARNED_OF
