"""Questions to a server: JSON over HTTP, and every way in which that can go wrong in one line."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipec.remote.problem import ProblemError

PATIENCE = 60
"""Seconds to wait for an answer: clearing a hundred runs takes a slow database some."""


class RefusedError(ProblemError):
    """The server has answered, with a status that is no success."""

    def __init__(self, text: str, status: int, said: str = "") -> None:
        super().__init__(text)
        self.status, self.said = status, said


@dataclass(frozen=True)
class Server:
    """A server, and what it is told of who asks."""

    address: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What must not be shown, even when the server repeats it."""

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What the server answers."""
        request = urllib.request.Request(
            f"{self.address}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Accept": "application/json", "Content-Type": "application/json", **self.headers},
            method=method,
        )
        try:
            with _OPENER.open(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as answer:
            with answer:
                raise self._refused(f"{method} {path.partition('?')[0]}", answer) from None
        except ValueError:  # What is no JSON, or no text.
            raise ProblemError(f"what answers at {self.address} is no Airflow") from None
        except (OSError, http.client.HTTPException) as problem:
            raise ProblemError(f"{self.address} {_way(problem)}") from None

    def _refused(self, what: str, answer: urllib.error.HTTPError) -> RefusedError:
        if 300 <= answer.code < 400:
            place = self._shown(answer.headers.get("Location", "another place"))
            return RefusedError(f"{self.address} sends on to {place}: give that URL", answer.code)
        said = self._shown(_said(answer))
        text = f"{self.address} answers {what} with {answer.code}{said and f': {said}'}"
        return RefusedError(text, answer.code, said)

    def _shown(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "...")
        return " ".join(text.split())[:300]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Nothing is followed: who we are would be told to another server, and a POST become a GET."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def _said(answer: urllib.error.HTTPError) -> str:
    """The reason that the server gives, if it gives one in a form that we know."""
    try:
        found = json.loads(answer.read(100_000))
    except (ValueError, OSError, http.client.HTTPException):
        return ""
    if not isinstance(found, dict):
        return ""
    said = found.get("detail") or found.get("title") or ""
    return said if isinstance(said, str) else json.dumps(said)


def _way(problem: Exception) -> str:
    """What is wrong with the way to the server."""
    reason = getattr(problem, "reason", problem)
    match reason:
        case TimeoutError():
            return f"does not answer within {PATIENCE} seconds"
        case ssl.SSLError():
            return f"cannot be reached safely: {reason.reason or reason}"
        case socket.gaierror():
            return "cannot be reached: there is no such host"
        case OSError(strerror=str(text)):
            return f"cannot be reached: {text.lower()}"
        case http.client.HTTPException() | OSError():
            return "does not speak HTTP, or broke off"
    return f"cannot be reached: {reason}"
