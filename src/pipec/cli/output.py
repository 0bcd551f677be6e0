"""The output folder: what compiling changes in it, and the change itself, all at once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from pipec.cli.arguments import Misuse
from pipec.cli.origin import Origin, origin
from pipec.cli.project import Project
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.source import NOWHERE

State = Literal["new", "changed", "stale", "same", "doubtful"]


@dataclass(frozen=True)
class Change:
    """What becomes of one file. `doubtful` ones are left alone: another project may own them."""

    path: str
    state: State
    before: str = ""
    after: str = ""
    source: str = ""
    """Of what is stale or doubtful: the pipeline file that it was made from."""


def changes(
    project: Project, folder: str, files: Mapping[str, str], report: Report, ending: str = ".py"
) -> tuple[Change, ...]:
    """What has to change in `folder` so that it holds `files`, and nothing made from what is gone.

    Only files that begin as pipec's do are ever replaced or removed; anything else in the place
    of one is reported. Files of another `ending` are those of another target.
    """
    there = folder
    while there and not os.path.lexists(there):
        there = os.path.dirname(there)
    if there and not os.path.isdir(there):
        raise Misuse(f"the output cannot go to `{folder}`: `{there}` is no folder")
    found = [_change(os.path.join(folder, name), text, report) for name, text in files.items()]
    found += _left_over(project, folder, files, ending)
    return tuple(sorted(found, key=lambda one: one.path))


def write(found: Iterable[Change]) -> None:
    """Make the changes. Files are written beside their place first: all of them, or none, move."""
    wanted = [one for one in found if one.state in ("new", "changed")]
    moves: list[tuple[str, str]] = []
    try:
        for one in wanted:
            moves.append((f"{one.path}.{os.getpid()}.unfinished", one.path))
            _put(one, *moves[-1])
    except OSError as error:
        for unfinished, _ in moves:
            with suppress(OSError):
                os.remove(unfinished)
        reason = (error.strerror or str(error)).lower()
        raise Misuse(f"`{moves[-1][1]}` cannot be written: {reason}; nothing was changed") from None
    for unfinished, path in moves:
        os.replace(unfinished, path)
    for one in found:
        if one.state == "stale":
            os.remove(one.path)


def _put(one: Change, unfinished: str, path: str) -> None:
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(unfinished, "w", encoding="utf-8", newline="") as file:
        file.write(one.after)
    if one.state == "changed":
        os.chmod(unfinished, stat.S_IMODE(os.stat(path).st_mode))


def _change(path: str, text: str, report: Report) -> Change:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        if os.path.islink(path):
            report.add(NotOurs(NOWHERE, path))
        return Change(path, "new", after=text)
    except OSError:
        report.add(NotOurs(NOWHERE, path))
        return Change(path, "same")
    if content == text.encode():
        return Change(path, "same")
    before = content.decode(errors="replace")
    if origin(os.path.basename(path), before) is None:
        report.add(NotOurs(NOWHERE, path))
    return Change(path, "changed", before, text)


def _left_over(
    project: Project, folder: str, files: Mapping[str, str], ending: str
) -> Iterator[Change]:
    """The files of pipec's in `folder` that nothing of the project makes any more."""
    try:
        names = sorted(one.name for one in os.scandir(folder) if one.is_file(follow_symlinks=False))
    except FileNotFoundError:
        return
    for name in names:
        if name in files or not name.endswith(ending):
            continue
        path = os.path.join(folder, name)
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            continue
        made = origin(name, text)
        if made is None or not _is_asked(project, made):
            continue
        sure = made.source in project.asked or _is_here(project, folder, made)
        yield Change(path, "stale" if sure else "doubtful", before=text, source=made.source)


def _is_asked(project: Project, made: Origin) -> bool:
    """Whether the PATHs cover the source, be it there or gone."""
    if made.source in project.files:
        return made.source in project.asked
    place = project.path(made.source)
    return any(place == root or place.startswith(os.path.join(root, "")) for root in project.roots)


def _is_here(project: Project, folder: str, made: Origin) -> bool:
    """Whether a source that is gone can only have been one of this project.

    A name says nothing about the project it is from, and several may share an output folder. So
    the folder must lie in the project or beside it, and no neighbour may have a file of that name.
    """
    home = os.path.realpath(project.folder)
    beside = os.path.dirname(home)
    output = os.path.realpath(folder)
    if " " in made.source or not output.startswith(os.path.join(beside, "")) or beside == os.sep:
        return False
    neighbours = [
        one.path for place in (beside, home) for one in os.scandir(place) if _is_folder(one)
    ]
    parts = made.source.split("/")
    return not any(os.path.exists(os.path.join(one, *parts)) for one in (beside, *neighbours))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # A link that leads back to itself.
        return False


@diagnostic
class NotOurs(Diagnostic):
    """A file stands where a compiled one has to go, and it was not made by pipec.

    pipec replaces and removes only what begins as its own files do: with a docstring that says
    from which pipeline it was made. Anything else it leaves alone, and then writes nothing at all.
    """

    code = "P036"
    title = "Not a file of pipec's"
    message = "`{path}` was not made by pipec, and a compiled file has to go there"
    help = "move it away, rename the pipeline, or choose another folder with `-o`"

    path: str
