"""The projects that the given PATHs belong to, and the files of each."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from pipec.cli.arguments import Misuse
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.source import NOWHERE, Source, Span

SETTINGS = "pipec.yaml"
ENDING = ".pipe.yaml"
_ALMOST = (".pipe.yml", ".pipe.YAML", ".pipe.YML", ".pipec.yaml", ".pipec.yml", ".pipe.yaml.txt")


@dataclass(frozen=True)
class Project:
    """A folder with pipelines. Files are named by their path from there, with `/` between."""

    folder: str
    """Absolute."""
    shown: str
    """The same folder, as the user would write it; empty for the one that the user is in."""
    has_settings: bool
    files: tuple[str, ...]
    """Every pipeline file, in the order of their names."""
    asked: frozenset[str]
    """Those of them that the PATHs cover."""
    roots: tuple[str, ...] = ()
    """The PATHs themselves, as absolute paths."""
    beside: tuple[str, ...] = ()
    """Pipeline files in the folders of these that are no part of the project, for want of settings."""
    report: Report = field(default_factory=Report, compare=False)
    """What was found while looking for the files."""

    def path(self, name: str) -> str:
        """Where the file `name` is."""
        return os.path.join(self.folder, *name.split("/"))

    def show(self, name: str) -> str:
        """The file `name`, as the user would write it."""
        return os.path.join(self.shown, *name.split("/"))


def find_projects(paths: tuple[str, ...]) -> tuple[Project, ...]:
    """The projects of `paths`: of each, the nearest folder above with a `pipec.yaml`.

    PATHs without one make up a project together: the folder that holds them all.
    """
    finds: dict[str, _Find] = {}
    for path in paths:
        folder, file = _existing(path)
        root = _root(folder)
        own = finds.setdefault(root, _Find())
        own.roots[os.path.join(folder, file) if file else folder] = None
        if file:
            own.files[os.path.join(folder, file)] = None
            continue
        empty = True
        for place, beneath in _walk(folder, root, own.report):
            found = finds.setdefault(beneath, _Find())
            found.files[place] = None
            if beneath != root:
                found.roots[beneath] = None
            empty = False
        if empty:
            own.report.add(NoPipelines(NOWHERE, path, ENDING))
    absolute = any(map(os.path.isabs, paths))
    return tuple(
        _project(root, found, absolute)
        for root, found in finds.items()
        if found.files or found.report.found
    )


@dataclass
class _Find:
    """What was found of one project so far."""

    roots: dict[str, None] = field(default_factory=dict)
    files: dict[str, None] = field(default_factory=dict)
    report: Report = field(default_factory=Report)


def _existing(path: str) -> tuple[str, str]:
    """The folder of a PATH, and the file in it if it is one."""
    try:
        found = os.stat(path)
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not os.path.islink(path):
            raise Misuse(f"there is no file or folder `{path}`") from None
        raise Misuse(f"`{path}` cannot be read: {_reason(error)}") from None
    except ValueError:
        raise Misuse(f"{path!r} cannot be the name of a file or folder") from None
    whole = os.path.abspath(path)
    if stat.S_ISDIR(found.st_mode):
        return whole, ""
    folder, name = os.path.split(whole)
    if name == SETTINGS:
        raise Misuse(f"`{path}` holds the settings of a project: name the folder that it is in")
    if not name.endswith(ENDING):
        raise Misuse(f"`{path}` is no pipeline: the name of a pipeline's file ends with `{ENDING}`")
    return folder, name


def _root(folder: str) -> str:
    """The nearest folder, from `folder` upwards, that has settings; empty if none has."""
    while not os.path.isfile(os.path.join(folder, SETTINGS)):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder


def _project(root: str, found: _Find, absolute: bool) -> Project:
    report = found.report
    every = dict(found.files)
    if root:
        folder = root
        if root not in found.roots:
            every |= {place: None for place, of in _walk(root, root, Report()) if of == root}
    else:
        folders = [one if os.path.isdir(one) else os.path.dirname(one) for one in found.roots]
        folder = os.path.commonpath(folders)
    shown = folder if absolute else os.path.relpath(folder)
    return Project(
        folder=folder,
        shown="" if shown == "." else shown,
        has_settings=bool(root),
        files=tuple(sorted(_name(place, folder) for place in every)),
        asked=frozenset(_name(place, folder) for place in found.files),
        roots=tuple(found.roots),
        beside=() if root else tuple(_beside(every, folder)),
        report=report,
    )


def _beside(places: Collection[str], folder: str) -> Iterator[str]:
    for one in sorted({os.path.dirname(place) for place in places}):
        with suppress(OSError):
            for name in sorted(os.listdir(one)):
                place = os.path.join(one, name)
                if name.endswith(ENDING) and not name.startswith(".") and place not in places:
                    yield _name(place, folder)


def _name(place: str, folder: str) -> str:
    return place[len(folder) :].lstrip(os.sep).replace(os.sep, "/")


def _walk(folder: str, root: str, report: Report) -> Iterator[tuple[str, str]]:
    """The pipeline files in `folder` and below, each with the folder of its project.

    Hidden folders are left out, and so are folders behind symbolic links: they may lead in circles.
    """
    unread = [(folder, root)]
    while unread:
        place, root = unread.pop()
        try:
            with os.scandir(place) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            report.add(CannotRead(_in_file(os.path.relpath(place, folder)), _reason(error)))
            continue
        if any(entry.name == SETTINGS and entry.is_file() for entry in entries):
            root = place
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and entry.name != "__pycache__":
                    unread.append((entry.path, root))
            elif entry.name.endswith(ENDING) and not entry.name.startswith("."):
                yield entry.path, root
            elif entry.name.endswith(_ALMOST):
                name = _name(entry.path, root or folder)
                report.add(NotRead(_in_file(name), entry.name, ENDING))


def read(project: Project, name: str, report: Report) -> Source | None:
    """The text of a file of the project; None, reported, when it cannot be read."""
    from pipec.parse import decode

    path = project.path(name)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # Reading from a pipe would wait for ever.
            report.add(CannotRead(_in_file(name), "not a regular file"))
            return None
        with open(path, "rb") as file:
            return decode(name, file.read(), report)
    except OSError as error:
        report.add(CannotRead(_in_file(name), _reason(error)))
        return None


def _in_file(name: str) -> Span:
    return Source(name, "").span(0, 0)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


@diagnostic
class CannotRead(Diagnostic):
    """A file or a folder of the project is there, and cannot be read.

    The system says why: it may be a folder with the name of a file, a symbolic link that leads
    nowhere or in circles, or something that this user may not read.
    """

    code = "P033"
    title = "Cannot be read"
    message = "the system says: {reason}"
    help = "let it be readable, or move it out of the project"

    reason: str


@diagnostic
class NoPipelines(Diagnostic):
    """A folder was given, and neither it nor any folder in it holds a pipeline.

    A pipeline stands in a file whose name ends with `.pipe.yaml`. Hidden folders, whose names
    begin with a dot, and folders behind symbolic links are not looked into.
    """

    code = "P034"
    title = "No pipelines"
    message = "no file below `{path}` has a name that ends with `{ending}`"
    help = "name another folder, or the file itself"

    path: str
    ending: str


@diagnostic
class NotRead(Diagnostic):
    """A file has a name almost like that of a pipeline, and is not read.

    Only files whose names end with `.pipe.yaml` are: other tools know them by that as well.
    """

    code = "P035"
    title = "File left out"
    severity = "warning"
    message = "`{name}` is not read: its name does not end with `{ending}`"
    help = "rename it, or move it out of the project"

    name: str
    ending: str
