"""Work on machines of one's own, by real Edge workers of an Airflow that runs without them as well.

Each scenario in the folder `scenarios` has machines and a queue of its own; all run at the same time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.onprem.machine import BUSY
from tests.scheduled.at_once import Running, at_once, wanted
from tests.scheduled.station_at import station

EDGE = "airflow.providers.edge3.executors.EdgeExecutor"
LOST_AFTER = 90
"""Seconds after which Airflow takes a task for lost of which it hears nothing; five minutes as it comes."""

SCENARIOS = sorted(path.stem for path in Path(__file__).parent.glob("scenarios/*.py"))

pytestmark = [
    pytest.mark.onprem,
    pytest.mark.airflow,
    pytest.mark.skipif(
        not os.environ.get("PIPEC_AIRFLOW_33"), reason="PIPEC_AIRFLOW_33 is not set"
    ),
]


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    """The scenarios that were asked for, all on their way in one Airflow."""
    settings = {
        "AIRFLOW__CORE__EXECUTOR": f"LocalExecutor,{EDGE}",
        **BUSY,
        "AIRFLOW__EDGE__API_ENABLED": "True",
        "AIRFLOW__EDGE__JOB_POLL_INTERVAL": "1",
        "AIRFLOW__EDGE__HEARTBEAT_INTERVAL": "5",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": str(LOST_AFTER),
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
        "PLACE": "center",
    }
    with (
        station(os.environ["PIPEC_AIRFLOW_33"], **settings) as started,
        at_once(wanted(request), "tests.onprem.scenarios", started, "3.3") as found,
    ):
        yield found


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(running: Running, scenario: str) -> None:
    running[scenario].result()
