"""What is too big to be sent to a machine."""

from __future__ import annotations

import random

from tests.compiling import complaints

SHOP = """
pipeline: shop
schedules: {daily: every 1 day from 2026-01-01T00:00Z}
defaults: {schedule: daily}
resources: {box: ec2 m5.large}
activities:
  mail: {shell: "echo TEXT", runs_on: box}
"""


def test_a_command_is_as_big_as_what_it_is_packed_to() -> None:
    noise = random.Random(1).randbytes(30_000).hex()
    assert complaints(SHOP.replace("TEXT", "again " * 50_000)) == []
    assert complaints(SHOP.replace("TEXT", noise)) == []
    assert complaints(SHOP.replace("TEXT", noise * 3)) == [("P415", "mail")]
