"""Files of a size that nobody writes by hand."""

from __future__ import annotations

import time
from pathlib import Path

from tests.cli.conftest import SHOP, Pipec


def test_ten_thousand_activities(pipec: Pipec, home: Path) -> None:
    lines = [f"  a{n}: {{shell: echo {n}, after: a{n // 10}}}" for n in range(1, 10_000)]
    text = SHOP.partition("datanodes:")[0] + "activities:\n  a0: {shell: echo}\n" + "\n".join(lines)
    (home / "shop.pipe.yaml").write_text(text, encoding="utf-8")
    begin = time.process_time()
    assert pipec("compile", ".").status == 0
    took = time.process_time() - begin
    assert took < 40
    print(f"{took:.1f} s")


def test_five_megabytes(pipec: Pipec, home: Path) -> None:
    begin = time.process_time()
    for command in ("x" * 5_000_000, "echo a.b; " * 500_000):
        text = SHOP.replace("{shell: ./count,", f"{{shell: {command},")
        (home / "shop.pipe.yaml").write_text(text, encoding="utf-8")
        assert pipec("check", ".").status == 0
        (home / "shop.pipe.yaml").write_text(text.replace(": daily}", ": dayly}"), encoding="utf-8")
        found = pipec("check", ".")
        assert found.status == 1
        assert "P118" in found.out
        assert len(found.out) < 5_000
    assert time.process_time() - begin < 20
