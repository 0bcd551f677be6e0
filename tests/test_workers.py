"""Names of queues: those that a broker has arrive as they are, others are refused."""

from __future__ import annotations

import ast

import pytest

from tests.compiling import dag_files
from tests.reading import said

ODD = (
    "on-prem",
    "team:kitchen/oven.2",
    "köche-🧀",
    "{{queue}}",
    "{%raw%}",
    "50%$USER${HOME}",
    r"back\slash",
    "-q",
    "q" * 250,
)


def project(workers: str) -> str:
    """A pipeline whose only work runs on these workers."""
    return f"""\
pipeline: shop
schedules: {{daily: every 1 day from 2026-01-01}}
resources:
  office: workers {workers}
activities:
  mail: {{shell: ./mail, runs_on: office, schedule: daily}}
"""


@pytest.mark.parametrize("executor", ["edge", "celery"])
@pytest.mark.parametrize("queue", ODD)
def test_a_queue_arrives_as_it_is_written(executor: str, queue: str) -> None:
    (file,) = dag_files(project(f"{executor} {queue}")).values()
    assert queue in [
        ast.literal_eval(one.value)
        for one in ast.walk(ast.parse(file))
        if isinstance(one, ast.keyword) and one.arg == "queue"
    ]


@pytest.mark.parametrize(
    ("workers", "mark"),
    [
        ("edge", "edge"),
        ("kitchen", "kitchen"),
        ("edge-kitchen", "edge-kitchen"),
        ("edge two words", "words"),
        ("edge 'quoted'", "'quoted'"),
        ("edge it's", "'s"),
        ("edge a,b", ",b"),
        ("edge a|b, c", ", c"),
        ("celery amq.kitchen", "amq.kitchen"),
        ("edge " + "q" * 251, "q" * 251),
        ("celery " + "ü" * 126, "ü" * 126),
    ],
)
def test_a_queue_that_no_worker_can_ask_for_is_told(workers: str, mark: str) -> None:
    assert said(project(workers)) == [("P211", mark)]


@pytest.mark.parametrize("executor", ["Edge", "CELERY", "edje", "kubernetes", "local"])
def test_other_executors_are_told(executor: str) -> None:
    assert said(project(f"{executor} kitchen")) == [("P117", executor)]
