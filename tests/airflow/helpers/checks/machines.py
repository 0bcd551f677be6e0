"""Machines and clusters: started once, found by their marks, ended whatever happens.

The stand-in for EC2 and Systems Manager executes commands on this machine; see `tests/amazon`. That
a machine ends itself, and what its role allows, is for AWS alone to show.
"""

import contextlib
import datetime
import os
import subprocess
import sys
import threading
import time
import types
import unittest.mock

import lab

with lab.sdk():
    from helpers import run_on_machine, stop_resource
    from helpers.clusters import Clusters
    from helpers.machines import Machines
    from helpers.run_on_machine import RunOnMachine
    from helpers.start_resource import StartResource
    from helpers.stop_resource import StopResource

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG
from airflow.providers.standard.operators.bash import BashOperator
from airflow.timetables.interval import DeltaDataIntervalTimetable

quick = types.SimpleNamespace(sleep=lambda seconds, sleep=time.sleep: sleep(seconds / 25))
run_on_machine.time = stop_resource.time = quick

INTERVAL = "{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%SZ') }}"
REQUEST = {"ImageId": "ami-12345678", "InstanceType": "m5.large", "UserData": "#!/bin/bash\n"}
CLUSTER = {
    "ReleaseLabel": "emr-7.1.0",
    "Instances": {
        "InstanceGroups": [
            {"InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1}
        ],
        "KeepJobFlowAliveWhenNoSteps": True,
    },
    "JobFlowRole": "EMR_EC2_DefaultRole",
    "ServiceRole": "EMR_DefaultRole",
}
SOON = datetime.timedelta(minutes=10)
LONGEST = datetime.timedelta(hours=1)


def dag(name, commands, machines=Machines, request=REQUEST, **options):
    """A Dag that starts a resource, runs commands on it one after the other, and ends it."""
    arguments = {"retries": 1, "retry_delay": datetime.timedelta(seconds=0)}
    timetable = DeltaDataIntervalTimetable(lab.HOUR)
    with DAG(name, schedule=timetable, start_date=lab.START, default_args=arguments) as made:
        of = {"resource": machines(f"{name}.box"), "interval": INTERVAL}
        options = {"ready_within": SOON, "poke_interval": 1, "request": request, **options}
        before = start = StartResource(task_id="box", **of, **options)
        stop = StopResource(task_id="box.stop", **of)
        for task, command in commands.items():
            own = command if isinstance(command, dict) else {"command": command}
            work = RunOnMachine(task_id=task, longest=LONGEST, **of, **own)
            before >> work >> stop
            before = work
        stop.as_teardown(setups=start)
    return made


told = []
serves = dag(
    "serves",
    {
        "write": "cd ~; echo '{{ '{{ssm:x}} $é' }}' > file",
        "read": "cd ~; cat file; false",
        "again": "test -e ~/file",
    },
)
unlucky = dag("unlucky", {"work": "true"})
offline = dag("offline", {"work": "true"}, ready_within=datetime.timedelta(seconds=2))
loses = {
    "command": "touch ~/began; sleep 60",
    "lost": [lambda about: told.append(about["node_name"])],
}
lost = dag("lost", {"work": loses})
lasts = {
    "command": "cd ~; echo {{ ti.try_number }} >> tries; test -e one || { touch one; sleep 9; }",
    "execution_timeout": datetime.timedelta(seconds=2),
}
slow = dag("slow", {"work": lasts})
work = "cd ~; echo began >> seen; test -e go || sleep 600; echo done >> seen"
killed = dag("killed", {"work": work, "after": "echo after >> ~/seen"})

DAY = 24 * lab.HOUR
shared = Machines("shared.box")
MARKS = ["{{ data_interval_start.strftime('%Y-%m-%dT00:00:00Z') }}", f"{INTERVAL} hourly"]
with DAG(
    "shared.daily", schedule=DeltaDataIntervalTimetable(DAY), start_date=lab.START
) as shared_daily:
    waited = BashOperator(task_id="wait", bash_command="true")
    ended = StopResource(task_id="box.stop", resource=shared, interval=MARKS[0])
    waited >> ended
    ended.as_teardown()
with DAG(
    "shared", schedule=DeltaDataIntervalTimetable(lab.HOUR), start_date=lab.START
) as shared_hourly:
    begun = StartResource(
        task_id="box",
        resource=shared,
        interval=MARKS[0],
        afterwards=MARKS[1],
        stopped_by="shared.daily",
        request=REQUEST,
        ready_within=SOON,
        poke_interval=1,
    )
    used = RunOnMachine(
        task_id="work", resource=shared, interval=MARKS, command="true", longest=LONGEST
    )
    ended = StopResource(task_id="box.stop", resource=shared, interval=MARKS[1])
    begun >> used >> ended
    ended.as_teardown(setups=begun)


def started(name):
    """The instances that were launched for a Dag: all are ended by now."""
    from amazon import marks

    found = [it for it in lab.amazon.instances() if marks(it)["pipec:resource"] == f"{name}.box"]
    assert {one.state for one in found} <= {"terminated"}, found
    return found


def check_one_machine_serves_all():
    lab.amazon.pending = 2
    states = lab.states(lab.run(serves))
    lab.amazon.pending = 0
    assert states == {
        "": "failed",
        "box": "success",
        "write": "success",
        "read": "failed",
        "again": "upstream_failed",
        "box.stop": "success",
    }, states
    (machine,) = started("serves")
    assert machine.instance_type == "m5.large"
    file = lab.amazon.folder / machine.id / "file"
    assert file.read_text(encoding="utf-8") == "{{ssm:x}} $é\n"
    tries = [it for it in lab.amazon.commands.values() if it.instance == machine.id]
    assert [it.status for it in tries] == ["Success", "Failed", "Failed"]


def check_what_does_not_start_is_reported_and_ended():
    lab.amazon.refused = ["InsufficientInstanceCapacity"]
    lab.amazon.doomed = ["Server.InternalError"]
    states = lab.states(lab.run(unlucky))
    assert (lab.amazon.refused, lab.amazon.doomed) == ([], [])
    assert states == {
        "": "failed",
        "box": "failed",
        "work": "upstream_failed",
        "box.stop": "success",
    }, states
    assert len(started("unlucky")) == 1

    lab.amazon.online = False
    states = lab.states(lab.run(offline))
    lab.amazon.online = True
    assert (states["box"], states["box.stop"], states[""]) == ("failed", "success", "failed")
    assert len(started("offline")) == 2  # One for each attempt.


def context(task, run="", try_number=1, tries=3):
    """What a task is given, as far as these look at it; by default, in a run of this check alone."""
    run = run or sys._getframe(1).f_code.co_name
    ti = types.SimpleNamespace(
        dag_id="lone", task_id=task.task_id, run_id=run, try_number=try_number, max_tries=tries
    )
    return {"ti": ti, "task": task}


def lone(machines, interval="2026-11-20T00:00:00Z", **options):
    """A start, and a stop, that no Dag has."""
    request = CLUSTER if machines is Clusters else REQUEST
    of = {"resource": machines("lone.box"), "interval": interval}
    start = StartResource(task_id="box", **of, ready_within=SOON, request=request, **options)
    return start, StopResource(task_id="box.stop", **of)


def check_two_that_start_at_once_keep_one():
    for machines in (Machines, Clusters):
        before = len(lab.amazon.living())
        start, stop = lone(machines)
        with unittest.mock.patch.object(machines, "find", return_value=[]):
            for run in ("scheduled__1", "scheduled__2"):
                assert start.poke(context(start, run)) is False
        assert len(lab.amazon.living()) == before + 2
        older = start.resource.find()[0]["id"]
        assert start.poke(context(start, "scheduled__2")) is True
        assert start.poke(context(start, "scheduled__1")) is True
        assert [one["id"] for one in start.resource.find()] == [older]
        stop.execute({})
        assert len(lab.amazon.living()) == before


def check_two_processes_of_one_attempt_launch_one():
    before = len(lab.amazon.living())
    start, stop = lone(Machines)
    with unittest.mock.patch.object(Machines, "find", return_value=[]):
        assert start.poke(context(start)) is False
        assert start.poke(context(start)) is False
    assert len(lab.amazon.living()) == before + 1
    stop.execute({})


def check_a_cluster_starts_and_ends():
    def those(*states):
        return [one for one in lab.amazon.clusters(*states) if one.name.startswith("lone.box ")]

    lab.amazon.pending = 3600
    start, stop = lone(Clusters, spot={"ReleaseLabel": "emr-6.1.0"})
    assert start.poke(context(start)) is False
    assert start.poke(context(start)) is False
    (cluster,) = those("STARTING")
    cluster.ready_at = 0
    assert start.poke(context(start)) is True
    assert cluster.release_label == "emr-6.1.0"
    assert cluster.name == "lone.box 2026-11-20T00:00:00Z"
    stop.execute({})
    lab.amazon.doomed, lab.amazon.pending = ["The first node was terminated"], 0
    second = context(start, try_number=2)
    start.poke(second)
    said = lab.error(lambda: start.poke(second))
    assert "The first node was terminated" in str(said), said
    start.poke(context(start, try_number=4))
    (cluster,) = those("STARTING", "WAITING")
    assert cluster.release_label == "emr-7.1.0"
    stop.execute({})
    assert not those("STARTING", "WAITING")


def check_as_many_live_as_may():
    starts = [lone(Machines, f"2026-11-20T0{hour}:00:00Z", most=2)[0] for hour in range(4)]
    for start in (starts[1], starts[2], starts[3]):
        start.poke(context(start, run=start.interval))
    intervals = sorted(one["interval"][11:13] for one in starts[0].resource.find())
    assert intervals == ["01", "02"], intervals
    # Others may wait for what the oldest one does: it is never kept waiting.
    starts[0].poke(context(starts[0]))
    assert len(starts[0].resource.find()) == 3
    starts[0].resource.end(starts[0].resource.find())


def check_work_that_loses_its_machine_fails_for_good():
    def take_back():
        while not any(lab.amazon.folder.glob("*/began")):
            time.sleep(0.1)
        lab.amazon.end(*lab.amazon.instances("running"))

    thread = threading.Thread(target=take_back, daemon=True)
    thread.start()
    found = lab.run(lost)
    thread.join()
    states = lab.states(found)
    assert (states["work"], states["box.stop"], states[""]) == ("failed", "success", "failed")
    assert {ti.task_id: ti.try_number for ti in found.get_task_instances()}["work"] == 1
    assert told == ["box"]
    assert len(started("lost")) == 1


def check_a_timeout_ends_the_command():
    from airflow.exceptions import AirflowTaskTimeout

    try:
        states = lab.states(lab.run(slow))
    except AirflowTaskTimeout:  # The test run of 2.11 is no match for it; workers are.
        box = Machines("slow.box")
        box.end(box.find())
        (machine,) = started("slow")
        (one,) = [it for it in lab.amazon.commands.values() if it.instance == machine.id]
        assert one.status == "Cancelled"
        return
    assert states["work"] == "success", states
    (machine,) = started("slow")
    first, second = [it for it in lab.amazon.commands.values() if it.instance == machine.id]
    assert (first.status, second.status) == ("Cancelled", "Success")
    assert (lab.amazon.folder / machine.id / "tries").read_text() == "1\n2\n"


def check_what_a_killed_attempt_left_running_is_ended_first():
    start, stop = lone(Machines)
    while not start.poke(context(start)):
        pass
    of = {"resource": start.resource, "interval": start.interval}
    mark = "{ sleep 1; echo one >> ~/marks; sleep 60; }"
    first = RunOnMachine(task_id="work", **of, command=mark, longest=LONGEST)
    second = RunOnMachine(task_id="work", **of, command="echo two >> ~/marks", longest=LONGEST)
    killed = unittest.mock.patch.object(first, "look", side_effect=KeyboardInterrupt)
    with killed, contextlib.suppress(KeyboardInterrupt):
        first.execute(context(first))
    (machine,) = lab.amazon.instances("running")
    while not (lab.amazon.folder / machine.id / "marks").exists():
        time.sleep(0.1)
    second.execute(context(second, try_number=2))
    one, two = [it for it in lab.amazon.commands.values() if it.instance == machine.id]
    assert (one.status, two.status) == ("Cancelled", "Success")
    assert (lab.amazon.folder / machine.id / "marks").read_text() == "one\ntwo\n"
    stop.execute({})


def check_nothing_stays_of_a_run_whose_processes_are_killed():
    def until(test):
        program = "import lab, machines; lab.mend(); lab.run(machines.killed)"
        path = {"PYTHONPATH": os.pathsep.join(sys.path)}
        process = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, **path})
        try:
            while not test():
                assert process.poll() is None, "it has ended by itself"
                time.sleep(0.1)
        finally:
            process.kill()
            process.wait()

    before = lab.amazon.living()
    # While the machine starts, ...
    lab.amazon.pending = 3600
    until(lambda: lab.amazon.instances("pending"))
    (machine,) = lab.amazon.instances("pending")
    lab.amazon.pending = machine.ready_at = 0
    # ... and while there is work on it.
    until((lab.amazon.folder / machine.id / "seen").exists)
    # The next process finds the machine as it was left.
    assert {*lab.amazon.living()} == {*before, machine.id}
    (lab.amazon.folder / machine.id / "go").touch()
    states = lab.states(lab.run(killed))
    assert set(states.values()) == {"success"}, states
    assert started("killed") == [machine]
    assert lab.amazon.living() == before
    commands = [it for it in lab.amazon.commands.values() if it.instance == machine.id]
    # (Each test run of Airflow has an id of its own, so that the first command is no other attempt.)
    assert [it.status for it in commands[1:]] == ["Success", "Success"]
    seen = (lab.amazon.folder / machine.id / "seen").read_text()
    assert seen == "began\nbegan\ndone\nafter\n"


def check_a_run_after_the_end_gets_a_machine_of_its_own():
    from amazon import marks

    def intervals(state):
        found = [marks(one) for one in lab.amazon.instances(state)]
        mine = [one for one in found if one["pipec:resource"] == "shared.box"]
        return sorted(one["pipec:interval"] for one in mine)

    for number in (0, 1):
        at = lab.START + number * lab.HOUR
        assert lab.states(lab.run(shared_hourly, at, at + lab.HOUR))[""] == "success"
        assert intervals("running") == ["2026-11-20T00:00:00Z"]
    assert lab.states(lab.run(shared_daily, lab.START, lab.START + DAY))[""] == "success"
    assert intervals("running") == []
    at = lab.START + 2 * lab.HOUR
    assert lab.states(lab.run(shared_hourly, at, at + lab.HOUR))[""] == "success"
    assert intervals("running") == []
    found = intervals("terminated")
    assert found == ["2026-11-20T00:00:00Z", "2026-11-20T02:00:00Z hourly"], found
