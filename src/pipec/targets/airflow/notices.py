"""Whom a Dag tells of what: a function per notification, and the callbacks that call it."""

from __future__ import annotations

from pipec.frozen import frozen
from pipec.ir import Activity, Datanode, Pipeline, Resource, Status
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Name, Value, partial
from pipec.values import Text

WORDS = {"failure": "failed", "success": "finished", "late": "late"}
"""What `node.status` says."""

ARGUMENTS = {"failure": "on_failure_callback", "success": "on_success_callback"}


def subject_of(subject: Text | None, work: Work) -> str:
    """The template of the subject of a notice; without one, it says what is how."""
    found = work.beginning(subject) if subject is not None else ""
    return found or "{{ node_name }} is {{ node_status }}"


@frozen
class Notices:
    """The notifications that a Dag uses, by the names of their functions."""

    used: dict[str, tuple[Pipeline, str]]

    def callbacks(
        self,
        thing: Activity | Datanode | Resource | None,
        home: Pipeline,
        statuses: tuple[Status, ...],
    ) -> dict[str, Value]:
        """The callbacks of a task, of those that tell of `statuses`."""
        found: dict[str, Value] = {}
        for status in statuses:
            calls = self.calls(thing, home, status)
            if calls:
                found[ARGUMENTS[status]] = calls[0] if len(calls) == 1 else calls
        return found

    def calls(
        self, thing: Activity | Datanode | Resource | None, home: Pipeline, status: Status
    ) -> list[Value]:
        """What is called with the context of the task when it has come to `status`."""
        refs = thing.notify.get(status, ()) if thing is not None else ()
        return [self._call(ref.name, home, status) for ref in refs]

    def _call(self, name: str, home: Pipeline, status: Status) -> Value:
        for function in (f"tell_{name}", f"tell_{name}_of_{home.name}"):
            if self.used.setdefault(function, (home, name)) == (home, name):
                return partial(Name(function), WORDS[status])
        raise AssertionError("two pipelines of one name")
