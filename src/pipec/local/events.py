"""What the worker tells: shown as it comes, and put together to what became of each instance."""

from __future__ import annotations

from typing import Any, TextIO

from pipec.local.job import DagRun, Job
from pipec.local.table import Instance, interval

STATES = {
    "success": "finished",
    "failed": "failed",
    "upstream_failed": "upstream failed",
    "skipped": "skipped",
    "running": "stopped",
}
RETRIED = "up_for_retry"


class Progress:
    """The state of a job, from the events that have been taken."""

    def __init__(self, job: Job, screen: TextIO) -> None:
        self.job = job
        self.screen = screen
        self.problem = ""
        self.notices: list[dict[str, str]] = []
        self.mails: list[dict[str, str]] = []
        self._tasks: dict[tuple[int, str], dict[str, Any]] = {}

    def take(self, event: dict[str, Any]) -> None:
        """Take in one event of the worker and show it."""
        match event["event"]:
            case "phase":
                self._say(event["text"])
            case "task started":
                self._task_started(event)
            case "task ended":
                self._task_ended(event)
            case "run ended":
                self._run_ended(event)
            case "notice":
                self.notices.append({key: event[key] for key in ("topic", "subject", "message")})
            case "mail":
                self.mails.append({key: event[key] for key in ("to", "subject", "file")})
            case "broken":
                self.problem = event["text"]

    def instances(self) -> tuple[Instance, ...]:
        """What became of each instance of the job, and of each other task that failed."""
        found = []
        for number, run in enumerate(self.job.runs):
            known = {task.id for task in run.tasks}
            found += [self._instance(number, run, t.id, t.name, t.kind) for t in run.tasks]
            for (of_run, task), record in self._tasks.items():
                if of_run == number and task not in known and record["state"] == "failed":
                    found.append(self._instance(number, run, task, task, "wait"))
        return tuple(found)

    def running(self) -> list[str]:
        """The tasks that have started and not ended, with their runs."""
        return [
            f"{self._run(number)} {task}"
            for (number, task), record in self._tasks.items()
            if record["state"] == "running"
        ]

    def _instance(self, number: int, run: DagRun, task: str, name: str, kind: str) -> Instance:
        record = self._tasks.get((number, task), {})
        return Instance(
            name=name,
            kind=kind,
            start=run.start,
            end=run.end,
            state=STATES.get(record.get("state", ""), "waiting"),
            started=record.get("started", ""),
            ended=record.get("ended", ""),
            attempts=record.get("attempts", 0),
            log=record.get("log", ""),
        )

    def _task_started(self, event: dict[str, Any]) -> None:
        record = self._tasks.setdefault((event["run"], event["task"]), {"started": event["at"]})
        record |= {"state": "running", "attempts": event["attempt"], "log": event["log"]}

    def _task_ended(self, event: dict[str, Any]) -> None:
        record = self._tasks[event["run"], event["task"]]
        record |= {"state": event["state"], "ended": event["at"]}
        if event["state"] in ("failed", RETRIED):
            what = "failed" if event["state"] == "failed" else f"failed attempt {event['attempt']}"
            self._say(f"{self._run(event['run'])}  {event['task']} {what}: see {record['log']}")

    def _run_ended(self, event: dict[str, Any]) -> None:
        for found in event["tasks"]:
            record = self._tasks.setdefault((event["run"], found["task"]), {})
            # 2.11 writes down no start when a task runs in the process of `DAG.test`.
            record |= {key: found[key] for key in ("started", "ended") if found[key]}
            record |= {"state": found["state"], "attempts": found["attempts"]}
        number, run = event["run"], self.job.runs[event["run"]]
        states = [self._instance(number, run, t.id, t.name, t.kind).state for t in run.tasks]
        counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
        self._say(f"{self._run(number)}  {counts}")
        if event["problem"]:
            self._say(event["problem"])

    def _run(self, number: int) -> str:
        run = self.job.runs[number]
        return f"{run.dag}  {interval(run.start, run.end)}"

    def _say(self, text: str) -> None:
        print(text, file=self.screen, flush=True)
