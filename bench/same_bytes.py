"""Whether `pipec compile` writes the same bytes whatever the hash seed, the Python, the time zone."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from contenders.pipec import write_sources
from measure import ROOT, cost, environment
from workload import pipelines

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SEEDS = ("0", "1", "4242")
ZONES = ("UTC", "America/St_Johns")
AIRFLOWS = ("3.3", "3.0", "2.11")


def main() -> None:
    different = []
    with TemporaryDirectory(prefix="pipec-bench-") as name:
        work = Path(name)
        (work / "workload").mkdir()
        write_sources(work / "workload", list(pipelines(20)))
        sources = [work / "workload", *sorted(path for path in (ROOT / "examples").glob("*/"))]
        pythons = _pythons()
        first: dict[tuple[Path, str], dict[str, str]] = {}
        for number, (python, seed, zone) in enumerate(itertools.product(pythons, SEEDS, ZONES)):
            settings = {"PYTHONHASHSEED": seed, "TZ": zone, "XDG_CACHE_HOME": str(work / "cache")}
            for source, airflow in itertools.product(sources, AIRFLOWS):
                out = work / f"{number}" / source.name / airflow
                words = ("compile", str(source), "--airflow", airflow, "-o", str(out))
                cost((pythons[python], "-m", "pipec", *words), **settings)
                files = _digests(out)
                expected = first.setdefault((source, airflow), files)
                different += [
                    f"{source.name}, Airflow {airflow}: {file} under Python {python}, seed {seed}, {zone}"
                    for file in sorted({*files, *expected})
                    if files.get(file) != expected.get(file)
                ]
    compared = sum(map(len, first.values()))
    print(
        f"{compared} files, each under {len(pythons) * len(SEEDS) * len(ZONES)} conditions: ",
        end="",
    )
    print(f"Python {', '.join(pythons)}; hash seeds {', '.join(SEEDS)}; zones {', '.join(ZONES)}")
    if different or not compared:
        sys.exit("\n  ".join((f"not the same bytes, {len(different)} times:", *different[:10])))
    print("the same bytes")


def _pythons() -> dict[str, str]:
    """The Pythons at hand that pipec runs on, by version, each with what pipec needs."""
    found = {}
    for version in VERSIONS:
        kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"))
        for python in (f"python{version}", *map(str, kept)):
            if version not in found and _runs(python):
                found[version] = environment("dev", python)
    return found


def _runs(python: str) -> bool:
    try:
        return subprocess.run([python, "-c", ""], capture_output=True).returncode == 0
    except OSError:
        return False


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


if __name__ == "__main__":
    main()
