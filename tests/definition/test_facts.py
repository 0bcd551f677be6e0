"""The catalogue of types and fields: what it says is what the service's documentation says."""

from __future__ import annotations

import pytest

from pipec.definition.catalogue import catalogue
from pipec.definition.periods import Period, period


def test_holds_all_types() -> None:
    types = catalogue().types
    assert len(types) == 41
    assert {one.category for one in types.values()} == {
        *("activity", "datanode", "resource", "precondition", "database", "dataformat"),
        *("action", "schedule", "utility", "resource-support"),
    }
    assert catalogue().of_category("resource") == ("Ec2Resource", "EmrCluster")


def test_holds_all_fields() -> None:
    fields = [field for type_ in catalogue().types.values() for field in type_.fields.values()]
    # 1273 rows of tables, 13 that only samples have, 15 of types that only examples have; 4 that
    # their own rows forbid are not among them.
    assert len(fields) == 1273 - 4 + 13 + 15
    assert {one.slot for one in fields} == {
        *("text", "boolean", "integer", "double", "period", "datetime", "reference"),
    }


def test_every_type_named_anywhere_is_there() -> None:
    types = catalogue().types
    for type_ in types.values():
        for field in type_.fields.values():
            assert set(field.to) <= types.keys()
        for names in (*type_.one_of, *type_.not_both):
            assert set(names) <= type_.fields.keys()
        assert type_.replaced_by in {"", *types}


def test_some_of_what_it_says() -> None:
    types = catalogue().types
    copy = types["CopyActivity"]
    assert copy.one_of == (("runsOn", "workerGroup"),)
    assert copy.fields["input"].to == ("S3DataNode", "SqlDataNode", "MySqlDataNode")
    assert copy.fields["input"].list
    assert copy.fields["schedule"].to == ("Schedule",)
    assert copy.fields["@scheduledStartTime"].by_service
    assert copy.fields["failureAndRerunMode"].one_of == ("cascade", "none")
    assert copy.fields["onFail"].to == ("SnsAlarm", "Terminate")
    assert copy.fields["maximumRetries"].most == "5"
    assert types["JdbcDatabase"].fields["*password"].secret
    assert types["EmrCluster"].fields["terminateAfter"].slot == "period"
    assert types["MySqlDataNode"].replaced_by == "SqlDataNode"
    assert "runsOn" not in types["Ec2Resource"].fields
    assert types["S3KeyExists"].managed_by == "service"
    assert catalogue().limits["instances_into_object"] == 32


def test_of_objects_without_a_type_any_field_is_known() -> None:
    anywhere = catalogue().anywhere
    assert anywhere["schedule"].to == ("Schedule",)
    assert set(anywhere["runsOn"].to) == {"Ec2Resource", "EmrCluster"}
    assert anywhere["scheduleType"].one_of == ("cron", "ondemand", "timeseries")
    assert not anywhere["parent"].to


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15 minutes", Period(15, False)),
        ("1 Day", Period(1440, False)),
        ("2 weeks", Period(20160, False)),
        ("1 months", Period(1, True)),
        ("3 years", Period(36, True)),
        ("0 days", None),
        ("1 fortnight", None),
        ("day", None),
        ("-1 days", None),
    ],
)
def test_periods(text: str, expected: Period | None) -> None:
    assert period(text) == expected


@pytest.mark.parametrize(
    ("outer", "inner", "count"),
    [
        ("1 day", "1 hour", 24),
        ("1 month", "1 day", 31),
        ("1 year", "1 month", 12),
        ("1 hour", "1 day", 0),
        ("1 day", "15 minutes", 96),
    ],
)
def test_how_many_periods_fit(outer: str, inner: str, count: int) -> None:
    long, short = period(outer), period(inner)
    assert long is not None
    assert short is not None
    assert long.fits(short) == count
