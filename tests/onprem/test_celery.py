"""Work on a machine of one's own, by a real Celery worker of an Airflow whose executor is Celery's."""

from __future__ import annotations

import os
import threading

import pytest

from tests.onprem.machine import BUSY, machine
from tests.onprem.redis import redis
from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned
from tests.scheduled.station_at import station

PROJECT = """
pipeline: dinner
schedules: {daily: every 1 day from 2026-01-05 1 times}
defaults: {schedule: daily}
resources: {kitchen: workers celery kitchen}
activities:
  cook:
    shell: echo "cook $PLACE" >> FOLDER/said
    runs_on: kitchen
    when: {shell: test "$PLACE" = kitchen}
  serve: {shell: 'echo "serve $PLACE" >> FOLDER/said', after: cook}
"""
DAY = ("2026-01-05", "2026-01-06")

pytestmark = [
    pytest.mark.onprem,
    pytest.mark.airflow,
    pytest.mark.skipif(
        not os.environ.get("PIPEC_AIRFLOW_33"), reason="PIPEC_AIRFLOW_33 is not set"
    ),
]


def test_each_queue_has_workers_of_its_own() -> None:
    with redis() as broker:
        settings = {
            **BUSY,
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CELERY__BROKER_URL": broker,
            "AIRFLOW__CELERY__RESULT_BACKEND": broker,
        }
        with (
            station(os.environ["PIPEC_AIRFLOW_33"], **settings) as started,
            machine(started, "center") as center,
            machine(started, "kitchen") as kitchen,
        ):
            center.celery_worker("default", "center-1")
            kitchen.celery_worker("kitchen", "kitchen-1")
            lab = Lab(started, "3.3", threading.Event())
            dinner = lab.load(PROJECT.replace("FOLDER", str(lab.folder)))
            dinner.start()
            try:
                found = dinner.until_ended(*DAY, patience=240)
            except AssertionError as problem:
                problem.add_note("\n\n".join([dinner.told(), center.told(), kitchen.told()]))
                raise
            assert_as_planned(found, dinner.planned(*DAY))
            said = (lab.folder / "said").read_text().splitlines()
            assert said == ["cook kitchen", "serve center"]
