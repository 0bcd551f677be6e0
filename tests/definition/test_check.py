"""What is said of a definition that the service would not take, beside each message's own example."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipec.definition.check import check_definition
from pipec.definition.values import Definition, Object
from pipec.diagnostic import Diagnostic, Report
from pipec.source import NOWHERE, Source
from tests.definition.reading import read

OFFICE = {"id": "Default", "workerGroup": "office", "scheduleType": "cron"}


def said(*objects: dict[str, Any], **more: Any) -> list[Diagnostic]:
    return read({"shop.json": json.dumps({"objects": objects, **more})})[1]


def codes(*objects: dict[str, Any], **more: Any) -> list[str]:
    return [one.code for one in said(*objects, **more)]


def shell(id: str = "Mail", **fields: Any) -> dict[str, Any]:
    return {"id": id, "type": "ShellCommandActivity", "command": "./mail", **fields}


def test_nothing_is_said_of_what_is_right() -> None:
    assert codes(OFFICE, shell()) == []


def test_the_nearest_is_named() -> None:
    found = said(
        OFFICE,
        {"id": "Emr1", "type": "EmrClustr"},
        {"id": "Load", "type": "HiveActivity", "hivescript": "a", "runsOn": {"ref": "Emr2"}, "input": {"ref": "Default"}},
        shell(runOn={"ref": "Default"}, myowner="shop", **{"@status": "FINISHED"}),
        {"id": "Db", "type": "JdbcDatabase", "connectionString": "a", "jdbcDriverClass": "b", "username": "c", "password": "d"},
    )  # fmt: skip
    hints = {one.span.text.strip('"{}'): one.hint() for one in found}
    assert hints["EmrClustr"] == "did you mean `EmrCluster`?"
    assert hints["hivescript"] == "did you mean `hiveScript`?"
    assert hints['ref": "Emr2'] == "did you mean `Emr1`?"
    assert hints["runOn"] == "did you mean `runsOn`?"
    assert "`myOwner`" in hints["myowner"]
    assert hints["@status"] == "the service sets it itself: leave it out"
    assert hints["password"] == "did you mean `*password`?"


def test_a_reference_by_name_is_told_the_id() -> None:
    csv = {"id": "Format1", "name": "All my data", "type": "CSV"}
    data = {
        "id": "Data",
        "type": "S3DataNode",
        "filePath": "a",
        "dataFormat": {"ref": "All my data"},
    }
    [found] = said(csv, data)
    assert found.hint() == "that is a name; the id is `Format1`"


def test_fields_of_ones_own_are_free() -> None:
    assert (
        codes(OFFICE, shell(myA="b", myB={"ref": "Default"}, my_c=["d", "e"], **{"*myD": "f"}))
        == []
    )


def test_what_is_inherited_may_be_of_no_use() -> None:
    csv = {"id": "Csv", "type": "CSV", "column": "a INT"}
    assert (
        codes({**OFFICE, "maximumRetries": "2", "stage": "true", "column": "a"}, csv, shell()) == []
    )
    assert codes({**OFFICE, "colunm": "a"}, csv) == ["P528"]


def test_required_fields_may_be_inherited() -> None:
    held = {"id": "Held", "message": "a", "subject": "b", "role": "c"}
    alarm = {"id": "Alarm", "type": "SnsAlarm", "topicArn": "d"}
    assert codes(OFFICE, held, {**alarm, "parent": {"ref": "Held"}}) == []
    found = said(OFFICE, alarm, {"id": "Held", "type": "CSV"})
    assert [(one.code, one.text().rsplit(" ", 1)[1]) for one in found] == [
        ("P536", "`message`"),
        ("P536", "`role`"),
        ("P536", "`subject`"),
    ]


def test_a_late_action_needs_to_know_when_it_is_late() -> None:
    end = {"id": "End", "type": "Terminate"}
    late = {"onLateAction": {"ref": "End"}}
    assert codes(OFFICE, end, shell(**late)) == ["P536"]
    assert codes(OFFICE, end, shell(**late, lateAfterTimeout="1 hour")) == []


def test_one_of_two_fields_is_enough_and_both_are_too_many() -> None:
    assert codes(OFFICE, shell(scriptUri="s3://shop/mail.sh")) == ["P539"]
    assert codes({**OFFICE, "scriptUri": "s3://shop/mail.sh"}, shell()) == ["P539"]
    both = {**OFFICE, "command": "./mail", "scriptUri": "s3://shop/mail.sh"}
    assert codes(both, {"id": "Mail", "type": "ShellCommandActivity"}) == ["P539"]
    assert codes(OFFICE, {"id": "Data", "type": "S3DataNode"}) == ["P536"]
    assert codes({"id": "Mail", "type": "ShellCommandActivity", "command": "a"}) == ["P536"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("scheduleType", "TimeSeries", ""),
        ("scheduleType", "never", "P532"),
        ("stage", "TRUE", ""),
        ("stage", "yes", "P532"),
        ("stage", "#{myStage}", ""),
        ("maximumRetries", "5", ""),
        ("maximumRetries", "6", "P533"),
        ("maximumRetries", "two", "P532"),
        ("retryDelay", "2 Minutes", ""),
        ("retryDelay", "1 minute", "P533"),
        ("attemptTimeout", "1 hour", ""),
        ("attemptTimeout", "an hour", "P532"),
        ("command", "", "P529"),
        ("onFail", "Mail", "P530"),
        ("command", {"ref": "Mail"}, "P531"),
        ("onFail", {"ref": ""}, "P529"),
        ("onFail", {"ref": "Mail"}, "P535"),
        ("dependsOn", {"ref": "Mail"}, ""),
        ("command", "é" * 5120, ""),
        ("command", "é" * 5121, "P533"),
        ("my" + "A" * 255, "b", "P533"),
        ("myA", ["b"] * 49, ""),
        ("myA", ["b"] * 50, "P533"),
        ("myA", ["b" * 8000] * 2, "P533"),
    ],
)
def test_values(field: str, value: Any, code: str) -> None:
    parameters = [{"id": "myStage", "type": "String"}]
    found = codes(OFFICE, shell(**{field: value}), parameters=parameters)
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("period", "15 minutes", ""),
        ("period", "14 minutes", "P533"),
        ("period", "3 years", ""),
        ("period", "4 years", "P533"),
        ("period", "ONDEMAND_PERIOD", ""),
        ("startDateTime", "2026-01-01T00:00:00", ""),
        ("startDateTime", "2026-01-01", "P532"),
        ("startAt", "FIRST_ACTIVATION_DATE_TIME", "P539"),
    ],
)
def test_schedules(field: str, value: str, code: str) -> None:
    daily = {
        "id": "Daily",
        "type": "Schedule",
        "period": "1 day",
        "startDateTime": "2026-01-01T00:00:00",
    }
    assert codes({**daily, field: value}) == ([code] if code else [])


@pytest.mark.parametrize(
    ("reader", "writer", "expected"),
    [
        ("1 day", "1 hour", []),
        ("1 month", "1 day", []),
        ("1 day", "15 minutes", ["P533"]),
        ("1 week", "1 hour", ["P533"]),
        ("15 minutes", "1 day", []),
    ],
)
def test_instances_into_one_object(reader: str, writer: str, expected: list[str]) -> None:
    def schedule(id: str, period: str) -> dict[str, str]:
        return {
            "id": id,
            "type": "Schedule",
            "period": period,
            "startAt": "FIRST_ACTIVATION_DATE_TIME",
        }

    objects = [
        OFFICE,
        schedule("Often", writer),
        schedule("Seldom", reader),
        shell("Write", schedule={"ref": "Often"}),
        shell("Read", schedule={"ref": "Seldom"}, dependsOn={"ref": "Write"}),
    ]
    assert codes(*objects) == expected
    assert codes({**OFFICE, "scheduleType": "ondemand"}, *objects[1:]) == []
    data = {"id": "Data", "type": "S3DataNode", "filePath": "a", "schedule": {"ref": "Seldom"}}
    objects[3:] = [data, shell("Write", schedule={"ref": "Often"}, output={"ref": "Data"})]
    assert codes(*objects) == expected


def test_parameters() -> None:
    declared = [{"id": "myCity"}, {"id": "*myPassword"}, {"id": "myDefault", "default": "a"}]
    command = (
        "#{myCity} #{*myPassword} #{myPassword} #{myOwn} #{node.myOther} #{'myText' + myDefault}"
    )
    assert codes(OFFICE, shell(command=command, myOwn="b"), parameters=declared) == []
    found = said(OFFICE, shell(command="#{format(myCty, 'myText')} #{myNone}"), parameters=declared)
    assert [(one.code, one.span.text, one.hint()) for one in found] == [
        ("P538", "myCty", "did you mean `myCity`?"),
        ("P538", "myNone", 'declare it: `{"id": "myNone"}`'),
    ]
    assert (
        codes(OFFICE, shell(), parameters=declared, values={"myCity": "a", "*myPassword": "b"})
        == []
    )
    assert codes(OFFICE, shell(), parameters=declared, values={"myCty": "a"}) == ["P534"]


def test_attributes_of_parameters() -> None:
    for attribute, value, code in (
        ("type", "Integer", ""),
        ("type", "AWS::S3::ObjectKey", ""),
        ("type", "Text", "P532"),
        ("descriptoin", "a", "P528"),
        ("isArray", "true", ""),
        ("isArray", "many", "P532"),
        ("myComment", "a", ""),
    ):
        found = codes(OFFICE, parameters=[{"id": "myA", attribute: value}])
        assert found == ([code] if code else [])


def test_duplicate_ids() -> None:
    assert codes(OFFICE, shell(), shell()) == ["P525"]
    assert codes(OFFICE, parameters=[{"id": "myA"}, {"id": "*myA"}]) == ["P525"]
    assert codes({"id": "é" * 128, "type": "CSV"}) == []
    assert codes({"id": "é" * 129, "type": "CSV"}) == ["P533"]


def test_a_circle_of_parents_is_told_once() -> None:
    objects = [{"id": f"A{n}", "parent": {"ref": f"A{(n + 1) % 3}"}} for n in range(3)]
    [found] = said(*objects, {"id": "In", "type": "CSV", "parent": {"ref": "A1"}})
    assert found.text().endswith("`A0` -> `A1` -> `A2` -> `A0`")
    assert codes({"id": "Default", "parent": {"ref": "Default"}}) == ["P537"]
    [found] = said({"id": "Default", "parent": {"ref": "A"}}, {"id": "A"})
    assert found.code == "P537"


def test_what_was_built_and_not_read_is_checked_too() -> None:
    made = Object(NOWHERE, "Mail", "Mail", "ShellCommand", NOWHERE, ())
    report = Report()
    check_definition(Definition(Source("", ""), "shop", (made,), (), {}), report)
    assert [one.code for one in report.found] == ["P527"]
