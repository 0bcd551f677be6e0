"""A mail server that keeps what it is given: nothing is sent on."""

from __future__ import annotations

import asyncio
import contextlib
import email.policy
import importlib
import json
import logging
import os
import re
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from .tell import Tell


@contextlib.contextmanager
def mailbox(connections: list[str], folder: Path, tell: Tell) -> Iterator[Mailbox]:
    """A running server for each of Airflow's connections that does not already lead elsewhere."""
    found = Mailbox(folder)
    wanted = []
    for name in connections:
        variable = "AIRFLOW_CONN_" + name.upper()
        if variable in os.environ:
            tell("phase", text=f"{name} is what {variable} says, and is left as it is")
        else:
            wanted.append(variable)
            tell("phase", text=f"mail to {name} is kept in {folder.name}/, and sent to nobody")
    if not wanted:
        yield found
        return
    smtp = importlib.import_module("aiosmtpd.smtp").SMTP
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(
            lambda: smtp(found, data_size_limit=None, enable_SMTPUTF8=True, loop=loop),
            "127.0.0.1",
            0,
        )
    )
    extra = {"from_email": "pipec@localhost", "disable_ssl": True, "disable_tls": True}
    about = {"conn_type": "smtp", "host": "127.0.0.1", "extra": extra}
    about["port"] = server.sockets[0].getsockname()[1]
    os.environ.update(dict.fromkeys(wanted, json.dumps(about)))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()


class Mailbox:
    """The mails that have come, each a file `0001.eml` in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mails: list[dict[str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a mail; the name is what the server asks for."""
        self.take(envelope.content, envelope.rcpt_tos)
        return "250 OK"

    def take(self, content: bytes, to: list[str]) -> None:
        """Keep a mail, and beside it the page in it, which shows the pictures in it."""
        self.folder.mkdir(exist_ok=True)
        name = f"{len(self.mails) + 1:04}"
        file = self.folder / f"{name}.eml"
        file.write_bytes(content)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.keep_page(mail, name)
        place = f"{self.folder.name}/{file.name}"
        subject = str(mail.get("Subject", ""))
        self.mails.append({"to": ", ".join(to), "subject": subject, "file": place})

    def keep_page(self, mail: EmailMessage, name: str) -> None:
        """Keep what a mail shows to those who read HTML."""
        page = mail.get_body(("html",))
        if page is None:
            return
        text = page.get_content()
        for part in mail.walk():
            own = re.fullmatch(r"<([\w-]+)>", part.get("Content-ID", ""))
            if own and part.get_content_maintype() == "image":
                picture = f"{name}.{own[1]}.{part.get_content_subtype()}"
                (self.folder / picture).write_bytes(part.get_content())
                text = text.replace(f"cid:{own[1]}", picture)
        (self.folder / f"{name}.html").write_text(text, encoding="utf-8")

    def keep(self, tell: Tell) -> None:
        """Tell of each mail."""
        for mail in self.mails:
            tell("mail", **mail)
