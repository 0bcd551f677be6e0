"""What the README shows is what the compiler does."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from pipec.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return str(found)


def test_the_pipeline_is_the_example() -> None:
    assert block("yaml") == (ROOT / "examples/shop/shop.pipe.yaml").read_text(encoding="utf-8")


def test_the_dag_is_what_it_compiles_to(tmp_path: Path) -> None:
    assert main(["compile", str(ROOT / "examples/shop"), "-o", str(tmp_path)]) == 0
    assert block("python") == (tmp_path / "shop.py").read_text(encoding="utf-8")


def test_the_message_is_what_a_user_sees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = block("yaml").replace("after: count", "after: coutn")
    (tmp_path / "shop.pipe.yaml").write_text(text, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 1
    found = re.search(r"^    error\[P118\].*?(?=^\S|\Z)", README, re.DOTALL | re.MULTILINE)
    assert found is not None
    shown = capsys.readouterr().out.replace(f"{tmp_path}/", "").strip()
    assert textwrap.dedent(found[0]).strip() == shown
