"""What is too big to be sent to a machine."""

from __future__ import annotations

import random

from tests.compiling import complaints, dag_files

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


def test_a_script_that_only_the_run_knows_is_found_where_it_is_brought() -> None:
    """Its name may stand in the run alone, in part or with slashes."""
    far = "script: 's3://scripts/look-${{ start:%Y/%m }}.sh', args: [a]"
    made = SHOP.replace('shell: "echo TEXT"', far)
    (there,) = dag_files(made).values()
    assert '.sh\' "$stage/script"\nchmod +x "$stage/"script\n"$stage/"script a' in there
    (here,) = dag_files(made.replace(", runs_on: box", "")).values()
    assert """'chmod +x "$SCRIPT_DIR"/*\\n"$SCRIPT_DIR"/* a'""" in here
    known = made.replace("${{ start:%Y/%m }}", "${{ 1 + 1 }}")
    (there,) = dag_files(known).values()
    assert 's3://scripts/look-2.sh "$stage/"\nchmod +x "$stage/"look-2.sh' in there
