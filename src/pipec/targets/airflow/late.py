"""What is done about activities that are late: the watch over a Dag, and the end of their work."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import timedelta
from itertools import count

from pipec.frozen import frozen
from pipec.targets.airflow.task import GUARD, Task, length, retries
from pipec.targets.python.values import Call, Name, Value, partial
from pipec.values import Late


@frozen
class Watched:
    """An activity that counts as late some time after it was due, and who is told then."""

    activity: str
    after: timedelta
    notices: list[Value]


def watches(all_watched: list[Watched], taken: Container[str], *, local: bool) -> Iterator[Task]:
    """The task that watches over a Dag, under an id that is not `taken`.

    There is one for each limit where nothing can be deferred: it forgets whom it has told.
    """
    rules: dict[str, tuple[timedelta, list[str], list[Value]]] = {}
    for one in all_watched:
        rule = (one.after, list[str](), one.notices)
        rules.setdefault(repr((one.after, one.notices)), rule)[1].append(one.activity)
    groups = [[rule] for rule in rules.values()] if local else [list(rules.values())]
    names = ("late.watch" if n == 1 else f"late.watch_{n}" for n in count(1))
    free = (name for name in names if name not in taken)
    for group in groups if rules else []:
        name = next(free)
        arguments: dict[str, Value] = {"task_id": name, "rules": list(group)}
        call = Call(Name("WatchLate", "helpers.watch_late"), (), arguments)
        shared: dict[str, Value] = {**retries(None), "do_xcom_push": False}
        yield Task(name, call, "The watch over activities that are late.", (), shared)


def stop(late: Late, *, guarded: bool) -> Call:
    """What ends an activity when it is late, called as each attempt begins; the guard comes first."""
    first: dict[str, Value] = {"first": Name(GUARD)} if guarded else {}
    function = Name("stop_late", "helpers.stop_late")
    return partial(function, length(late.after), **first)
