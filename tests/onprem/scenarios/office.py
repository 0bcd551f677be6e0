"""What runs on an office's machine and what does not; data goes from its disk to S3 and SQL, and back."""

from tests.onprem.machine import DISK, machine
from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
# file: office.pipe.yaml
pipeline: office
schedules: {daily: every 1 day from 2026-01-05 2 times}
defaults: {schedule: daily}
connections: {warehouse: postgres}
resources: {office: workers edge onprem}
datanodes:
  orders:
    file: DISK/orders/${{ start:%Y-%m-%d }}.csv
    format: csv(id bigint, what string, day date)
    schedule: daily
    when: exists
    runs_on: office
  archive:
    s3: s3://lake/orders/${{ start:%Y-%m-%d }}.csv
    format: csv(id bigint, what string, day date)
  returned:
    file: DISK/returned/${{ start:%Y-%m-%d }}.csv
    format: csv(id bigint, what string, day date)
  sold: {sql: warehouse.public.sold, at: day, columns: "id bigint, what string, day date"}
  report:
    file: DISK/reports/${{ start:%Y-%m-%d }}.json
    format: json
activities:
  ring: {shell: 'echo "$PLACE" > FOLDER/ring-${{ start:%d }}', runs_on: office}
  count: {shell: 'echo "$PLACE" > FOLDER/count-${{ start:%d }}'}
  mail:
    shell: echo "$PLACE" > FOLDER/mail-${{ start:%d }}
    when: {script: ./gateway_up.sh, runs_on: office}
  send: {copy: orders -> archive, runs_on: office}
  fetch: {copy: archive -> returned, runs_on: office}
  load: {copy: orders -> sold, runs_on: office}
  print: {copy: sold -> report, runs_on: office}
# file: gateway_up.sh
test "$PLACE" = office && echo up >> FOLDER/gateway
"""
AT_THE_OFFICE = {"orders.exists", "mail.script", "ring", "send", "fetch", "load", "print"}
ELSEWHERE = {"count", "mail"}
DAYS = ("05", "06")
WEEK = ("2026-01-05", "2026-01-07")


def drive(lab: Lab) -> None:
    lab.station.ask("bucket", "lake")
    lab.ask_warehouse("CREATE TABLE sold (id bigint, what text, day date)")
    with machine(lab.station, "office") as office:
        office.edge_worker("onprem", "office-1")
        (office.disk / "orders").mkdir()
        (office.disk / "orders/2026-01-05.csv").write_text(orders("05"))
        work = lab.load(PROJECT.replace("DISK", DISK).replace("FOLDER", str(lab.folder)))
        work.start()
        work.until(
            lambda now: now.states.get("orders.exists 2026-01-06T00:00") == "up_for_reschedule",
            "the second day waits for its orders",
        )
        (office.disk / "orders/2026-01-06.csv").write_text(orders("06"))
        found = work.until_ended(*WEEK)
        assert_as_planned(found, work.planned(*WEEK))

        hosts = lab.ask_airflow(HOSTS, [work.dags])
        assert {task for task, host in hosts if host == "office-1"} == AT_THE_OFFICE
        assert {task for task, host in hosts if host != "office-1"} == ELSEWHERE
        for day in DAYS:
            assert (lab.folder / f"ring-{day}").read_text() == "office\n"
            assert (lab.folder / f"count-{day}").read_text() == "center\n"
            assert (lab.folder / f"mail-{day}").read_text() == "center\n"
            assert lab.station.ask("get", "lake", f"orders/2026-01-{day}.csv") == orders(day)
            assert (office.disk / f"returned/2026-01-{day}.csv").read_text() == orders(day)
            assert (office.disk / f"reports/2026-01-{day}.json").read_text() == report(day)
        assert (lab.folder / "gateway").read_text() == "up\nup\n"
        # What the worker has logged is read at the center.
        assert "Command exited with return code 0" in work.log(found.one("ring", "2026-01-05"))


HOSTS = "SELECT task_id, hostname FROM task_instance WHERE dag_id = ANY(%s)"


def orders(day: str) -> str:
    return f"1,tea,2026-01-{day}\n2,cake,2026-01-{day}\n"


def report(day: str) -> str:
    return "".join(
        f'{{"id": {number}, "what": "{what}", "day": "2026-01-{day}"}}\n'
        for number, what in enumerate(("tea", "cake"), 1)
    )
