"""What PostgreSQL is given instead of Redshift."""

from __future__ import annotations

import ast

import pytest

from pipec.formats._redshift import format_said
from pipec.targets.airflow.stand_in import for_postgres
from pipec.values import Text
from tests.compiling import compiled

LAYOUTS = [
    ("CREATE TABLE t (a int) distkey(a) sortkey(a, b);", "CREATE TABLE t (a int)  ;"),
    ("create temp table t (a int encode zstd distkey, b int sortkey)", "create temp table t (a int  , b int )"),
    ("CREATE TABLE t DISTSTYLE ALL COMPOUND SORTKEY (a) BACKUP NO AS SELECT 1", "CREATE TABLE t    AS SELECT 1"),
    ("CREATE TABLE t (a int) SORTKEY AUTO -- distkey(a)", "CREATE TABLE t (a int)  -- distkey(a)"),
    ("""CREATE TABLE t ("sortkey" text DEFAULT 'it''s distkey')""", None),
    ("SELECT distkey FROM t", None),
    ("CREATE TABLE t AS SELECT encode(x, 'hex') FROM y", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LAYOUTS)
def test_how_rows_are_laid_out_is_left_out(text: str, expected: str | None) -> None:
    assert for_postgres(Text((text,))).constant == (text if expected is None else expected)


def test_expressions_stay_where_they_are() -> None:
    text = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        connections: {wh: redshift, db: postgres}
        activities:
          x: {sql: "CREATE TABLE t_${{ start:%d }} DISTKEY (a) AS SELECT '${{ end:%d }} distkey'", connection: CONN}
        """
    first, last = (
        "{{ data_interval_X.strftime('%d') }}".replace("X", it) for it in ("start", "end")
    )
    layout = "DISTKEY (a)"
    for connection, local, kept in (("wh", True, ""), ("wh", False, layout), ("db", True, layout)):
        (made,) = compiled(text.replace("CONN", connection), local=local).files.values()
        texts = [it.value for it in ast.walk(ast.parse(made)) if isinstance(it, ast.Constant)]
        assert f"CREATE TABLE t_{first} {kept} AS SELECT '{last} distkey'" in texts


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("GZIP CSV IGNOREHEADER AS 1", "Csv , header gzip"),
        ("FORMAT AS CSV DELIMITER '|'", "Csv |"),
        ("delimiter as '\\t' escape", "Tsv \t \\"),
        ("DELIMITER ';' MAXERROR 10 BZIP2", "Tsv ; bzip2"),
        *(
            (it, "None")
            for it in ("", "ESCAPE", "CSV QUOTE '%'", "JSON 'auto'", "CSV IGNOREHEADER 2")
        ),
        *((it, "None") for it in ("NULL AS 'CSV'", "CSV GZIP BZIP2", "CSV ESCAPE")),
    ],
)
def test_options_of_copy_say_a_format(options: str, expected: str) -> None:
    found = format_said(options)
    said = [type(found).__name__ if found is not None else "None"]
    if found is not None:
        said += [getattr(found, "separator")]  # noqa: B009
        said += [getattr(found, "escape")] if getattr(found, "escape") else []  # noqa: B009
        said += ["header"] if getattr(found, "header") else []  # noqa: B009
        said += [found.compression] if found.compression != "none" else []  # type: ignore[attr-defined]
    assert " ".join(said) == expected
