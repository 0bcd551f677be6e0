"""The limit that a machine sets itself, as its shell reads it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipec.grid import Period
from pipec.targets.airflow.managed import own_limit


@pytest.mark.parametrize(
    ("at_most", "up", "minutes"),
    [(Period(10, "minute"), 61, 7), (Period(3, "hour"), 0, 178), (Period(1, "day"), 119, 1437)],
)
def test_it_counts_from_the_launch(tmp_path: Path, at_most: Period, up: int, minutes: int) -> None:
    uptime = tmp_path / "uptime"
    uptime.write_text(f"{up}.54 {up * 2}.10\n")
    line = own_limit(at_most).replace("/proc/uptime", str(uptime))
    found = subprocess.run(
        ["bash", "-c", f'shutdown() {{ echo "$@"; }}\n{line}'],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    assert found.stdout == f"-P +{minutes}\n"
