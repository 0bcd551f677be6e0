"""The real Airflows that tests can run, by the environment variables that name their Pythons."""

from __future__ import annotations

import os

import pytest

VARIABLES = ("PIPEC_AIRFLOW_33", "PIPEC_AIRFLOW_30", "PIPEC_AIRFLOW_211")

every_airflow = pytest.mark.parametrize(
    "python",
    [
        pytest.param(
            os.environ.get(name, ""),
            id=name.removeprefix("PIPEC_").lower(),
            marks=[
                pytest.mark.airflow,
                pytest.mark.skipif(not os.environ.get(name), reason=f"{name} is not set"),
            ],
        )
        for name in VARIABLES
    ],
)
"""Runs a test once for each Airflow; skips those that are not there."""
