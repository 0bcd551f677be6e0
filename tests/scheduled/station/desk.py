"""The desk where the station is asked: a question as JSON, an answer as JSON."""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Questions = Mapping[str, Callable[..., Any]]


def answer_questions(questions: Questions) -> str:
    """The address where `[name, arguments]` is answered from now on."""
    server = Desk(questions)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


class Desk(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, questions: Questions) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.questions = questions


class Answer(BaseHTTPRequestHandler):
    server: Desk

    def do_POST(self) -> None:  # The name is the library's.
        size = int(self.headers["Content-Length"])
        try:
            name, arguments = json.loads(self.rfile.read(size))
            status, answer = 200, self.server.questions[name](*arguments)
        except Exception:
            status, answer = 500, traceback.format_exc()
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nobody reads a line for each question."""
