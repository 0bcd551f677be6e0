"""The parts of the worker that need no Airflow."""

from __future__ import annotations

import os
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipec.local.worker.attempts import log_file, output_to, state_of
from pipec.local.worker.cloud import is_inside, owner
from pipec.local.worker.environment import set_environment
from pipec.local.worker.local import make_local
from pipec.local.worker.mailbox import Mailbox, mailbox


def task(**more: Any) -> Any:
    return SimpleNamespace(
        executor="edge",
        queue="gpu",
        retry_delay=timedelta(minutes=10),
        downstream_task_ids={"next"},
        **more,
    )


def test_a_sensor_looks_each_second_and_lets_others_run() -> None:
    one = task(poke_interval=60, mode="poke", deferrable=True, timeout=timedelta(days=7))
    make_local(SimpleNamespace(tasks=[one]), patience=20, retry_delay=1)
    assert (one.mode, one.poke_interval, one.deferrable, one.timeout) == (
        "reschedule",
        1,
        False,
        20,
    )
    assert (one.executor, one.queue, one.retry_delay) == (None, "default", timedelta(seconds=1))


def test_a_short_timeout_stays_and_a_watchdog_keeps_its_own() -> None:
    short = task(poke_interval=60, timeout=5)
    watchdog = task(poke_interval=60, timeout=7200)
    watchdog.downstream_task_ids = set()
    make_local(SimpleNamespace(tasks=[short, watchdog]), patience=20, retry_delay=1)
    assert (short.timeout, watchdog.timeout) == (5, 7200)


def test_each_call_of_a_notifier_starts_from_its_own_text() -> None:
    sent = []

    class Notifier:
        text = "{}"

        def __call__(self, context: str) -> None:
            self.text = self.text.format(context)
            sent.append(self.text)

    one = task(on_failure_callback=Notifier(), on_success_callback=None)
    make_local(SimpleNamespace(tasks=[one]), patience=20, retry_delay=1)
    for context in ("a", "b"):
        one.on_failure_callback[0](context)
    assert sent == ["a", "b"]
    assert one.on_success_callback is None


def test_only_local_services_are_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "secret",
        "AWS_ENDPOINT_URL_S3": "https://example.com",
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW_VAR_KEY": "kept",
    }
    monkeypatch.setattr(os, "environ", environment)
    set_environment(tmp_path, tmp_path, {"options": {"AIRFLOW__CORE__PARALLELISM": "2"}})
    left = {name for name in environment if name.startswith("AWS_")}
    assert left == {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_DEFAULT_REGION",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
    }
    assert "AIRFLOW__CORE__EXECUTOR" not in environment
    assert environment["AIRFLOW_VAR_KEY"] == "kept"
    assert environment["AIRFLOW__CORE__PARALLELISM"] == "2"


def test_each_attempt_has_a_log(tmp_path: Path) -> None:
    run = {"dag": "shop.daily", "start": "2026-01-01T00:07:30+00:00"}
    log = log_file(tmp_path, run, SimpleNamespace(task_id="load", try_number=2))
    assert log == tmp_path / "logs" / "shop.daily" / "20260101T000730" / "load.2.log"
    for text in ("one", "two"):
        with output_to(log):
            os.system(f"echo {text}")
    assert log.read_text() == "one\ntwo\n"


def test_a_state_is_text_in_every_airflow() -> None:
    for state, text in [(None, ""), ("success", "success"), (SimpleNamespace(value="x"), "x")]:
        assert state_of(SimpleNamespace(state=state)) == text


def test_a_topic_belongs_to_the_account_in_its_name() -> None:
    with owner("arn:aws:sns:eu-west-1:111122223333:ops") as found:
        assert found == ("eu-west-1", "ops")
        assert os.environ["MOTO_ACCOUNT_ID"] == "111122223333"
    assert "MOTO_ACCOUNT_ID" not in os.environ


def test_no_key_leads_out_of_its_folder(tmp_path: Path) -> None:
    assert is_inside(tmp_path / "a/b", tmp_path)
    assert not is_inside(tmp_path / "../b", tmp_path)


def test_a_mail_is_kept_with_the_page_in_it(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Orders of Zürich"
    mail.set_content("Orders")
    mail.add_alternative('<p>ü</p><img src="cid:chart"><img src="cid:../x">', subtype="html")
    page = mail.get_payload()[1]  # type: ignore[index]
    page.add_related(b"picture", "image", "png", cid="<chart>")  # type: ignore[union-attr]
    page.add_related(b"picture", "image", "png", cid="<../x>")  # type: ignore[union-attr]
    box, told = Mailbox(tmp_path / "mails"), []
    box.take(bytes(mail), ["a@example.com", "b@example.com"])
    box.take(b"no headers at all", ["c@example.com"])
    box.keep(lambda event, **what: told.append((event, what)))
    assert told == [
        (
            "mail",
            {
                "to": "a@example.com, b@example.com",
                "subject": "Orders of Zürich",
                "file": "mails/0001.eml",
            },
        ),
        ("mail", {"to": "c@example.com", "subject": "", "file": "mails/0002.eml"}),
    ]
    kept = {one.name: one.read_bytes() for one in (tmp_path / "mails").iterdir()}
    assert kept.pop("0001.eml") == bytes(mail)
    assert kept.pop("0001.html").decode().strip() == (
        '<p>ü</p><img src="0001.chart.png"><img src="cid:../x">'
    )
    assert kept == {"0001.chart.png": b"picture", "0002.eml": b"no headers at all"}


def test_mail_that_the_user_leads_elsewhere_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_COMPANY_MAIL", "smtp://mail.example.com")
    told: list[str] = []
    with mailbox(["company_mail"], tmp_path, lambda event, **what: told.append(what["text"])):
        assert os.environ["AIRFLOW_CONN_COMPANY_MAIL"] == "smtp://mail.example.com"
    assert told == ["company_mail is what AIRFLOW_CONN_COMPANY_MAIL says, and is left as it is"]
