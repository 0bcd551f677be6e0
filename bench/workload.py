"""The neutral workload: what every contender writes in its own form.

N pipelines, each one Dag with ten tasks: a sensor for a file, six shell commands and three tasks
that do nothing; twelve edges; a daily schedule; two retries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TASKS = 10
EDGES = 12


@dataclass(frozen=True)
class Task:
    """One task; `text` is the file that a sensor waits for, or the command of a shell."""

    name: str
    kind: Literal["sensor", "shell", "nothing"]
    text: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pipeline:
    """One Dag, due every day at `minute` past `hour`."""

    name: str
    hour: int
    minute: int
    tasks: tuple[Task, ...]

    @property
    def cron(self) -> str:
        return f"{self.minute} {self.hour} * * *"


def pipelines(number: int) -> Iterator[Pipeline]:
    """The first `number` pipelines."""
    for n in range(number):
        name = f"bench_{n:04d}"

        def shell(task: str, *after: str, of: str = name) -> Task:
            return Task(task, "shell", f"echo {task} {of}", after)

        yield Pipeline(
            name,
            hour=n // 60 % 24,
            minute=n % 60,
            tasks=(
                Task("wait_input", "sensor", f"/data/{name}/_SUCCESS"),
                Task("begin", "nothing", after=("wait_input",)),
                shell("extract_a", "begin"),
                shell("extract_b", "begin"),
                shell("extract_c", "begin"),
                Task("joined", "nothing", after=("extract_a", "extract_b", "extract_c")),
                shell("transform", "joined"),
                shell("load", "transform"),
                shell("inspect", "load"),
                Task("done", "nothing", after=("inspect", "load")),
            ),
        )
