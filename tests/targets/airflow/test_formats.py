"""What is written in a format is read again as it was, whatever stands in the rows; else it is not written."""

from __future__ import annotations

import contextlib
import csv
import io
import string
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from helpers.as_text import as_text
from helpers.from_dynamodb import from_dynamodb
from helpers.read_csv import read_csv
from helpers.read_dynamodb_export import read_dynamodb_export
from helpers.read_json import read_json
from helpers.read_regex import read_regex
from helpers.read_tsv import read_tsv
from helpers.to_dynamodb import to_dynamodb
from helpers.value_parser import value_parser
from helpers.write_csv import write_csv
from helpers.write_dynamodb_export import write_dynamodb_export
from helpers.write_json import write_json
from helpers.write_regex import write_regex
from helpers.write_tsv import write_tsv
from hypothesis import given
from hypothesis import strategies as st

Rows = list[list[str | None]]

ODD = [
    "",
    "\\",
    "\\N",
    "\r",
    "\n",
    "\r\n",
    '"',
    '""',
    ",",
    "\t",
    "|",
    "||",
    ";",
    "x;",
    "\ufeff",
    "\0",
]
ODD += [
    "{{ x }}",
    "{% raw %}",
    "é🦆",
    "\u2028",
    "\x85",
    "\x0b",
    " ",
    "NULL",
    "a\\",
    '"a',
    "!N",
    "!",
]
texts = st.none() | st.lists(st.sampled_from(ODD) | st.text(max_size=3), max_size=4).map("".join)


def tables(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[list[Any]]]:
    """Rows of one to three values each."""
    return st.integers(1, 3).flatmap(
        lambda width: st.lists(
            st.lists(values, min_size=width, max_size=width), min_size=1, max_size=4
        )
    )


MARKS = st.sampled_from(["\n", "\r\n", ";", ";;", "<>", "\x02", "|\n"])
SEPARATORS = st.sampled_from([",", "\t", "::", "\x01", " ", "*", "^", "-", "]"])


def again(read: Any, write: Any, rows: Rows, path: Path, **options: Any) -> Rows:
    """The rows, written and read."""
    names = list(string.ascii_lowercase[: len(rows[0])])
    columns = [[name, "string"] for name in names]
    given = {name: one for name, one in options.items() if name not in ("output", "pattern")}
    pattern = {"pattern": options["pattern"]} if "pattern" in options else {}
    output = {"output": options["output"]} if "output" in options else {}
    write(iter([names, *rows]), str(path), **given, **pattern, **output)
    found = list(read(str(path), columns=columns, **given, **pattern))
    assert found.pop(0) == names
    return [list(row) for row in found]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("formats") / "rows"


@given(rows=tables(texts), separator=SEPARATORS, end=MARKS, header=st.booleans())
def test_csv(rows: Rows, separator: str, end: str, header: bool, path: Path) -> None:
    options = {"separator": separator, "record_separator": end, "header": header}
    assert again(read_csv, write_csv, rows, path, **options) == rows


@given(rows=tables(st.text()), separator=st.sampled_from(",;|"), quoting=st.booleans())
def test_csv_of_others(rows: list[list[str]], separator: str, quoting: bool, path: Path) -> None:
    """What Python's csv writes is read, and what is written is read by it."""
    columns = [[name, "string"] for name in string.ascii_lowercase[: len(rows[0])]]
    written = io.StringIO()
    how = csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL
    csv.writer(written, delimiter=separator, quoting=how).writerows(rows)
    path.write_text(written.getvalue(), encoding="utf-8-sig", newline="")
    found = [
        [text or "" for text in row]
        for row in list(read_csv(str(path), columns, separator=separator))[1:]
    ]
    assert found == rows
    write_csv(iter([None, *rows]), str(path), separator=separator)
    text = path.read_text(encoding="utf-8-sig")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=separator, strict=True)) == rows, text


@given(
    rows=tables(texts),
    separator=SEPARATORS,
    end=MARKS.filter(lambda it: it != ";;"),
    escape=st.sampled_from("\\!~"),
    header=st.booleans(),
)
def test_without_quotes(
    rows: Rows, separator: str, end: str, escape: str, header: bool, path: Path
) -> None:
    options = {
        "separator": separator,
        "record_separator": end,
        "escape": escape,
        "header": header,
    }
    assert again(read_tsv, write_tsv, rows, path, **options) == rows


@given(rows=tables(texts), separator=SEPARATORS, end=MARKS)
def test_without_escape(rows: Rows, separator: str, end: str, path: Path) -> None:
    options = {"separator": separator, "record_separator": end, "escape": ""}
    ends = "\r\n" if end == "\n" else end
    strange = any(
        text is not None
        and (set(text) & set(separator + ends) or text == "\\N" or text[:1] == "\ufeff")
        for row in rows
        for text in row
    )
    if strange:
        with pytest.raises(ValueError, match="without an `escape`"):
            again(read_tsv, write_tsv, rows, path, **options)
    else:
        assert again(read_tsv, write_tsv, rows, path, **options) == rows


@given(rows=tables(texts), end=MARKS)
def test_regex(rows: Rows, end: str, path: Path) -> None:
    width = len(rows[0])
    pattern = ", ".join(["([^,]*)", "<(.*)>", "(?:at (\\d+))?"][:width])
    output = ", ".join(["{0}", "<{1}>", "{2}"][:width])
    options = {"pattern": pattern, "output": output, "record_separator": end}
    found: Rows = []
    with contextlib.suppress(ValueError):
        found = again(read_regex, write_regex, rows, path, **options)
    assert found in (rows, [])


def test_regex_of_ordinary_rows(path: Path) -> None:
    rows: Rows = [["a b", "1"], [None, "2"], ["é🦆", None], ["{{ x }}", "3"]]
    options = {"pattern": r"(.*)=(\d*)", "output": "{0}={1}"}
    assert again(read_regex, write_regex, rows, path, **options) == rows
    with pytest.raises(ValueError, match="row 2 would not be read again"):
        again(read_regex, write_regex, [["a", "1"], ["b", "x"]], path, **options)
    path.write_text("a=1\n\nb=x\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"row 2 of rows \(the pattern does not match 'b=x'\)"):
        list(read_regex(str(path), r"(.*)=(\d*)"))


@given(rows=tables(texts))
def test_json(rows: Rows, path: Path) -> None:
    assert again(read_json, write_json, rows, path) == rows


@given(rows=tables(texts))
def test_dynamodb_export(rows: Rows, path: Path) -> None:
    assert again(read_dynamodb_export, write_dynamodb_export, rows, path) == rows


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(value=VALUES)
def test_attributes_of_dynamodb(value: Any) -> None:
    assert from_dynamodb(to_dynamodb(value)) == value


@given(value=VALUES.filter(lambda it: not isinstance(it, bytes)))
def test_parts_as_json(value: Any) -> None:
    """All digits of a number stand there."""
    import json

    def plain(one: Any) -> Any:
        match one:
            case bytes():
                return one.hex()
            case list():
                return [plain(it) for it in one]
            case dict():
                return {name: plain(it) for name, it in one.items()}
        return one

    assert json.loads(as_text(value, True), parse_float=Decimal) == plain(value)


def test_line_ends_in_odd_places(path: Path) -> None:
    """At the end of a value and of a row, before and after what ends it, in files of every system."""
    some = ["\r", "\n", "\r\n", "\n\r", "\\\r", "\r\\", "", None]
    rows: Rows = [[one, other] for one in some for other in some]
    for end in ("\n", "\r\n", ";"):
        assert again(read_csv, write_csv, rows, path, record_separator=end) == rows
        assert again(read_tsv, write_tsv, rows, path, record_separator=end) == rows
    path.write_text("a\tb\\\r\n\\\nc\td\r\n", encoding="utf-8", newline="")
    assert list(read_tsv(str(path)))[1:] == [["a", "b\r"], ["\nc", "d"]]
    path.write_text("a\tb\rc\td\r\ne\tf", encoding="utf-8", newline="")
    assert list(read_tsv(str(path)))[1:] == [["a", "b"], ["c", "d"], ["e", "f"]]
    assert list(read_csv(str(path), separator="\t"))[1:] == [["a", "b"], ["c", "d"], ["e", "f"]]


def test_large_records_and_small_ones(path: Path) -> None:
    """Records do not end where a piece of the file does."""
    sizes = [0, 1, 65535, 65536, 65537, 3, 200_000, 131_072]
    rows: Rows = [["x" * size, "<", str(size)] for size in sizes]
    for end in ("<>", "|", "\r\n", "\n"):
        assert again(read_csv, write_csv, rows, path, record_separator=end) == rows
        assert again(read_tsv, write_tsv, rows, path, record_separator=end) == rows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a,b\n"c,d\ne,f\n', "row 2 of rows (a quote is not closed: '\"c,d\\ne,f\\n')"),
        ('a,b\n"c"d,e\n', "row 2 of rows (text after a quote that closes: '\"c\"d')"),
        ('"""a"" b",c\n"d" ,e', "row 2 of rows (text after a quote that closes: '\"d\" ')"),
        ("a,b\n\nc\n", "row 2 of rows is not [['x', 'string'], ['n', 'string']]: ['c'] (1 values for 2 columns)"),
    ],
)  # fmt: skip
def test_csv_that_is_none(text: str, said: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as error:  # noqa: PT011
        list(read_csv(str(path), [["x", "string"], ["n", "string"]]))
    assert str(error.value) == said


def test_quotes_inside_a_field_are_text(path: Path) -> None:
    path.write_text('5" disk,"6"" disk",a"b"\n', encoding="utf-8")
    assert list(read_csv(str(path)))[1:] == [['5" disk', '6" disk', 'a"b"']]


@pytest.mark.parametrize("packing", ["none", "gzip", "bzip2", "xz"])
def test_packed_files_are_known_by_their_content(packing: str, path: Path) -> None:
    ending = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz"}.get(packing, "")
    write_csv(iter([None, ["BZh9", "é"]]), str(path), compression=packing)
    write_csv(iter([None, ["BZh9", "é"]]), f"{path}{ending}")
    assert Path(f"{path}{ending}").read_bytes()[:3] == path.read_bytes()[:3]
    assert list(read_csv(str(path))) == [None, ["BZh9", "é"]]
    write_csv(iter([None, ["a"]]), f"{path}.d/", compression=packing)
    assert [one.name for one in Path(f"{path}.d").iterdir() if one.suffix == ending]
    write_csv(iter([None]), str(path), compression=packing)
    assert list(read_csv(str(path))) == [None]


EXPORT = [
    '{"id":{"n":"12345678901234567890.5"},"name":{"s":"é \\n"},"tags":{"sS":["a","b"]},"old":{"bOOL":true}}',
    'id\x03{"n":"2"}\x02name\x03{"s":"x y"}\x02tags\x03{"nS":["1","2.50"]}\x02old\x03{"nULLValue":true}',
    '{"Item":{"id":{"N":"3"},"tags":{"M":{"a":{"L":[{"N":"1.10"},{"NULL":true},{"B":"AP8="}]}}}}}',
    '{"id":{"n":4},"name":{"b":"AP8="},"tags":{"s":""},"old":{"n":"1"},"more":{"null":true}}',
    "",
]


def test_exports_of_dynamodb(path: Path) -> None:
    path.write_text("\r\n".join(EXPORT), encoding="utf-8")
    columns = [["name", "string"], ["id", "decimal"], ["tags", "json"], ["old", "boolean"]]
    assert list(read_dynamodb_export(str(path), columns)) == [
        ["name", "id", "tags", "old"],
        ["é \n", Decimal("12345678901234567890.5"), '["a", "b"]', True],
        ["x y", Decimal(2), "[1, 2.50]", None],
        [None, Decimal(3), '{"a": [1.10, null, "00ff"]}', None],
        ["00ff", Decimal(4), "", True],
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id":{"x":"1"}}', "X is no type of DynamoDB"),
        ('{"id":{"n":"one"}}', "ConversionSyntax"),
        ('{"id":"1"}', "'str' object has no attribute 'items'"),
        ('[{"id":{"n":"1"}}]', "'list' object has no attribute 'get'"),
        ("{id}", "Expecting property name"),
        ("id\x03{", "Expecting property name"),
    ],
)
def test_exports_that_are_none(line: str, said: str, path: Path) -> None:
    path.write_text(f'{{"id":{{"n":"1"}}}}\n\n{line}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 3 of rows: ") as error:
        list(read_dynamodb_export(str(path), [["id", "int"]]))
    assert said in str(error.value)
    assert repr(line)[1:-1] in str(error.value)


def test_items_as_emr_writes_them(path: Path) -> None:
    rows: list[Any] = [
        ["id", "name", "ok", "data", "tags"],
        [Decimal("1.50"), "é", True, b"\0\xff", '{"a": [1.10, true, null, "x"]}'],
        [None, "", None, None, None],
    ]
    kinds = ("decimal(5,2)", "string", "boolean", "binary", "json")
    columns = [list(pair) for pair in zip(rows[0], kinds, strict=True)]
    write_dynamodb_export(iter(rows), str(path), columns)
    assert path.read_text(encoding="utf-8").splitlines() == [
        '{"id":{"n":"1.50"},"name":{"s":"é"},"ok":{"bOOL":true},"data":{"b":"AP8="},'
        '"tags":{"m":{"a":{"l":[{"n":"1.10"},{"bOOL":true},{"null":true},{"s":"x"}]}}}}',
        '{"name":{"s":""}}',
    ]
    assert list(read_dynamodb_export(str(path), columns)) == rows


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("int", Decimal("5.00"), 5), ("int", "5", 5), ("int", 5.0, 5), ("bigint", True, 1),
        ("double", Decimal("0.1"), 0.1), ("decimal(10,2)", 0.1, Decimal("0.1")),
        ("boolean", 1, True), ("boolean", "F", False), ("boolean", Decimal(0), False),
        ("string", 5, "5"), ("string", Decimal("1.10"), "1.10"), ("varchar(3)", True, "true"),
        ("string", {"a": [Decimal("1.10")]}, '{"a": [1.10]}'), ("json", [], "[]"),
        ("date", date(2026, 1, 2), date(2026, 1, 2)), ("date", "2026-01-02", date(2026, 1, 2)),
        ("date", datetime(2026, 1, 2), date(2026, 1, 2)),
        ("timestamp", date(2026, 1, 2), datetime(2026, 1, 2)),
        ("timestamp", "2026-01-02 03:04:05.6", datetime(2026, 1, 2, 3, 4, 5, 600000)),
        ("timestamptz", "2026-01-02T03:04Z", datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
        ("binary", "00ff", b"\0\xff"), ("bytes", b"\0", b"\0"), ("string", b"\0", "00"),
        ("int", "", None), ("string", "", ""), ("date", None, None),
    ],
)  # fmt: skip
def test_values_of_columns(kind: str, given: Any, value: Any) -> None:
    found = value_parser(kind)(given)
    assert found == value
    assert type(found) is type(value) or isinstance(found, type(value))


@pytest.mark.parametrize(
    ("kind", "given"), [("int", 1.5), ("int", "1.5"), ("int", b"1"), ("boolean", 2), ("date", datetime(2026, 1, 2, 3)), ("double", "x"), ("decimal", "x")]
)  # fmt: skip
def test_values_of_no_column(kind: str, given: Any) -> None:
    with pytest.raises((ArithmeticError, LookupError, ValueError)):
        value_parser(kind)(given)
