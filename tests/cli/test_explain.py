"""`pipec explain`."""

from __future__ import annotations

import re
from pathlib import Path

from pipec.cli.explain import import_all
from pipec.diagnostic import CATALOGUE
from tests.cli.conftest import Pipec

SOURCE = Path(__file__).parents[2] / "src" / "pipec"


def test_every_code_that_the_source_declares_is_listed(pipec: Pipec) -> None:
    declared = {
        code
        for file in SOURCE.rglob("*.py")
        for code in re.findall(r'^    code = "(P\d{3})"$', file.read_text(encoding="utf-8"), re.M)
    }
    found = pipec("explain")
    assert found.status == 0
    assert [line.split()[0] for line in found.out.splitlines()] == sorted(declared)
    assert "P125  Missing value\n" in found.out


def test_one_code(pipec: Pipec) -> None:
    found = pipec("explain", "P003")
    assert (found.status, found.err) == (0, "")
    assert found.out.startswith("P003: Duplicate key\n\nA key stands once in a mapping.\n")
    assert "Write instead:" in found.out
    assert pipec("explain", "p003") == pipec("explain", "[P003]") == found


def test_every_page_can_be_shown(pipec: Pipec) -> None:
    import_all()
    for code, kind in CATALOGUE.items():
        if kind.__module__.startswith("pipec."):
            assert pipec("explain", code).out.startswith(f"{code}: {kind.title}\n\n")


def test_a_code_has_no_neighbours(pipec: Pipec) -> None:
    found = pipec("explain", "P999")
    assert (found.status, found.out) == (2, "")
    assert "no message `P999`: a CODE is like P101, and `pipec explain` lists them all" in found.err
    assert "did you mean `P118`, Unknown name?" in pipec("explain", "Unknown nmae").err
