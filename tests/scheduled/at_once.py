"""Scenarios that run at the same time in one Airflow."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest

from pipec.targets.airflow.version import Version
from tests.scheduled.lab import Lab
from tests.scheduled.station_at import Station

Running = dict[str, Future[None]]


def wanted(request: pytest.FixtureRequest, version: Version | None = None) -> list[str]:
    """The scenarios that pytest was asked for in the module of a fixture, on a version."""
    return [
        one.callspec.params["scenario"]
        for one in request.session.items
        if isinstance(one, pytest.Function)
        and one.originalname == "test_scenario"
        and one.path == request.path
        and one.callspec.params.get("running") == version
    ]


@contextlib.contextmanager
def at_once(
    names: Sequence[str], package: str, station: Station, version: Version
) -> Iterator[Running]:
    """The scenarios of these names, modules of a package, all on their way while this lasts."""
    modules = {name: importlib.import_module(f"{package}.{name}") for name in names}
    over = threading.Event()
    found: Running = {}
    with ThreadPoolExecutor(len(modules)) as threads:
        try:
            for name in sorted(modules, key=lambda name: in_time(modules[name])):
                before = tuple(found.values()) if in_time(modules[name]) else ()
                lab = Lab(station, version, over)
                found[name] = threads.submit(drive, modules[name], lab, before)
            yield found
        finally:
            over.set()


def in_time(scenario: Any) -> bool:
    """Whether a scenario says that it needs Airflow for itself, since it goes by the clock."""
    return getattr(scenario, "IN_TIME", False)


def drive(scenario: Any, lab: Lab, before: Sequence[Future[None]]) -> None:
    """Run one scenario from beginning to end; why it failed is told with Airflow's record."""
    wait(before)
    try:
        scenario.drive(lab)
    except Exception as problem:
        for one in lab.loaded:
            problem.add_note(one.told())
        raise
