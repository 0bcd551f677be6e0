"""One stand-in for a cluster for all tests of this folder."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.spark.cluster import Cluster, lacking, started

HELPERS = Path(__file__).parents[2] / "targets" / "airflow"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The cluster; tests are skipped where it cannot be."""
    if reason := lacking():
        pytest.skip(reason)
    sys.path.insert(0, str(HELPERS))
    # The path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="pipec-") as folder, started(Path(folder)) as found:
        yield found
