"""A text of SQL falls into the statements that the tools of its database would send."""

from __future__ import annotations

import pytest

from pipec.expression.tree import Name
from pipec.source import NOWHERE
from pipec.split import one_statement, split
from pipec.syntax import Scalar
from pipec.values import Splice, Text
from tests.airflow.test_texts import TEXTS

SCALAR = Scalar(NOWHERE, "", True)
DIALECTS = ("postgres", "redshift", "mysql", "oracle", "sqlserver", "standard")


def parts(words: str, dialect: str) -> list[str]:
    """The statements of a text without expressions."""
    return ["".join(map(str, one.pieces)) for one in split(Text((words,)), dialect)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_stands_in_quotes_and_comments_is_no_end(dialect: str) -> None:
    line = "SELECT 'a;b', \";\" FROM t -- c; d\nWHERE /* e; */ 1 = 1"
    more = "GO\n" if dialect == "sqlserver" else ""
    assert parts(f" {line};\n{more}-- nothing; here\n", dialect) == [
        f"{line};" if dialect == "sqlserver" else line
    ]
    for empty in ("", " \n", "-- only\n", "/* a\ncomment */", *([] if more else [";", " ;; \n"])):
        assert parts(empty, dialect) == []


@pytest.mark.parametrize("dialect", [one for one in DIALECTS if one != "sqlserver"])
def test_texts_stay_whole(dialect: str) -> None:
    statements = []
    for text in TEXTS:
        said = text.replace("\\", "\\\\") if dialect == "mysql" else text
        statements.append("INSERT INTO t VALUES ('" + said.replace("'", "''") + "')")
    assert parts(";\n".join(statements), dialect) == statements


def test_expressions_stay_in_their_statement() -> None:
    one, other = (Splice(Name((name,)), SCALAR, 0) for name in ("a", "b"))
    found = split(Text(("DELETE FROM ", one, "; INSERT INTO t VALUES ('", other, "');")), "mysql")
    assert [it.pieces for it in found] == [
        ("DELETE FROM ", one),
        ("INSERT INTO t VALUES ('", other, "')"),
    ]
    assert one_statement(Text(("SELECT 1;",)), "mysql").pieces == ("SELECT 1",)
    both = Text(("SELECT 1; SELECT 2",))
    assert one_statement(both, "mysql") is both


def test_mysql() -> None:
    routine = "CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; SELECT CASE 1 WHEN 1 THEN 2 END; END"
    assert parts(f"{routine};\nCALL p();", "mysql") == [routine, "CALL p()"]
    assert parts(f"DELIMITER //\n{routine}//\nDELIMITER ;\nCALL p();", "mysql") == [
        routine,
        "CALL p()",
    ]
    assert parts("SELECT 'it\\'s;', `a;b` # c;\n; SELECT 1--2;", "mysql") == [
        "SELECT 'it\\'s;', `a;b` # c;",
        "SELECT 1--2",
    ]
    assert parts("BEGIN; DELETE FROM t; COMMIT;", "mysql") == ["BEGIN", "DELETE FROM t", "COMMIT"]


def test_oracle() -> None:
    block = (
        "DECLARE n int; BEGIN IF 1 = 1 THEN n := 1; END IF; FOR i IN 1..2 LOOP NULL; END LOOP; END;"
    )
    assert parts(f"{block}\nDELETE FROM t;", "oracle") == [block, "DELETE FROM t"]
    assert parts(f"{block}\n/\nDELETE FROM t\n/\n", "oracle") == [block, "DELETE FROM t"]
    function = "CREATE OR REPLACE FUNCTION f RETURN int IS BEGIN RETURN 1; END f;"
    assert parts(f"{function}\n/\nSELECT f FROM dual;", "oracle") == [
        function,
        "SELECT f FROM dual",
    ]
    assert parts("SELECT q'[it's; fine]', Q'!a;!' FROM dual; SELECT 1 / 2 FROM dual", "oracle") == [
        "SELECT q'[it's; fine]', Q'!a;!' FROM dual",
        "SELECT 1 / 2 FROM dual",
    ]


def test_sql_server() -> None:
    batch = "DECLARE @n int = 1;\nINSERT INTO t VALUES (@n);"
    assert parts(f"{batch}\nGO\nSELECT ']', [a\nGO\nb];\n go \n", "sqlserver") == [
        batch,
        "SELECT ']', [a\nGO\nb];",
    ]


def test_redshift() -> None:
    routine = "CREATE PROCEDURE p() AS $$ BEGIN DELETE FROM t; END; $$ LANGUAGE plpgsql"
    assert parts(f"{routine}; CALL p();", "redshift") == [routine, "CALL p()"]
