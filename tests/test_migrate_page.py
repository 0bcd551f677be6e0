"""`docs/migrate.md`: its example is what the commands write, its table what rows and reasons say.

`PIPEC_BLESS=1` rewrites both.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipec.cli import main
from pipec.definition.catalogue import catalogue
from pipec.targets.datapipeline.homes import homes
from pipec.targets.datapipeline.says import of_type

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "migrate.md"
MOVED = ROOT / "examples" / "moved"
NAME = "count_requests"
BLESS = bool(os.environ.get("PIPEC_BLESS"))


def test_the_example_is_what_the_commands_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(MOVED)
    assert main(["import", f"{NAME}.json", "-o", str(tmp_path)]) == 0
    pipeline = f"{NAME}.pipe.yaml"
    kept(MOVED / pipeline, (tmp_path / pipeline).read_text(encoding="utf-8"))
    assert main(["compile", ".", "--target", "datapipeline", "-o", str(tmp_path)]) == 0
    definition = (tmp_path / f"{NAME}.json").read_text(encoding="utf-8")
    kept(MOVED / "datapipeline" / f"{NAME}.json", definition)


def kept(file: Path, text: str) -> None:
    """Hold a file that is kept against what is made now."""
    if BLESS:
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_the_page_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    made = replaced(page, "example", "\n".join(example()))
    made = replaced(made, "fields", "\n".join(fields()))
    if BLESS:
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made


def replaced(page: str, what: str, text: str) -> str:
    """The page with other text between two marks."""
    first, last = f"<!-- {what}: made by the tests -->\n", f"<!-- end of the {what} -->"
    before, _, rest = page.partition(first)
    _, _, after = rest.partition(last)
    assert rest
    return f"{before}{first}{text}\n{last}{after}"


def example() -> Iterator[str]:
    """The definition, the pipeline, and the tasks of its Dag."""
    dag = (MOVED / "airflow" / f"{NAME}.py").read_text(encoding="utf-8")
    tasks = dag[dag.index("    # count_requests.pipe.yaml:") :]
    for title, language, text in (
        ("The definition", "json", (MOVED / f"{NAME}.json").read_text(encoding="utf-8")),
        ("The pipeline", "yaml", (MOVED / f"{NAME}.pipe.yaml").read_text(encoding="utf-8")),
        ("The tasks of its Dag", "python", tasks),
    ):
        yield f"{title}:\n\n```{language}\n{text.rstrip()}\n```\n"


def fields() -> Iterator[str]:
    """A table for each type; what many types share stands in one of its own."""
    every = homes()
    for name, found in every.items():
        facts = catalogue().types[name]
        kinds = [f"`{one.keyword}`" for one in of_type().get(name, ())]
        kind = " or ".join(dict.fromkeys(kinds)) or PARTS.get(facts.category, "")
        yield f"### {name}\n\n{kind}\n" if kind else f"### {name}\n"
        yield "| field | key, or why there is none |\n| --- | --- |"
        for field, home in found.items():
            yield f"| `{field}` | {home.key or f'not carried over: {home.why}'} |"
        yield ""


PARTS = {
    "schedule": "an entry of `schedules`",
    "database": "an entry of `connections`",
    "precondition": "a precondition under `when`",
    "resource-support": "not carried over",
}


def test_every_field_has_a_home() -> None:
    for name, facts in catalogue().types.items():
        found = homes()[name]
        assert found.keys() == {one.name for one in facts.writable}
        assert all(bool(it.key) != bool(it.why) for it in found.values())


def test_commands_of_the_page_are_commands() -> None:
    for line in re.findall(r"^pipec .*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE):
        assert main([line.split()[1], "--help"]) == 0
