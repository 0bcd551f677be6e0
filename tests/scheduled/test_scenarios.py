"""Generated Dags in a real Airflow: each scenario in the folder `scenarios`, on each version.

All scenarios of a version run at the same time in one Airflow; each is a test of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipec.targets.airflow.version import Version
from tests.scheduled.at_once import Running, at_once, wanted
from tests.scheduled.station_at import station

PYTHONS: dict[Version, str] = {
    "3.3": "PIPEC_AIRFLOW_33",
    "3.0": "PIPEC_AIRFLOW_30",
    "2.11": "PIPEC_AIRFLOW_211",
}
SCENARIOS = sorted(path.stem for path in Path(__file__).parent.glob("scenarios/*.py"))

pytestmark = [pytest.mark.scheduled, pytest.mark.airflow]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(
            version,
            marks=pytest.mark.skipif(not os.environ.get(name), reason=f"{name} is not set"),
        )
        for version, name in PYTHONS.items()
    ],
)
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    """The scenarios that were asked for, all on their way in one Airflow."""
    version: Version = request.param
    names = wanted(request, version)
    with (
        station(os.environ[PYTHONS[version]]) as started,
        at_once(names, "tests.scheduled.scenarios", started, version) as found,
    ):
        yield found


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(running: Running, scenario: str) -> None:
    running[scenario].result()
