"""The databases that tests here share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import h2 as h2_server
from tests.databases import mariadb as mariadb_server


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mariadb_server.MariaDB]:
    """A real MariaDB."""
    if mariadb_server.MISSING:
        pytest.skip(mariadb_server.MISSING)
    with mariadb_server.mariadb(tmp_path_factory.mktemp("mariadb")) as found:
        yield found


@pytest.fixture(scope="session")
def h2(tmp_path_factory: pytest.TempPathFactory) -> Iterator[h2_server.H2]:
    """A real H2, behind JDBC."""
    if h2_server.MISSING:
        pytest.skip(h2_server.MISSING)
    with h2_server.h2(tmp_path_factory.mktemp("h2")) as found:
        yield found
