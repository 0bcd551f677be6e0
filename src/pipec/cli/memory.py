"""What was clean before and has not changed since, so that no pipeline has to be read again.

A command that had nothing to complain about leaves a digest of all that it depended on: its words,
the pipelines, their scripts, what lies in the output folder, and pipec itself. When the digest is
the same, so is the result.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from pipec.cli.arguments import Arguments
from pipec.cli.project import SETTINGS, Project

MOST = 200
"""Results that are kept; the oldest go."""


@dataclass(frozen=True)
class Memory:
    """The place of one command in one project folder."""

    file: str
    """Empty for a user without a home: then nothing is kept."""
    projects: tuple[Project, ...]

    def recall(self) -> str | None:
        """What the command said last time; None when anything has changed since."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            with open(self.file, encoding="utf-8") as file:
                kept = json.load(file)
            if kept["digest"] == self._digest(kept["scripts"], kept["folders"]):
                return str(kept["said"])
        return None

    def keep(self, said: str, scripts: Iterable[str], folders: Iterable[str] = ()) -> None:
        """Remember what the command said, and what it has read besides the pipelines."""
        kept = {"said": said, "scripts": sorted(scripts), "folders": sorted(folders)}
        with suppress(OSError):  # A user whose home cannot be written to only waits longer.
            kept["digest"] = self._digest(kept["scripts"], kept["folders"])
            os.makedirs(os.path.dirname(self.file), exist_ok=True)
            unfinished = f"{self.file}.{os.getpid()}"
            with open(unfinished, "w", encoding="utf-8") as file:
                json.dump(kept, file)
            os.replace(unfinished, self.file)
            _forget(os.path.dirname(self.file))

    def _digest(self, scripts: Iterable[str], folders: Iterable[str]) -> str:
        found = hashlib.sha256()

        def take(name: str, path: str) -> None:
            try:
                if not os.path.isfile(path):
                    raise FileNotFoundError(path)
                with open(path, "rb") as file:
                    content = file.read()
            except OSError:
                content = b"\0"
            found.update(f"{name}\n{len(content)}\n".encode(errors="surrogatepass"))
            found.update(content)

        for project in self.projects:
            about = (project.folder, project.shown, project.roots, sorted(project.asked))
            found.update(repr(about).encode(errors="surrogatepass"))
            for name in (SETTINGS, *project.files):
                take(name, project.path(name))
        for path in scripts:
            take(path, path)
        for folder in folders:
            for path in compiled_files(folder):
                take(path, path)
        return found.hexdigest()


def memory(command: str, arguments: Arguments, projects: tuple[Project, ...]) -> Memory:
    """The memory of what `command` said, given these arguments, by this pipec."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if not os.path.isabs(home) or any(one.report.found for one in projects):
        return Memory("", projects)
    words = (command, os.getcwd(), arguments.operands, sorted(arguments.options.items()), _pipec())
    key = hashlib.sha256(repr(words).encode(errors="surrogatepass")).hexdigest()[:32]
    return Memory(os.path.join(home, "pipec", "clean", f"{key}.json"), projects)


def compiled_files(folder: str) -> list[str]:
    """The Python files in a folder, in the order of their names."""
    try:
        return sorted(one.path for one in os.scandir(folder) if one.name.endswith(".py"))
    except FileNotFoundError:
        return []


def _pipec() -> list[tuple[str, int, int]]:
    """What tells this pipec, and the libraries beside it, from any other."""
    from pipec.assets import ASSETS

    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folders = (package, str(ASSETS / "targets"), str(ASSETS / "grammar"))
    found = [one for folder in folders for one in _stamps(folder)]
    libraries = [path for path in sys.path if path.endswith("-packages") and os.path.isdir(path)]
    return sorted({*found, *((path, os.stat(path).st_mtime_ns, 0) for path in libraries)})


def _stamps(folder: str) -> Iterator[tuple[str, int, int]]:
    for entry in os.scandir(folder):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _stamps(entry.path)
        else:
            found = entry.stat()
            yield entry.path, found.st_mtime_ns, found.st_size


def _forget(folder: str) -> None:
    kept = sorted(os.scandir(folder), key=lambda one: one.stat().st_mtime_ns)
    for one in kept[:-MOST]:
        with suppress(OSError):
            os.remove(one.path)
