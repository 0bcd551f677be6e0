"""How long `pipec check` and `pipec compile` take, and whether that grows with the input only."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from contenders.pipec import write_sources
from measure import PIPEC, Cost, cost, in_turns
from workload import pipelines

IMPORTS = (sys.executable, "-c", "import lark, yaml")
SIZES = (100, 500, 2000)


def main() -> None:
    with TemporaryDirectory(prefix="pipec-bench-") as name:
        work = Path(name)
        for size in (1, *SIZES):
            (work / str(size)).mkdir()
            write_sources(work / str(size), list(pipelines(size)))
        # The tables of the grammars, which an installed pipec has from the start.
        cost((*PIPEC, "check", str(work / "1")), XDG_CACHE_HOME=str(work / "tables"))
        _one_file(work)
        _many(work)


def _one_file(work: Path) -> None:
    def check() -> Cost:
        return cost((*PIPEC, "check", str(work / "1")), XDG_CACHE_HOME=str(work / "tables"))

    costs = in_turns({"imports": lambda: cost(IMPORTS), "check": check}, repetitions=15)
    floor, found = costs["imports"], costs["check"]
    print("one small file, medians of 15")
    print(f"  import lark, yaml   {floor.wall * 1e3:6.0f} ms wall {floor.cpu * 1e3:6.0f} ms cpu")
    print(f"  pipec check         {found.wall * 1e3:6.0f} ms wall {found.cpu * 1e3:6.0f} ms cpu")
    print(
        f"  ratio               {found.wall / floor.wall:6.2f}         {found.cpu / floor.cpu:6.2f}"
        "            wanted: at most 2"
    )


def _many(work: Path) -> None:
    runs: dict[str, Callable[[], Cost]] = {}
    for size in SIZES:
        runs[f"{size} check"] = lambda size=size: _fresh(work, size, "check")
        runs[f"{size} cold"] = lambda size=size: _fresh(work, size, "compile")
        runs[f"{size} again"] = lambda size=size: _again(work, size)
    costs = in_turns(runs, repetitions=3)
    print("\npipelines of ten tasks, medians of 3, wall seconds (ms for each pipeline)")
    print("           check             compile, cold     compile, again")
    for size in SIZES:
        each = (costs[f"{size} {what}"].wall for what in ("check", "cold", "again"))
        print(f"  {size:5}" + "".join(f"{wall:8.2f} ({wall / size * 1e3:5.2f})  " for wall in each))
    print("    wanted                   500 under 2 s     500 under 0.3 s")


def _fresh(work: Path, size: int, command: str) -> Cost:
    """A run that finds nothing of an earlier one."""
    out, cache = work / f"out-{size}", work / f"cache-{size}"
    for folder in (out, cache):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(work / "tables", cache)
    words = ("-o", str(out)) if command == "compile" else ()
    return cost((*PIPEC, command, str(work / str(size)), *words), XDG_CACHE_HOME=str(cache))


def _again(work: Path, size: int) -> Cost:
    """The same compilation once more, with nothing changed."""
    out, cache = work / f"again-{size}", work / f"again-cache-{size}"
    command = (*PIPEC, "compile", str(work / str(size)), "-o", str(out))
    if not cache.exists():
        shutil.copytree(work / "tables", cache)
        cost(command, XDG_CACHE_HOME=str(cache))
    return cost(command, XDG_CACHE_HOME=str(cache))


if __name__ == "__main__":
    main()
