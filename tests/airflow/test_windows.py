"""What activities say of several instances that they read: their places, their dates, their rows."""

from __future__ import annotations

from pathlib import Path

from tests.airflow.pythons import every_airflow
from tests.airflow.running import ran

WINDOWS = """
pipeline: windows
schedules:
  parts: every 8 hours from 2026-03-01T08:00Z
  daily: every 1 day from 2026-03-01T00:00Z
  morning: cron "0 6 * * *" in Europe/Zurich from 2026-03-01T00:00Z at start
  clock: cron "0 */6 * * *" in Europe/Zurich from 2026-03-01T00:00Z
  opening: once from 2026-03-01T05:00Z
  zurich: cron "0 0 * * *" in Europe/Zurich from 2026-03-01T00:00Z
defaults: {schedule: daily, attempts: 1}
connections: {db: postgres}
datanodes:
  orders: {s3: "s3://lake/it's/${{ start:%d-%H }}/", format: "csv(id bigint)"}
  near: {file: "DISK/${{ start:%d-%H }}/"}
  times: {s3: "s3://lake/clock/${{ start:%d-%H }}/"}
  first: {s3: "s3://lake/first/${{ start:%d-%H }}/"}
  table: {sql: db.orders, at: at, columns: "id bigint, at timestamp"}
  sums: {sql: db.sums}
  days: {sql: db.days, at: day, columns: "id bigint, day date", schedule: zurich, when: not_empty}
  kept: {sql: db.kept, at: day, columns: "id bigint, day date", schedule: zurich}
  all: {s3: "s3://lake/all/${{ start:%d }}.csv", format: "csv(id bigint)"}
  week: {s3: "s3://lake/week/${{ start:%d }}.csv", format: "csv(id bigint, at timestamp)"}
activities:
  make:
    schedule: parts
    shell: |
      echo ${{ start:%d%H }} > $OUTPUT1_STAGING_DIR/part
      mkdir -p $OUTPUT2_STAGING_DIR; echo ${{ start:%d%H }} > $OUTPUT2_STAGING_DIR/part
    flow: -> orders, near
  insert:
    schedule: parts
    sql: INSERT INTO orders VALUES (${{ start:%d%H }}, '${{ start }}')
    flow: -> table
  tick: {schedule: clock, shell: touch $OUTPUT1_STAGING_DIR/x, flow: -> times}
  open: {schedule: opening, shell: touch $OUTPUT1_STAGING_DIR/x, flow: -> first}
  say:
    shell: |
      echo "paths $ALL"; echo "dates ${{ input.starts:%d.%H }}"; echo "args $1"
      echo "from ${{ input.start }} to ${{ inputs.orders.end:%d %H }}"
    args: ["${{ input.paths }}"]
    vars: {ALL: "${{ inputs.orders.paths }}"}
    stage: false
    flow: orders
  nothing:
    shell: 'echo "[${{ input.paths }}][${{ input.starts }}][${{ input.start }}][${{ input.end }}]"; for one in $(ls $INPUT1_STAGING_DIR); do echo "folder $one"; done'
    flow: orders[-2..-1]
  stage: {shell: "cd $INPUT1_STAGING_DIR; head */*; cd $INPUT2_STAGING_DIR; head */*", flow: "orders, near"}
  zone:
    schedule: morning
    shell: echo "${{ input.starts:%H }} | ${{ input.start }} | ${{ input.end }}"
    stage: false
    flow: times[-1]
  once: {shell: "echo '${{ input.paths }} ${{ input.starts:%d %H }}'", stage: false, flow: first}
  copy_all: {copy: orders -> all}
  copy_week: {copy: table over 2 days -> week}
  copy_day: {copy: days -> kept, schedule: zurich}
  count:
    sql: INSERT INTO sums SELECT '${{ start }}', sum(id) FROM orders WHERE at >= '${{ input.start }}' AND at < '${{ input.end }}'
    flow: table[-1] -> sums
"""
TABLES = (
    "CREATE TABLE orders (id bigint, at timestamp); CREATE TABLE sums (day timestamp, sum bigint);"
    "CREATE TABLE days (id bigint, day date); CREATE TABLE kept (id bigint, day date);"
    "INSERT INTO days VALUES (1, '2026-03-01'), (2, '2026-03-02'), (3, '2026-03-03');"
    "INSERT INTO kept VALUES (4, '2026-03-01'), (5, '2026-03-02'), (6, '2026-03-03');"
)


@every_airflow
def test_all_that_is_read(python: str, tmp_path: Path) -> None:
    (tmp_path / "data" / "sql").mkdir(parents=True)
    (tmp_path / "data" / "sql" / "db.sql").write_text(TABLES)
    text = WINDOWS.replace("DISK", str(tmp_path / "disk"))
    found = ran(
        python, {"windows.pipe.yaml": text}, tmp_path, ("2026-03-01T00:00Z", "2026-03-03T08:00Z")
    )
    assert {state for states in found.states.values() for state in states} == {"finished"}

    log = found.log("say")
    place = "s3://lake/it's/"
    assert f"paths {place}01-08/ {place}01-16/" in log  # The first day has two parts only.
    assert f"paths {place}02-00/ {place}02-08/ {place}02-16/" in log
    assert f"args {place}01-08/ {place}01-16/" in log
    assert "dates 02.00 02.08 02.16" in log
    assert "from 2026-03-01T08:00:00 to 02 00" in log

    log = found.log("nothing")
    assert "[][][2026-03-01T00:00:00][2026-03-01T00:00:00]" in log
    assert f"[{place}01-08/ {place}01-16/][2026-03-01T08:00:00 2026-03-01T16:00:00]" in log
    assert "folder 2026-03-01T16:00:00" in log

    log = found.log("stage")
    for hour in ("01T08", "01T16", "02T00", "02T08", "02T16"):
        assert log.count(f"==> 2026-03-{hour}:00:00/part <==") >= 2

    log = found.log("zone")
    assert "06 12 18 00 | 2026-03-01T06:00:00 | 2026-03-02T06:00:00" in log
    assert "s3://lake/first/01-05/ 01 05" in found.log("once")
    assert found.object("lake/all/01.csv") == b"108\n116\n"
    assert found.object("lake/all/02.csv") == b"200\n208\n216\n"
    assert [row.split(b",")[0] for row in found.object("lake/week/02.csv").splitlines()] == [
        b"108", b"116", b"200", b"208", b"216"
    ]  # fmt: skip
    # The day of Zurich, which begins an hour before that of UTC.
    assert sorted(row[0] for row in found.table("db/public.kept")) == ["2", "4", "6"]
    assert sorted(found.table("db/public.sums")) == [
        ["2026-03-01 00:00:00", ""],
        ["2026-03-02 00:00:00", "224"],
    ]
