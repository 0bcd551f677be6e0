"""`python`: what is wrong with a script is found before it runs."""

from __future__ import annotations

import pytest

from pipec.compiler import read_project
from pipec.diagnostic import Report
from pipec.lower import Settings
from pipec.source import Source

PIPELINE = """
pipeline: shop
schedules: {daily: every 1 day from 2026-01-01}
defaults: {schedule: daily}
activities:
  mail: {python: send, script: ./mail.py}
"""


def codes(script: str) -> list[str]:
    report = Report()
    settings = Settings(files={"./mail.py": script}.get)
    read_project([Source("shop.pipe.yaml", PIPELINE)], lambda _: settings, report)
    return [one.code for one in report.sorted()]


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("def send():\n    pass\n", []),
        ("class send:\n    pass\n", []),
        ("from shop import send\n", []),
        ("if True:\n    def send(): pass\n", []),
        ("def send(:\n", ["P296"]),
        ("def sned():\n    pass\n", ["P297"]),
        ("", ["P297"]),
    ],
)
def test_the_script_is_read(script: str, found: list[str]) -> None:
    assert codes(script) == found
