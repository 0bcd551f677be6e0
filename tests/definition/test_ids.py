"""Names of parameters as ids, and back."""

from __future__ import annotations

import itertools
import re

import pytest

from pipec.definition.ids import id_of, names_of
from pipec.lower.naming import RESERVED


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("lake", "myLake"),
        ("first_run", "myFirstRun"),
        ("s3_path", "myS3Path"),
        ("firstRun", "my_firstRun"),
        ("a_b", "my_a_b"),
        ("loc_1", "my_loc_1"),
        ("X", "my_X"),
        ("my_lake", "myMyLake"),
        ("myLake", "my_myLake"),
        ("x__y", "my_x__y"),
    ],
)
def test_a_name_has_an_id_that_leads_back(name: str, id: str) -> None:
    assert id_of(name) == id
    assert id_of(name, secret=True) == f"*{id}"
    assert names_of([id]) == {id: name}
    assert names_of([f"*{id}"]) == {f"*{id}": name}


def test_no_two_names_have_one_id() -> None:
    names = [
        first + "".join(rest)
        for first in "aBy"
        for size in range(6)
        for rest in itertools.product("aB_1", repeat=size)
    ]
    ids = {id_of(name): name for name in names}
    assert len(ids) == len(names)
    # The service takes no other ids.
    assert all(re.match(r"my[A-Z_]", id) for id in ids)
    assert all(names_of([id]) == {id: name} for id, name in ids.items())


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("myRDSUsername", "rds_username"),
        ("*myRedshiftPassword", "redshift_password"),
        ("myInputTsvFilesS3Loc_1", "input_tsv_files_s3_loc_1"),
        ("myEfsID", "efs_id"),
        ("my_", "param"),
        ("my", "my"),
        ("myÄ", "my"),
        ("my_2nd", "param_2nd"),
        ("My Thing.2", "my_thing_2"),
    ],
)
def test_an_id_of_others_has_a_readable_name(id: str, name: str) -> None:
    assert names_of([id]) == {id: name}


def test_every_id_has_a_name_of_its_own() -> None:
    ids = ["myRDSUser", "myRdsUser", "*myRdsUser", "myStart", "myLake", "myRDSUser"]
    assert names_of(ids, taken=["lake"]) == {
        "myRDSUser": "rds_user",
        "myRdsUser": "rds_user_2",
        "*myRdsUser": "rds_user_3",
        "myStart": "start_2",
        "myLake": "lake_2",
    }
    assert not set(names_of([f"my{it.title()}" for it in RESERVED]).values()) & set(RESERVED)
