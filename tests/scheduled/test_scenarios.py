"""Generated Dags in a real Airflow: each scenario in the folder `scenarios`, on each version.

All scenarios of a version run at the same time in one Airflow; each is a test of its own.
"""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from pipec.targets.airflow.version import Version
from tests.scheduled.lab import Lab
from tests.scheduled.station_at import station

PYTHONS: dict[Version, str] = {
    "3.3": "PIPEC_AIRFLOW_33",
    "3.0": "PIPEC_AIRFLOW_30",
    "2.11": "PIPEC_AIRFLOW_211",
}
SCENARIOS = sorted(
    path.stem for path in Path(__file__).parent.glob("scenarios/*.py") if path.stem != "__init__"
)

Running = dict[str, Future[None]]

pytestmark = [pytest.mark.scheduled, pytest.mark.airflow]


@pytest.fixture(
    scope="session",
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
    wanted = [
        one.callspec.params["scenario"]
        for one in request.session.items
        if isinstance(one, pytest.Function)
        and one.originalname == "test_scenario"
        and one.callspec.params["running"] == version
    ]
    with station(os.environ[PYTHONS[version]]) as started:
        over = threading.Event()
        found: Running = {}
        with ThreadPoolExecutor(len(wanted)) as threads:
            try:
                for name in sorted(wanted, key=in_time):
                    before = tuple(found.values()) if in_time(name) else ()
                    lab = Lab(started, version, over)
                    found[name] = threads.submit(drive, name, lab, before)
                yield found
            finally:
                over.set()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(running: Running, scenario: str) -> None:
    running[scenario].result()


def scenario_module(name: str) -> Any:
    return importlib.import_module(f"tests.scheduled.scenarios.{name}")


def in_time(name: str) -> bool:
    """Whether a scenario says that it needs Airflow for itself, since it goes by the clock."""
    return getattr(scenario_module(name), "IN_TIME", False)


def drive(name: str, lab: Lab, before: Sequence[Future[None]]) -> None:
    """Run one scenario from beginning to end; why it failed is told with Airflow's record."""
    wait(before)
    try:
        scenario_module(name).drive(lab)
    except Exception as problem:
        for one in lab.loaded:
            problem.add_note(one.told())
        raise
