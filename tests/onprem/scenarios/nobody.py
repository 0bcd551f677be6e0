"""A queue that nobody asks for: its tasks stay queued, all else goes on, until a machine comes."""

from tests.onprem.machine import machine
from tests.scheduled.lab import Lab
from tests.scheduled.plan import assert_as_planned

PROJECT = """
pipeline: nobody
schedules: {daily: every 1 day from 2026-01-05 1 times}
defaults: {schedule: daily}
resources: {attic: workers edge attic}
activities:
  sweep: {shell: 'echo "$PLACE" >> FOLDER/said', runs_on: attic}
  greet: {shell: 'echo "$PLACE" >> FOLDER/said'}
  report: {shell: 'echo "$PLACE" >> FOLDER/said', after: "sweep, greet"}
"""
DAY = ("2026-01-05", "2026-01-06")
JOBS = "SELECT state, edge_worker FROM edge_job WHERE dag_id = ANY(%s)"


def drive(lab: Lab) -> None:
    work = lab.load(PROJECT.replace("FOLDER", str(lab.folder)))
    work.start()
    found = work.until(
        lambda now: (
            now.states.get("greet 2026-01-05T00:00") == "success"
            and now.states.get("sweep 2026-01-05T00:00") == "queued"
        ),
        "what needs no machine ends",
    )
    assert found.one("report", "2026-01-05").state == "none"
    assert lab.ask_airflow(JOBS, [work.dags]) == [["queued", None]]
    with machine(lab.station, "attic") as attic:
        attic.edge_worker("attic", "attic-1")
        found = work.until_ended(*DAY)
    assert_as_planned(found, work.planned(*DAY))
    assert (lab.folder / "said").read_text().split() == ["center", "attic", "center"]
