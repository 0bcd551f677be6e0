"""Where each version of Airflow keeps what Dag files import."""

from __future__ import annotations

from typing import Literal, get_args

Version = Literal["3.3", "3.0", "2.11"]

VERSIONS: tuple[Version, ...] = get_args(Version)

_MOVED: dict[str, dict[tuple[str, str], str]] = {
    "3.3": {
        ("airflow.exceptions", "AirflowException"): "airflow.sdk.exceptions",
        ("airflow.exceptions", "AirflowFailException"): "airflow.sdk.exceptions",
        ("airflow.timetables.interval", "CronDataIntervalTimetable"): "airflow.sdk",
        ("airflow.timetables.interval", "DeltaDataIntervalTimetable"): "airflow.sdk",
        ("airflow.timetables.trigger", "CronTriggerTimetable"): "airflow.sdk",
        ("airflow.timetables.trigger", "DeltaTriggerTimetable"): "airflow.sdk",
    },
    "3.0": {},
    "2.11": {
        ("airflow.sdk", "BaseOperator"): "airflow.models.baseoperator",
        ("airflow.sdk", "BaseSensorOperator"): "airflow.sensors.base",
        ("airflow.sdk", "DAG"): "airflow",
        ("airflow.sdk", "Param"): "airflow.models.param",
    },
}


def home(version: Version, module: str, name: str) -> str:
    """The module that has `name` in this version without a deprecation warning.

    Found by importing each on Airflow 3.3.2, 3.0.6 and 2.11.2.
    """
    return _MOVED[version].get((module, name), module)
