"""The target `airflow`: one Dag file for each schedule of a pipeline."""

from pipec.targets.airflow.emit import emit, examine

__all__ = ["emit", "examine"]
