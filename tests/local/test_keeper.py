"""Nothing outlives the keeper: not a session of its own, not an orphan, not a folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pipec.local

KEEPER = Path(pipec.local.__file__).parent / "keeper.py"
# A shell that starts a grandchild in a session of its own, leaves its id, and does the rest.
ORPHAN = "setsid sleep 60 & echo $! > {place}/orphan; ls -d $0 > {place}/scratch; {rest}"


def keep(limit: float, place: Path, rest: str) -> subprocess.Popen[bytes]:
    command = ["bash", "-c", ORPHAN.format(place=place, rest=rest)]
    return subprocess.Popen(
        [sys.executable, str(KEEPER), str(limit), *command], stdin=subprocess.PIPE
    )


def assert_nothing_is_left(place: Path) -> None:
    pid = int((place / "orphan").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not Path((place / "scratch").read_text().strip()).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere an orphan cannot be adopted")
class TestOrphans:
    def test_the_status_is_the_commands(self, tmp_path: Path) -> None:
        assert keep(30, tmp_path, "exit 7").wait(10) == 7
        assert_nothing_is_left(tmp_path)

    def test_the_time_limit(self, tmp_path: Path) -> None:
        before = time.monotonic()
        assert keep(0.5, tmp_path, "sleep 60").wait(10) == 124
        assert time.monotonic() - before < 5
        assert_nothing_is_left(tmp_path)

    def test_a_closed_input(self, tmp_path: Path) -> None:
        process = keep(30, tmp_path, "sleep 60")
        while not (tmp_path / "scratch").exists():
            time.sleep(0.02)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 130
        assert_nothing_is_left(tmp_path)

    def test_a_request_to_end(self, tmp_path: Path) -> None:
        process = keep(30, tmp_path, "sleep 60")
        while not (tmp_path / "scratch").exists():
            time.sleep(0.02)
        process.terminate()
        assert process.wait(10) == 143
        assert_nothing_is_left(tmp_path)

    def test_one_that_does_not_listen(self, tmp_path: Path) -> None:
        deaf = "trap '' TERM; while true; do sleep 0.1; done"
        assert keep(0.3, tmp_path, deaf).wait(15) == 124
        assert_nothing_is_left(tmp_path)
