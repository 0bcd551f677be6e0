"""Two definitions are told apart where the service would do otherwise, and nowhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipec.definition.read import read_definition
from pipec.definition.values import Definition
from pipec.diagnostic import Report
from pipec.source import Source
from tests.definition.meaning import differences

DAILY = {
    "id": "Daily",
    "type": "Schedule",
    "period": "1 day",
    "startDateTime": "2026-01-01T00:00:00",
}
MAIL = {"id": "Mail", "type": "ShellCommandActivity", "command": "./mail", "workerGroup": "office"}
ORDERS = {"id": "Orders", "type": "S3DataNode", "filePath": "s3://shop/orders.csv"}
CLUSTER = {"id": "Cluster", "type": "EmrCluster"}


def built(*objects: dict[str, Any], **more: Any) -> Definition:
    text = json.dumps({"objects": objects, **more})
    report = Report()
    [found] = read_definition(Source("shop.json", text), report)
    assert report.found == []
    return found


def ref(id: str) -> dict[str, str]:
    return {"ref": id}


def apart(mine: list[dict[str, Any]], theirs: list[dict[str, Any]], **names: str) -> list[str]:
    """The differences, which are as many the other way round."""
    back = {it: id for id, it in names.items()}
    found = differences(built(*mine), built(*theirs), names)
    assert len(differences(built(*theirs), built(*mine), back)) == len(found)
    return found


def fields(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    return apart([{**base, **mine}], [{**base, **theirs}])


SCHEDULE = {"id": "It", "type": "Schedule"}
NODE = {"id": "It", "type": "S3DataNode"}
SHELL = {"id": "It", "type": "ShellCommandActivity"}
DYNAMO = {"id": "It", "type": "DynamoDBDataNode"}
TSV = {"id": "Tsv", "type": "TSV"}


@pytest.mark.parametrize(
    ("base", "field", "one", "same", "other"),
    [
        (SHELL, "failureAndRerunMode", "cascade", "CASCADE", "none"),
        (SHELL, "failureAndRerunMode", "none", None, "cascade"),
        (SHELL, "attemptTimeout", "60 minutes", "1 Hour", "2 hours"),
        (SHELL, "attemptTimeout", "12 months", "1 year", "365 days"),
        (SHELL, "attemptTimeout", "2", "2 hours", "2 minutes"),
        (SHELL, "reportProgressTimeout", "900 minutes", "15 hours", "15 minutes"),
        (SHELL, "reportProgressTimeout", "15 minutes", None, "16 minutes"),
        (SHELL, "maximumRetries", "2", " 02", "3"),
        (SHELL, "stage", "true", "TRUE", "false"),
        (SHELL, "stage", "true", ["true"], None),
        (SHELL, "command", "a", ["a"], "A"),
        (SHELL, "command", "a", ["a"], "a "),
        (SHELL, "command", "#{ @scheduledStartTime }", "#{@scheduledStartTime}", "@scheduledStartTime"),
        (SHELL, "command", "a#{format( minusDays(@scheduledStartTime,1), 'YYYY')}", "a#{format(minusDays(@scheduledStartTime, 1), \"YYYY\")}", "a#{format(minusDays(@scheduledStartTime, 2), 'YYYY')}"),
        (SHELL, "command", "a #{'b'} c", "a b c", "a b  c"),
        (SHELL, "command", "#{ 1 + }", "#{1 +}", "#{1 -}"),
        (SHELL, "scriptArgument", ["a", "b"], ["a", "b"], ["b", "a"]),
        (SHELL, "workerGroup", "office", "office", "Office"),
        (SHELL, "myComment", "a", "a", "b"),
        (SHELL, "*mySecret", "a", "a", "b"),
        (SHELL, "role", "DataPipelineDefaultRole", None, "DataPipelineDefaultResourceRole"),
        (CLUSTER, "resourceRole", "DataPipelineDefaultResourceRole", None, "DataPipelineDefaultRole"),
        (NODE, "directoryPath", "s3://shop/orders/", "s3://shop/orders", "s3://shop/order"),
        (NODE, "directoryPath", "s3://shop/#{myA}/", "s3://shop/#{ myA }", "s3://shop/#{myB}"),
        (NODE, "filePath", "s3://shop/orders", "s3://shop/orders", "s3://shop/orders/"),
        (NODE, "s3EncryptionType", "SERVER_SIDE_ENCRYPTION", None, "NONE"),
        (NODE, "s3EncryptionType", "none", "NONE", None),
        (DYNAMO, "readThroughputPercent", "0.50", "0.5", "0.51"),
        (NODE, "dependsOn", [ref("It"), ref("B")], [ref("B"), ref("It")], [ref("B")]),
        (SHELL, "input", [ref("A"), ref("B")], [ref("A"), ref("B")], [ref("B"), ref("A")]),
    ],
)  # fmt: skip
def test_values(base: dict[str, Any], field: str, one: Any, same: Any, other: Any) -> None:
    first, second, third = ({} if it is None else {field: it} for it in (one, same, other))
    assert fields(base, first, second) == []
    [found] = fields(base, first, third)
    assert found.startswith(f"{base['id']}: `{field}` is ")


@pytest.mark.parametrize(
    ("field", "one", "same", "other"),
    [
        ("startDateTime", "2026-01-01T00:00:00", "2026-01-01T00:00Z", "2026-01-01T00:00:01"),
        ("endDateTime", "2026-01-01T00:00", "2026-01-01T00:00:00.0", None),
        ("occurrences", "2", "02", "3"),
        ("startAt", "FIRST_ACTIVATION_DATE_TIME", "first_activation_date_time", None),
        ("period", "1 week", "7 Days", "8 days"),
    ],
)
def test_schedules(field: str, one: Any, same: Any, other: Any) -> None:
    def of(value: str | None, id: str) -> list[dict[str, Any]]:
        schedule = {"id": id, "type": "Schedule", **({field: value} if value else {})}
        return [{**MAIL, "schedule": ref(id)}, schedule]

    assert apart(of(one, "A"), of(same, "B")) == []
    [found] = apart(of(one, "A"), of(other, "B"))
    assert found.startswith(f"Mail: `schedule` (A, B in the other): `{field}` is `{one}`, and ")


def test_words_of_a_difference() -> None:
    assert fields(MAIL, {"stage": "true"}, {}) == [
        "Mail: `stage` is `true`, and not said in the other"
    ]
    assert apart([MAIL], [{**MAIL, "command": "./post"}]) == [
        "Mail: `command` is `./mail`, and `./post` in the other"
    ]
    assert fields(MAIL, {"*myKey": "a"}, {"*myKey": "b"}) == [
        "Mail: `*myKey` is a secret, and a secret of another value in the other"
    ]
    assert fields(MAIL, {"onFail": ref("No")}, {"onFail": ref("Nobody")}) == [
        "Mail: `onFail` is `No`, and `Nobody` in the other"
    ]


def test_names_of_activities_data_and_resources() -> None:
    uses = {**MAIL, "input": ref("Orders")}
    post = {**uses, "id": "Post", "name": "all my mail", "input": ref("Stock")}
    stock = {**ORDERS, "id": "Stock"}
    assert apart([uses, ORDERS], [post, stock], Mail="Post", Orders="Stock") == []
    assert apart([uses, ORDERS], [{**post, "id": "Mail"}, stock], Orders="Stock") == []
    assert apart([uses, ORDERS], [{**uses, "input": ref("Stock")}, stock, ORDERS]) == [
        "Mail: `input` is `Orders`, and `Stock` in the other",
        "Stock: only the other has this S3DataNode",
    ]
    assert apart([MAIL, ORDERS], [MAIL]) == ["Orders: the other has no S3DataNode `Orders`"]
    assert apart([MAIL], [{**MAIL, "type": "SqlActivity"}]) == [
        "Mail: it is a ShellCommandActivity, and a SqlActivity in the other"
    ]


def helpers(name: str, value: str = "b", **more: Any) -> list[dict[str, Any]]:
    hadoop = f"Hadoop{name}"
    return [
        {**CLUSTER, "configuration": [ref(f"Core{name}"), ref(hadoop)], **more},
        {"id": f"Core{name}", "type": "EmrConfiguration", "classification": "core-site"},
        {"id": hadoop, "type": "EmrConfiguration", "classification": "hadoop-env", "configuration": ref(f"Env{name}")},
        {"id": f"Env{name}", "type": "EmrConfiguration", "classification": "export", "property": ref(f"A{name}")},
        {"id": f"A{name}", "type": "Property", "key": "a", "value": value},
    ]  # fmt: skip


def test_helpers_are_what_they_say() -> None:
    assert apart(helpers("1"), helpers("2")) == []
    turned: Any = {"configuration": [ref("Hadoop2"), ref("Core2")]}
    assert apart(helpers("1"), helpers("2", **turned)) == []
    assert apart(helpers("1"), helpers("2", "c")) == [
        "Cluster: `configuration` (Hadoop1, Hadoop2 in the other): `configuration` (Env1, Env2 in"
        " the other): `property` (A1, A2 in the other): `value` is `b`, and `c` in the other"
    ]
    less: Any = {"configuration": ref("Core2")}
    assert apart(helpers("1"), helpers("2", **less)) == [
        "Cluster: `configuration` is EmrConfiguration `Core1`, EmrConfiguration `Hadoop1`, and"
        " EmrConfiguration `Core2` in the other"
    ]
    unused = {"id": "Nobody", "type": "CSV", "column": "a INT"}
    assert apart([MAIL, unused], [MAIL]) == []


def test_helpers_that_have_a_name_are_told_by_it() -> None:
    one, two = helpers("1"), helpers("2")
    assert apart(one, two, Core1="Core2") == []
    assert apart(one, [*two, {**two[1], "id": "Core3"}], Core1="Core3") == [
        "Cluster: `configuration` is EmrConfiguration `Core1`, EmrConfiguration `Hadoop1`, and"
        " EmrConfiguration `Core2`, EmrConfiguration `Hadoop2` in the other"
    ]


def test_helpers_that_lead_to_each_other_end() -> None:
    def circle(*ids: str, word: str = "a") -> list[dict[str, Any]]:
        following = dict(zip(ids, (*ids[1:], ids[0]), strict=True))
        return [
            {**CLUSTER, "configuration": ref(ids[0])},
            *(
                {"id": id, "type": "EmrConfiguration", "classification": word, "configuration": ref(to)}
                for id, to in following.items()
            ),
        ]  # fmt: skip

    assert apart(circle("A", "B"), circle("C", "D")) == []
    found = apart(circle("A", "B"), circle("C", "D", word="b"))[0]
    assert "`classification` is `a`, and `b` in the other" in found


def test_types_of_helpers() -> None:
    one: Any = [{**ORDERS, "dataFormat": ref("A")}, {"id": "A", "type": "CSV"}]
    two: Any = [{**ORDERS, "dataFormat": ref("A")}, {"id": "A", "type": "TSV"}]
    assert apart(one, two) == ["Orders: `dataFormat` (A): it is a CSV, and a TSV in the other"]
    assert apart([*two, {**TSV, "columnSeparator": "\t"}], two) == []
    assert apart(two, [two[0], {**TSV, "id": "A", "columnSeparator": "\t"}]) == []
    assert len(apart(two, [two[0], {**TSV, "id": "A", "columnSeparator": " "}])) == 1


def test_what_is_inherited() -> None:
    default = {"id": "Default", "scheduleType": "cron", "schedule": ref("Daily")}
    said = {**MAIL, "scheduleType": "CRON", "schedule": ref("Often")}
    often = {**DAILY, "id": "Often", "period": "24 hours"}
    assert apart([default, MAIL, DAILY], [said, often]) == []
    held = [
        {"id": "Held", "schedule": ref("Often"), "scheduleType": "cron"},
        {**MAIL, "parent": ref("Held")},
    ]
    assert apart([default, MAIL, DAILY], [*held, often]) == []
    late = {**default, "scheduleType": "timeseries"}
    assert apart([default, MAIL, DAILY], [late, MAIL, DAILY]) == [
        "Mail: `scheduleType` is `cron`, and `timeseries` in the other"
    ]
    assert len(apart([default, MAIL, DAILY], [MAIL, DAILY])) == 2


def test_what_a_type_does_not_know_is_nothing() -> None:
    default = {"id": "Default", "stage": "true", "jarUri": "s3://shop/a.jar"}
    assert apart([default, ORDERS], [ORDERS]) == []
    assert len(apart([default, MAIL], [MAIL])) == 1
    assert len(fields(ORDERS, {"stage": "true"}, {})) == 1


def test_fields_of_the_user_in_default() -> None:
    default = {"id": "Default", "myShop": "Bern"}
    alarm = {"id": "Alarm", "type": "SnsAlarm", "message": "a", "subject": "b"}
    mail = {**MAIL, "onFail": ref("Alarm")}
    own = {**mail, "myShop": "Bern"}
    assert apart([default, mail, alarm], [own, alarm]) == []
    assert len(apart([default, mail, alarm], [mail, alarm])) == 1
    told = {**alarm, "message": "#{myShop}"}
    [found] = apart([default, mail, told], [own, told])
    assert found.startswith("Mail: `onFail` (Alarm): `myShop` is `Bern`")


def given(command: str, id: str = "myA", **more: Any) -> Definition:
    values = {"values": {id: more.pop("value")}} if "value" in more else {}
    return built({**MAIL, "command": command}, parameters=[{"id": id, **more}], **values)


def test_parameters_mean_their_values() -> None:
    one = given("./#{myA}", value="mail")
    assert differences(one, built(MAIL), {}) == []
    assert differences(built(MAIL), one, {}) == []
    assert differences(one, given("./#{ myB }", "myB", default="mail"), {}) == []
    assert differences(one, given("./#{myA}", value="post"), {}) == [
        "Mail: `command` is `./mail`, and `./post` in the other"
    ]
    count = given("#{myA + 1}", value="1", type="Integer")
    assert differences(count, given("#{1 + 1}", "myB"), {}) == []  # fmt: skip
    assert len(differences(count, given("#{1 + 2}", "myB"), {})) == 1
    several = built({**MAIL, "scriptArgument": "#{myA}"}, parameters=[{"id": "myA"}], values={"myA": ["a", "b"]})  # fmt: skip
    assert differences(several, built({**MAIL, "scriptArgument": ["a", "b"]}), {}) == []
    assert len(differences(several, built({**MAIL, "scriptArgument": ["a", "c"]}), {})) == 1


def test_parameters_without_values_are_known_by_their_names() -> None:
    one, same = given("#{myA}"), given("#{myB}", "myB")
    assert differences(one, same, {}, params={"myA": "myB"}) == []
    assert differences(one, same, {}) == ["Mail: `command` is `#{myA}`, and `#{myB}` in the other"]
    assert differences(one, given("#{myB}", "myB", value="a"), {}, params={"myA": "myB"}) == [
        "parameter myA: it is given no value, and one in the other"
    ]
    typed = given("#{myB}", "myB", type="Integer", optional="false", description="b")
    assert differences(one, typed, {}, params={"myA": "myB"}) == [
        "parameter myA: `type` is not said, and `integer` in the other",
        "parameter myA: `description` is not said, and `b` in the other",
    ]
    assert differences(one, given("#{myA}", type="string"), {}) == []


def test_secrets_are_not_shown() -> None:
    one = given("#{*myA}", "*myA", value="hush")
    [found] = differences(one, given("#{*myA}", "*myA", value="quiet"), {})
    assert found == "Mail: `command` is `#{*myA}`, and `#{*myA}` of another value in the other"
    assert differences(one, given("#{myA}", "*myA", value="hush"), {}) == []
    assert differences(given("#{*myA}", "*myA"), given("#{myA}"), {}) == [
        "parameter *myA: is a secret, and is none in the other"
    ]


def test_what_is_allowed_is_not_looked_at() -> None:
    logs = {**MAIL, "pipelineLogUri": "s3://shop/logs", "stdout": "s3://shop/out"}
    pair = built(logs), built(MAIL)
    assert len(differences(*pair, {})) == 2
    assert len(differences(*pair, {}, allowed=[("*", "pipelineLogUri")])) == 1
    both = [("*", "pipelineLogUri"), ("ShellCommandActivity", "stdout")]
    assert differences(*pair, {}, allowed=both) == []
    one, two = helpers("1"), helpers("2", "c")
    assert differences(built(*one), built(*two), {}, allowed=[("Property", "value")]) == []
