"""`report`: what is wrong with it is found before it runs, and its texts stay what they are."""

from __future__ import annotations

import ast

import pytest

from tests.compiling import dag_files
from tests.reading import files, read

SHOP = """
pipeline: shop
params:
  nobody: {type: string, default: nobody}
  staff: {type: list(string), default: [ada@example.com, grace@example.com]}
  asked: {type: string, at: run}
schedules: {daily: on demand}
defaults: {schedule: daily}
connections: {db: postgres}
datanodes: {page: file /srv/page.html, other: file /srv/other.html, kept: sql db.kept}
activities:
  tell:
    report: Orders
    query: SELECT 1
    connection: db
"""


def said(more: str, page: str = "") -> list[tuple[str, str, str, str]]:
    """Code, underlined words, message and help of all that is said."""
    fields = "".join(f"    {line}\n" for line in more.splitlines())
    texts = {"shop.pipe.yaml": SHOP + fields, "page.html": page}
    found = read(texts)[1]
    return [(one.code, one.span.text, one.text(), one.hint()) for one in found]


@pytest.mark.parametrize(
    "mail",
    [
        "a@example.com",
        "a@example.com, b@example.com,",
        "[a@example.com, 'b@example.com, c@example.com']",
        "Ada Lovelace <a@example.com>",
        "'\"Lovelace, Ada\" <a@example.com>, b@localhost'",
        "a+b.c_d@ex-ample.co.uk",
        "ädä@müller.example",
        "${{ staff }}",
        "[owner@example.com, '${{ staff }}']",
        "${{ asked }}",
        "${{ asked }}@example.com",
    ],
)
def test_addresses(mail: str) -> None:
    assert said(f"mail: {mail}") == []


@pytest.mark.parametrize(
    ("mail", "words", "found"),
    [
        ("ada", "ada", "ada"),
        ("a@example.com, ada", "ada", "ada"),
        ("[a@example.com, ada@]", "ada@", "ada@"),
        ("a b@example.com", "a b@example.com", "a b@example.com"),
        ("<a@example.com", "<a@example.com", "<a@example.com"),
        ("mailto:a@example.com", "mailto:a@example.com", "mailto:a@example.com"),
        ("${{ nobody }}", "${{ nobody }}", "nobody"),
        ("a@b@c", "a@b@c", "a@b@c"),
    ],
)
def test_what_is_no_address(mail: str, words: str, found: str) -> None:
    advice = "write `name@example.com`, or `Name <name@example.com>`"
    message = f"`{found}` is not a mail address"
    assert said(f"mail: {mail}") == [("P441", words, message, advice)]


@pytest.mark.parametrize("mail", ["a@example.com;b@example.com", "a@example.com ada"])
def test_other_ways_to_divide_addresses(mail: str) -> None:
    [(code, words, _, advice)] = said(f"mail: {mail}")
    assert (code, words, advice) == ("P441", mail, "several addresses are divided by commas")


def test_no_address_has_two_lines() -> None:
    [(code, _, message, _)] = said('mail: "a@example.com\\nb@example.com"')
    assert (code, message) == ("P441", "`a@example.com b@example.com` is not a mail address")
    [(code, _, message, _)] = said('mail: "Ada\\nBcc: b <a@example.com>"')
    assert (code, message) == ("P441", "`Ada Bcc: b <a@example.com>` is not a mail address")
    assert said("mail: |\n  a@example.com,\n  b@example.com") == []


def test_other_mails() -> None:
    [(code, _, message, _)] = said('mail: ""')
    assert (code, message) == ("P201", "expected a mail address, found an empty text")
    [(code, _, message, _)] = said("mail: []")
    assert (code, message) == ("P201", "expected a mail address, found an empty list")
    [(code, _, message, _)] = said("mail: {to: a@example.com}")
    assert (code, message) == ("P201", "expected a list, each item a mail address, found a mapping")


@pytest.mark.parametrize(
    ("chart", "code", "words", "advice"),
    [
        ("bars views by region", "P440", "bars", "did you mean `bar`?"),
        ("Line views by region", "P440", "Line", "did you mean `line`?"),
        ("pie views by region", "P440", "pie", "did you mean `bar`?"),
        ("area views by region", "P440", "area", "did you mean `line`?"),
        ("radar views by region", "P440", "radar", "there are `bar`, `line`"),
        ("views by region", "P211", "region", "the form is `bar views by region`"),
        ("bar views of region", "P211", "of", "the form is `bar views by region`"),
        ("bar views by region, city", "P211", ",", "the form is `bar views by region`"),
        ("bar sum(views) by region", "P211", "(", "the form is `bar views by region`"),
        ("bar", "P211", "bar", "the form is `bar views by region`"),
    ],
)
def test_charts_that_are_none(chart: str, code: str, words: str, advice: str) -> None:
    [found] = said(f"chart: {chart}\nmail: a@example.com")
    assert (found[0], found[1], found[3]) == (code, words, advice)


@pytest.mark.parametrize(
    ("flow", "found"),
    [
        ("-> page", []),
        ("-> kept", [("P444", "kept", "a page cannot be kept here: `kept` is a table")]),
        (
            "-> page, other",
            [("P444", "other", "a page cannot be kept here: `page` has it already")],
        ),
        ("other", [("P443", "tell", "`tell` is neither kept nor mailed")]),
    ],
)
def test_places(flow: str, found: list[tuple[str, str, str]]) -> None:
    assert [one[:3] for one in said(f"flow: {flow}")] == found


@pytest.mark.parametrize(
    ("more", "words", "message"),
    [
        ("subject: Ours\nflow: -> page", "Ours", "`tell` is mailed to nobody"),
        (
            "chart: bar a by b\ntemplate: ./page.html\nmail: a@b.c",
            "bar a by b",
            "`page.html` has no `chart` in it",
        ),
    ],
)
def test_what_nobody_sees(more: str, words: str, message: str) -> None:
    assert said(more) == [("P445", words, f"nobody sees this: {message}", "")]


@pytest.mark.parametrize(
    ("query", "words", "found"),
    [
        ("", "query", "nothing"),
        ('" "', '" "', "an empty text"),
        ('{A: SELECT 1, B: ""}', '""', "an empty text"),
        ("{}", "{}", "an empty mapping"),
        ("[SELECT 1]", "[SELECT 1]", "a list"),
    ],
)
def test_queries_that_are_none(query: str, words: str, found: str) -> None:
    source = SHOP.replace("SELECT 1", query) + "    mail: a@example.com\n"
    told = [(one.span.text, one.text()) for one in read({"shop.pipe.yaml": source})[1]]
    assert told == [(words, f"expected a query, found {found}")]


@pytest.mark.parametrize(
    ("page", "words", "message"),
    [
        ("{{ title }}\n{% for a, b in tables[0].rows %}{{ loop.index }}{% endfor %}", "", ""),
        ("{{ start.year }}{{ end }}{{ chart }} ${{ range(3) | sum }} ${{ strat }}", "strat", "nothing gives it `strat`"),
        ("\n  {% for a in tables %}\n", "{% for a in tables %}", "Unexpected end of template"),
        ("a\n  {{ title | shout }} b \n", "{{ title | shout }} b", "No filter named 'shout'"),
        ("a\r\n{{ }}\r\n", "{{ }}", "Expected an expression, got 'end of print statement'"),
        ("{% extends 'base.html' %}", "{% extends 'base.html' %}", "a report has no other template beside it"),
        ("{{ title }} {{ tables[0].titel }} {{ my_title.title }}", "my_title", "nothing gives it `my_title`"),
        ("", "", ""),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", None, "it is nested too deeply"),
    ],
)  # fmt: skip
def test_templates(page: str, words: str | None, message: str) -> None:
    found = said("template: ./page.html\nmail: a@example.com", page)
    if not message:
        assert found == []
        return
    [(code, underlined, text, _)] = found
    assert code == "P442"
    assert text.startswith(f"jinja2 cannot render this: {message}")
    assert words is None or underlined == words


def test_a_template_is_no_text_of_ours() -> None:
    """What looks like an expression in it is jinja2's."""
    page = 'A "quoted" page\\ of {{ title }}: ${{ title }} {# note #} \'\'\' """ \r\n\t'
    made = dag_files(
        {
            "shop.pipe.yaml": SHOP + "    template: ./page.html\n    mail: a@example.com\n",
            "page.html": page,
        }
    )
    tree = ast.parse(made["shop.py"])
    constants = {
        one.targets[0].id: ast.literal_eval(one.value)
        for one in tree.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    }
    assert constants == {"PAGE_HTML": page}


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("dag.j2", "DAG_HTML"),
        ("1. page.html", "PAGE_1_HTML"),
        (".html", "PAGE__HTML"),
        ("report.html.j2", "REPORT_HTML"),
    ],
)
def test_a_template_takes_no_name_from_others(file: str, name: str) -> None:
    more = f"    template: {file}\n    mail: a@example.com\n"
    [made] = dag_files({"shop.pipe.yaml": SHOP + more, file: "own"}).values()
    assert f'\n{name} = "own"\n' in made


def test_names_of_columns_and_connections_are_no_templates() -> None:
    """They are arguments of functions, where Airflow renders nothing."""
    more = 'chart: bar "{{ ds }}" by "{% x"\n    smtp: "{{ ds }} \\"ü\\" %s"\n    mail: a@b.c\n'
    [made] = dag_files(files(SHOP + "    " + more)).values()
    [given] = [
        ast.unparse(one.value)
        for one in ast.walk(ast.parse(made))
        if isinstance(one, ast.keyword) and one.arg == "python_callable"
    ]
    assert given == (
        "partial(make_report, REPORT_HTML, draw=partial(draw_chart, 'bar', ['{{ ds }}'], '{% x'),"
        " send=partial(mail_report, smtp='{{ ds }} \"ü\" %s'))"
    )


def test_only_what_is_used_is_in_the_file() -> None:
    def functions(more: str) -> set[str]:
        [text] = dag_files(files(SHOP + more)).values()
        return {one.name for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)}

    kept, mailed = functions("    flow: -> page\n"), functions("    mail: a@example.com\n")
    assert {"make_report", "keep_page"} <= kept
    assert not {"draw_chart", "send_mail"} & kept
    assert {"make_report", "send_mail", "report_text"} <= mailed
    assert not {"draw_chart", "keep_page"} & mailed
