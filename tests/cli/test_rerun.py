"""`pipec rerun`, without an Airflow: what would run again, and every way to be misunderstood."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.conftest import Pipec

SHOP = """\
pipeline: shop
schedules:
  quarter: every 6 hours from 2026-01-01T00:00Z until 2026-01-09T00:00Z
  daily: every 1 day from 2026-01-01T00:00Z until 2026-01-09T00:00Z
defaults: {schedule: quarter}
connections: {db: postgres}
datanodes:
  orders: sql db.orders
  totals: {sql: db.totals, when: not_empty}
  stock: sql db.stock
  rates: {s3: s3://shop/rates.csv, when: exists}
  geo: s3 s3://shop/geo.csv
activities:
  load: {sql: select 1, flow: -> orders}
  ping: {shell: ping, flow: geo, stage: false}
  sum: {sql: select 1, flow: orders -> totals, schedule: daily}
  count: {sql: select 1, flow: "stock[-1], totals -> stock", schedule: daily}
  ring: {shell: ring, flow: rates, stage: false, schedule: daily}
  call: {shell: ring, flow: rates, stage: false}
  copy: {matrix: {to: [1, 2]}, shell: copy}
"""

POST = """\
pipeline: post
schedules: {daily: every 1 day from 2026-01-01T00:00Z until 2026-01-09T00:00Z}
defaults: {schedule: daily}
activities:
  send: {shell: send, flow: shop.totals}
  sing: {shell: sing}
"""


@pytest.fixture(autouse=True)
def shop(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (home / "shop.pipe.yaml").write_text(SHOP, encoding="utf-8")
    for name in ("TOKEN", "USER", "PASSWORD"):
        monkeypatch.delenv(f"PIPEC_AIRFLOW_{name}", raising=False)
    return home


def again(pipec: Pipec, *words: str) -> list[str]:
    """What would run again, with the start of its interval."""
    found = pipec("rerun", ".", *words, "--format", "json")
    assert found.status == 0, found.err
    instances = json.loads(found.out)["instances"]
    return [f"{one['name']} {one['start'][8:13]}" for one in instances]


def test_text(pipec: Pipec) -> None:
    found = pipec("rerun", ".", "load", "--at", "2026-01-07T06:00")
    assert (found.status, found.out.splitlines()) == (
        0,
        [
            "name              kind          schedule  interval                              because of",
            "----------------  ------------  --------  ------------------------------------  -----------------------",
            "load              activity      quarter   2026-01-07T06:00 .. 12:00",
            "sum               activity      daily     2026-01-07T00:00 .. 2026-01-08T00:00  orders 2026-01-07T06:00",
            "totals.not_empty  precondition  daily     2026-01-07T00:00 .. 2026-01-08T00:00  sum",
            "count             activity      daily     2026-01-07T00:00 .. 2026-01-08T00:00  totals",
            "count             activity      daily     2026-01-08T00:00 .. 2026-01-09T00:00  stock 2026-01-07T00:00",
        ],
    )
    assert found.err.splitlines() == [
        "5 instances in 3 runs",
        "`count` depends on what it made before: 2 instances of it, up to now, are among them",
        "nothing was changed: --airflow URL has an Airflow run them again, and nothing else",
    ]


def test_json_is_the_table_with_the_fields_of_a_plan(pipec: Pipec) -> None:
    words = ("--from", "2026-01-07", "--to", "2026-01-09")
    planned = json.loads(pipec("plan", ".", *words, "--format", "json").out)["instances"]
    table = pipec("rerun", ".", "sum", "--at", "2026-01-07").out.splitlines()
    found = json.loads(
        pipec("rerun", ".", "sum", "--at", "2026-01-07", "--format", "json").out
    )  # fmt: skip
    assert list(found) == ["instances"]
    reasons = [one.pop("because_of") for one in found["instances"]]
    assert all(one in planned for one in found["instances"])
    assert [one["name"] for one in found["instances"]] == [it.split()[0] for it in table[2:]]
    assert [one["name"] for one in found["instances"]] == [
        "sum", "totals.not_empty", "count", "count",
    ]  # fmt: skip
    assert [[(it["name"], it["start"][8:10]) for it in one] for one in reasons] == [
        [], [("sum", "07")], [("totals", "07")], [("stock", "07")],
    ]  # fmt: skip


def test_reasons_are_in_order_of_time(pipec: Pipec) -> None:
    words = ("load", "--from", "2026-01-07", "--to", "2026-01-08")
    assert " orders x4 2026-01-07T00:00 .. 18:00" in pipec("rerun", ".", *words).out


@pytest.mark.parametrize(
    ("name", "at", "first"),
    [
        ("load", "2026-01-08T18:00", "load 08T18"),
        ("orders", "2026-01-08T18:00", "load 08T18"),
        ("shop.orders", "2026-01-08T18:00", "load 08T18"),
        ("totals", "2026-01-08", "sum 08T00"),
        ("totals.not_empty", "2026-01-08", "totals.not_empty 08T00"),
        ("copy", "2026-01-08", "copy.1 08T00 copy.2 08T00"),
        ("copy.2", "2026-01-08", "copy.2 08T00"),
        ("rates", "2026-01-08", "rates.exists 08T00 call 08T00 rates.exists 08T00 ring 08T00"),
        ("rates.exists", "2026-01-08T12:00", "rates.exists 08T12 call 08T12"),
    ],
)
def test_names(pipec: Pipec, name: str, at: str, first: str) -> None:
    assert " ".join(again(pipec, name, "--at", at)).startswith(first)


def test_several_names_and_a_span(pipec: Pipec) -> None:
    words = ("call", "ping", "--from", "2026-01-07T05:00", "--to", "2026-01-07T18:00")
    assert again(pipec, *words) == ["ping 07T06", "call 07T06", "ping 07T12", "call 07T12"]


def test_what_is_in_another_file_of_the_project(pipec: Pipec, home: Path) -> None:
    (home / "post.pipe.yaml").write_text(POST, encoding="utf-8")
    (home / "pipec.yaml").write_text("", encoding="utf-8")
    found = pipec("rerun", "shop.pipe.yaml", "sum", "--at", "2026-01-08", "--format", "json")
    names = [one["name"] for one in json.loads(found.out)["instances"]]
    assert "post.send" in names
    assert "post.sing" not in names
    assert again(pipec, "post.send", "--at", "2026-01-08") == ["post.send 08T00"]


def test_a_mistake_in_another_file_hides_what_depends(pipec: Pipec, home: Path) -> None:
    (home / "post.pipe.yaml").write_text(POST.replace("shop.totals", "shop.totels"))
    (home / "pipec.yaml").write_text("", encoding="utf-8")
    found = pipec("rerun", "shop.pipe.yaml", "sum", "--at", "2026-01-08")
    assert (found.status, found.out) == (1, "")
    assert "post.pipe.yaml:5:29" in found.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (". load", "which instances: `--at` a time, or `--from` one `--to` another"),
        (". load --at 2026-01-02 --to 2026-01-03", "which instances: `--at` a time, or `--from`"),
        (". load --from 2026-01-02", "`--from` and `--to` go together"),
        (". --at 2026-01-02", "`pipec rerun` needs a NAME: pipec rerun PATH NAME..."),
        ("--at 2026-01-02", "`pipec rerun` needs a PATH: pipec rerun PATH NAME..."),
        (
            ". lod --at 2026-01-02",
            "there is no activity, datanode or precondition `lod`: did you mean `load`?",
        ),
        (". shop.lod --at 2026-01-02", "or precondition `shop.lod`: did you mean `shop.load`?"),
        (". shop.quarter --at 2026-01-02", "or precondition `shop.quarter`: there are `shop."),
        (". geo --at 2026-01-02", "`geo` has no instances: it is read without waiting"),
        (
            ". load --at 2026-01-02T07:00",
            "no instance of `load` starts at 2026-01-02T07:00: near it `quarter` has"
            " 2026-01-02T06:00 .. 12:00 and 2026-01-02T12:00 .. 18:00",
        ),
        (". load --at 2025-01-02", "near it `quarter` has 2026-01-01T00:00 .. 06:00"),
        (". load --at 2026-02-02", "near it `quarter` has 2026-01-08T18:00 .. 2026-01-09T00:00"),
        (". load --from 2026-01-02 --to 2026-01-02", "`--to` has to be after `--from`"),
        (". load --from 2026-01-02 --to 2026-01-01", "`--to` has to be after `--from`"),
        (
            ". load --from 2026-01-02T01:00 --to 2026-01-02T11:00",
            "no instance of `load` that is due by now has its whole interval in",
        ),
        (". load --at 2026-01-02 --airflow 3.3", "`--airflow 3.3` is no URL such as https://"),
        (". load --at 2026-01-02 --airflow http://[", "`--airflow http://[` is no URL"),
        (". load --at 2026-01-02 --airflow ftp://x", "`--airflow ftp://x` is no URL"),
        (". load --at 2026-01-02 --airflow http://me:secret@x", "`--airflow` takes no password"),
    ],
)
def test_misuse(pipec: Pipec, words: str, said: str) -> None:
    found = pipec("rerun", *words.split(" "))
    assert (found.status, found.out) == (2, "")
    assert said in found.err
    assert found.err.count("\n") == 1
    assert "secret" not in found.err


def test_machines_are_started_with_their_work(pipec: Pipec, home: Path) -> None:
    (home / "shop.pipe.yaml").write_text(
        "pipeline: shop\n"
        "schedules: {daily: every 1 day from 2026-01-01}\n"
        "defaults: {schedule: daily}\n"
        "resources: {box: ec2 m5.large}\n"
        "activities: {mail: {shell: ./mail, runs_on: box}}\n"
    )
    found = pipec("rerun", ".", "box", "--at", "2026-01-02")
    assert "`box` is started again with the work on it: name an activity" in found.err


def test_what_is_not_due_yet(pipec: Pipec, home: Path) -> None:
    (home / "shop.pipe.yaml").write_text(SHOP.replace(" until 2026-01-09T00:00Z", ""))
    found = pipec("rerun", ".", "sum", "--at", "2999-01-02")
    assert found.status == 2
    assert "is due at 2999-01-03T00:00: there is nothing to rerun yet" in found.err


def test_on_demand(pipec: Pipec, home: Path) -> None:
    text = "pipeline: shop\nschedules: {asked: on demand}\ndefaults: {schedule: asked}\n"
    (home / "shop.pipe.yaml").write_text(text + "activities: {mail: {shell: echo}}\n")
    found = pipec("rerun", ".", "mail", "--at", "2026-01-02")
    assert found.status == 2
    assert "`asked` is on demand, no plan knows its runs" in found.err


def test_names_of_several_pipelines(pipec: Pipec, home: Path) -> None:
    (home / "post.pipe.yaml").write_text(POST.replace("sing:", "load:"), encoding="utf-8")
    found = pipec("rerun", ".", "load", "--at", "2026-01-02")
    assert found.status == 2
    assert "`load` may be one of several: write `post.load` or `shop.load`" in found.err
    assert again(pipec, "post.load", "--at", "2026-01-02") == ["post.load 02T00"]
    assert "`laod`: did you mean `load`?" in pipec("rerun", ".", "laod", "--at", "2026-01-02").err
    assert again(pipec, "call", "--at", "2026-01-02T06:00") == ["shop.call 02T06"]


# --- what answers is no Airflow, or none that can be used ---------------------------------------


class Stranger(BaseHTTPRequestHandler):
    """A server that is no Airflow."""

    def do_GET(self) -> None:  # The name is the library's.
        status, kind, body = self.server.answer  # type: ignore[attr-defined]
        self.server.asked.append((self.path, self.headers["Authorization"]))  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if 300 <= status < 400:
            self.send_header("Location", body)
        self.end_headers()
        self.wfile.write(body.encode())

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def stranger() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, "text/html", "<html>"), "what answers at {} is no Airflow"),
        ((200, "application/json", "[1]"), "what answers at {} is no Airflow"),
        ((404, "text/html", "<html>"), "what answers at {} is no Airflow"),
        ((200, "application/json", '{"version": "2.9.1"}'), "Airflow 2.9 at {} is too old: 2.11"),
        ((302, "", "https://x.test/login?t=hush"), "{} sends on to https://x.test/login?t=..."),
        ((401, "application/json", '{"detail": "hush"}'), "{} does not accept what"),
        ((403, "", ""), "with 403; either this user may not do it, or PIPEC_AIRFLOW_TOKEN"),
        (
            (503, "application/json", '{"detail": "the\\ndatabase of hush"}'),
            "{} answers GET /api/v2/version with 503: the database of ...",
        ),
    ],
)
def test_no_airflow_is_one_line(
    pipec: Pipec,
    stranger: ThreadingHTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[int, str, str],
    said: str,
) -> None:
    stranger.answer = answer  # type: ignore[attr-defined]
    monkeypatch.setenv("PIPEC_AIRFLOW_TOKEN", "hush")
    address = f"http://127.0.0.1:{stranger.server_address[1]}"
    found = pipec("rerun", ".", "load", "--at", "2026-01-02", "--airflow", f"{address}/")
    assert (found.status, found.out) == (1, "")
    assert said.format(address) in found.err
    assert found.err.count("\n") == 1
    assert "hush" not in found.err
    assert {who for _, who in stranger.asked} == {"Bearer hush"}  # type: ignore[attr-defined]


def test_who_asks_is_all_of_it(pipec: Pipec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEC_AIRFLOW_USER", "me")
    found = pipec("rerun", ".", "load", "--at", "2026-01-02", "--airflow", "http://127.0.0.1:9")
    assert found.status == 1
    assert "PIPEC_AIRFLOW_PASSWORD is not set" in found.err


def test_nobody_is_there(pipec: Pipec) -> None:
    found = pipec("rerun", ".", "load", "--at", "2026-01-02", "--airflow", "http://127.0.0.1:9")
    assert found.status == 1
    assert found.err == "pipec: http://127.0.0.1:9 cannot be reached: connection refused\n"
