"""An Airflow elsewhere: its runs, their tasks, and clearing them, alike in all its versions."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from pipec.remote.http import RefusedError, Server
from pipec.remote.problem import ProblemError

TOKEN, USER, PASSWORD = "PIPEC_AIRFLOW_TOKEN", "PIPEC_AIRFLOW_USER", "PIPEC_AIRFLOW_PASSWORD"
OLDEST = (2, 11)
PAGE = 100
"""What Airflow gives at most at a time, unless it was told otherwise."""

RunTask = tuple[str, str]
"""The id of a run, and the id of a task in it."""


class Run(NamedTuple):
    """A run of a Dag."""

    id: str
    logical: datetime | None
    """By it, sensors of other Dags find the run; a run by hand may have none."""
    start: datetime | None
    """The start of its interval."""


@dataclass(frozen=True)
class Airflow:
    """One that has answered, and that knows who asks."""

    server: Server
    version: tuple[int, int]

    def is_paused(self, dag: str) -> bool:
        """Whether the Dag starts nothing now. A Dag that is not there is a problem."""
        try:
            found = self._ask("GET", f"/dags/{_part(dag)}")
        except RefusedError as refused:
            if refused.status == 404:
                raise ProblemError(_not_there(dag)) from None
            raise
        if found.get("is_stale") is True or found.get("is_active") is False:
            raise ProblemError(_not_there(dag))
        return bool(found["is_paused"])

    def runs(self, dag: str, first: datetime, last: datetime) -> Iterator[Run]:
        """The runs whose logical dates lie between the two, both included, in that order."""
        logical = "execution_date" if self._old else "logical_date"
        words = {
            f"{logical}_gte": _iso(first),
            f"{logical}_lte": _iso(last),
            "order_by": logical,
        }

        def page(offset: int) -> Any:
            where = urlencode({**words, "limit": PAGE, "offset": offset})
            return self._ask("GET", f"/dags/{_part(dag)}/dagRuns?{where}")

        for one in _paged(page, "dag_runs"):
            yield Run(
                one["dag_run_id"], _moment(one["logical_date"]), _moment(one["data_interval_start"])
            )

    def states(
        self, dag: str, runs: Iterable[str], tasks: Collection[str]
    ) -> dict[RunTask, str | None]:
        """The state of each of the tasks in each of the runs, where there is one."""
        wanted = list(runs)
        found: dict[RunTask, str | None] = {}
        some = max(PAGE // max(len(tasks), 1), 1)
        for first in range(0, len(wanted), some):
            asked = wanted[first : first + some]
            body = {
                "dag_ids": [dag],
                "dag_run_ids": asked,
                "task_ids": sorted(tasks),
                # All on one page: not every version orders them, and pages could overlap.
                "page_limit": len(asked) * len(tasks),
            }
            answer = self._ask("POST", "/dags/~/dagRuns/~/taskInstances/list", body)
            for one in answer["task_instances"]:
                found[one["dag_run_id"], one["task_id"]] = one["state"]
        return found

    def clear(
        self,
        dag: str,
        runs: tuple[Run, ...],
        tasks: Collection[str],
        *,
        rehearse: bool,
    ) -> set[RunTask]:
        """What was cleared: those tasks in all runs from the first to the last of `runs`.

        To rehearse is to say what would be cleared. Where it can, Airflow refuses what runs.
        """
        body: dict[str, object] = {
            "dry_run": rehearse,
            "task_ids": sorted(tasks),
            "only_failed": False,
            "only_running": False,
            "include_upstream": False,
            "include_downstream": False,
            "include_future": False,
            "include_past": False,
            "reset_dag_runs": True,
        }
        if len(runs) == 1:
            body["dag_run_id"] = runs[0].id
        else:
            first, last = runs[0].logical, runs[-1].logical
            assert first is not None
            assert last is not None
            body |= {"start_date": _iso(first), "end_date": _iso(last)}
        if self.version >= (3, 2):
            body["prevent_running_task"] = True
        found = self._ask("POST", f"/dags/{_part(dag)}/clearTaskInstances", body)
        return {(one["dag_run_id"], one["task_id"]) for one in found["task_instances"]}

    @property
    def _old(self) -> bool:
        return self.version < (3, 0)

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        try:
            return self.server.ask(method, f"/api/{'v1' if self._old else 'v2'}{path}", body)
        except RefusedError as refused:
            raise _explained(refused, self.server) from None


def connect(address: str, environment: Mapping[str, str]) -> Airflow:
    """The Airflow at an address. Who asks is what the environment says."""
    token, user, password = (environment.get(it, "") for it in (TOKEN, USER, PASSWORD))
    if not token and bool(user) != bool(password):
        lacking = PASSWORD if user else USER
        raise ProblemError(f"{lacking} is not set; {USER} and {PASSWORD} go together")
    secrets = tuple(filter(None, (token, password)))
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    server = Server(address, bearer, secrets)
    version = _version(server)
    if version < OLDEST:
        there, needed = (".".join(map(str, it)) for it in (version, OLDEST))
        raise ProblemError(
            f"Airflow {there} at {address} is too old: {needed} is the first that will do"
        )
    if user and not token:
        if version < (3, 0):
            pair = base64.b64encode(f"{user}:{password}".encode()).decode()
            server = Server(address, {"Authorization": f"Basic {pair}"}, (*secrets, pair))
        else:
            token = _token(server, user, password)
            server = Server(address, {"Authorization": f"Bearer {token}"}, (*secrets, token))
    return Airflow(server, version)


def _version(server: Server) -> tuple[int, int]:
    """Which Airflow it is; both APIs say so to everybody."""
    for api in ("v2", "v1"):
        try:
            found = server.ask("GET", f"/api/{api}/version")
            major, minor, *_ = str(found["version"]).split(".")
            return int(major), int(minor)
        except RefusedError as refused:
            if refused.status != 404:
                raise _explained(refused, server) from None
        except (KeyError, TypeError, ValueError):
            break
    raise ProblemError(f"what answers at {server.address} is no Airflow")


def _token(server: Server, user: str, password: str) -> str:
    body = {"username": user, "password": password}
    try:
        found = server.ask("POST", "/auth/token", body)
        return str(found["access_token"])
    except RefusedError as refused:
        if refused.status in (400, 401, 403, 422):
            raise ProblemError(
                f"Airflow at {server.address} does not accept {USER} and {PASSWORD}"
            ) from None
        if refused.status in (404, 405):
            raise ProblemError(
                f"Airflow at {server.address} gives no tokens for a password: get one, and set {TOKEN}"
            ) from None
        raise
    except (KeyError, TypeError):
        raise ProblemError(f"Airflow at {server.address} gave no token") from None


def _explained(refused: RefusedError, server: Server) -> RefusedError:
    """The same refusal, in words of what to do about it where that is known."""
    text = str(refused)
    them = f"{TOKEN}, or {USER} and {PASSWORD}"
    # Airflow 3 forbids what comes with a token that it cannot read, 2.11 whatever it cannot allow.
    unread = refused.status == 403 and "token" in refused.said.lower()
    if refused.status in (401, 403) and not server.headers:
        text = f"Airflow at {server.address} wants to know who asks: set {them}"
    elif refused.status == 401 or unread:
        said = refused.said and f" ({refused.said})"
        text = f"Airflow at {server.address} does not accept what {them}, say{said}"
    elif refused.status == 403:
        text += f"; either this user may not do it, or {them}, is wrong"
    return RefusedError(text, refused.status, refused.said)


def _paged(page: Any, key: str) -> Iterator[Any]:
    """All entries of what Airflow gives a page at a time."""
    offset = 0
    while True:
        found = page(offset)
        yield from found[key]
        offset += len(found[key])
        if not found[key] or offset >= found["total_entries"]:
            return


def _not_there(dag: str) -> str:
    return (
        f"this Airflow has no Dag `{dag}`: compile the pipelines into the folder that it reads;"
        " nothing was changed"
    )


def _part(text: str) -> str:
    return quote(text, safe="")


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}+00:00"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
