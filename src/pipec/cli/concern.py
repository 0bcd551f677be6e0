"""Which other files of a project the files that were asked for rest on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pipec.cli.project import SETTINGS, Project
from pipec.compiler import Front, PipelineTwice
from pipec.diagnostic import Diagnostic

_BEFORE_DOT = re.compile(r"\b([A-Za-z]\w*)\.")


@dataclass(frozen=True)
class Concern:
    """What rests on what in a project."""

    project: Project
    front: Front

    def of(self, name: str) -> frozenset[str]:
        """The pipelines that the pipeline `name` rests on, and itself."""
        found = {name}
        unread = [name]
        while unread:
            for other in self._direct.get(unread.pop(), ()):
                if other not in found:
                    found.add(other)
                    unread.append(other)
        return frozenset(found)

    def is_about(self, one: Diagnostic) -> bool:
        """Whether a complaint is about a file that was asked for, or that one of them rests on."""
        name = one.span.source.name
        if name in self.project.asked or name not in self.project.files or name == SETTINGS:
            return True
        if isinstance(one, PipelineTwice):
            return one.file in self.project.asked | self._files
        return one.severity == "error" and name in self._files

    @cached_property
    def _files(self) -> frozenset[str]:
        asked = [it for it in self.front.pipelines if it.source.name in self.project.asked]
        names = {other for one in asked for other in self.of(one.name)}
        return frozenset(it.source.name for it in self.front.pipelines if it.name in names)

    @cached_property
    def _direct(self) -> dict[str, set[str]]:
        """For each pipeline, those that it mentions, and those that write its datanodes.

        A mention is read off the text: objects with mistakes are not there any more.
        """
        names = {one.name for one in self.front.pipelines}
        found = {
            one.name: (names & set(_BEFORE_DOT.findall(one.source.text))) - {one.name}
            for one in self.front.pipelines
        }
        for (owner, _), writers in self.front.links.producers.items():
            found[owner] |= {one.pipeline.name for one in writers} - {owner}
        return found
