"""YAML text becomes a tree with positions; anchors and merge keys are resolved here."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import yaml

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.parse.traps import untrapped
from pipec.parse.unreadable import NulCharacter, explain_syntax_error
from pipec.source import Source, Span
from pipec.syntax import Mapping, Scalar, Sequence, Tree

DEEPEST = 64
"""How many collections may stand inside each other. No pipeline needs ten."""

MOST_NODES = 2_000_000
"""How many nodes a file may unfold to through its aliases."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(source: Source, report: Report) -> Tree | None:
    """What the YAML of `source` says; None when it is empty or cannot be read at all."""
    return build(Builder(source, report))


def build(builder: Builder) -> Tree | None:
    """What the YAML of the builder's source says, as that builder understands it."""
    source, report = builder.source, builder.report
    try:
        for event in yaml.parse(source.text, Loader=_LOADER):
            if not builder.take(event):
                return None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        report.add(explain_syntax_error(source, error))
        return None
    if builder.root is None or (isinstance(builder.root, Scalar) and builder.root.is_null):
        report.add(EmptyFile(source.span(0, 0)))
        return None
    return builder.root


class _Open:
    """A collection whose end was not seen yet."""

    __slots__ = ("anchor", "children", "is_mapping", "size", "start", "tag")

    def __init__(self, event: Any, start: int) -> None:
        self.anchor: str | None = event.anchor
        self.tag: Span | None = None
        self.is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.start = start
        self.children: list[Tree] = []
        self.size = 1


class Builder:
    """Builds the tree from parse events, without recursion: depth costs no stack."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source = source
        self.report = report
        self.root: Tree | None = None
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Tree, int]] = {}
        self.documents = 0

    def take(self, event: Any) -> bool:
        """Take in one event; False when reading on makes no sense."""
        match event:
            case yaml.ScalarEvent():
                tag = self._tag(event)
                self._add(self.tagged(tag, self._scalar(event)), 1, event.anchor)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.open.append(_Open(event, self._after_properties(event)))
                self.open[-1].tag = self._tag(event)
                if len(self.open) > DEEPEST:
                    self.report.add(NestedTooDeeply(self._span(event), DEEPEST))
                    return False
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                return self._close(event)
            case yaml.AliasEvent():
                return self._alias(event)
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents == 2:
                    self.report.add(SecondDocument(self._span(event)))
                    return self.root is None
        return True

    def _add(self, tree: Tree, size: int, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = (tree, size)
        if self.open:
            self.open[-1].children.append(tree)
            self.open[-1].size += size
        else:
            self.root = tree

    def _close(self, event: Any) -> bool:
        done = self.open.pop()
        span = self.source.span(done.start, self._end(done, event))
        tree: Tree
        if done.is_mapping:
            tree = Mapping(span, self._entries(done.children))
        else:
            tree = Sequence(span, tuple(done.children))
        if done.size > MOST_NODES:
            self.report.add(AliasBomb(span, done.size))
            return False
        self._add(self.tagged(done.tag, tree), done.size, done.anchor)
        return True

    def tagged(self, tag: Span | None, tree: Tree) -> Tree:
        """What `tree` means with that tag before it: here, tags mean nothing."""
        if tag is not None:
            self.report.add(TagGiven(tag, tag.text))
        return tree

    def _end(self, done: _Open, event: Any) -> int:
        # A block collection ends, for libyaml, where the next thing starts.
        end: int = event.end_mark.index
        return done.start + len(self.source.text[done.start : end].rstrip())

    def _entries(self, children: list[Tree]) -> tuple[tuple[Scalar, Tree], ...]:
        entries: dict[str, tuple[Scalar, Tree]] = {}
        merged: list[Mapping] = []
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.report.add(KeyNotText(key.span))
            elif key.value == "<<" and not key.quoted:
                merged += self._merge(value)
            elif key.value in entries:
                first = entries[key.value][0].span
                self.report.add(DuplicateKey(key.span, key.value, first.line))
            else:
                entries[key.value] = (key, _shown_at(key, value))
        for mapping in merged:
            for key, value in mapping:
                entries.setdefault(key.value, (key, value))
        return untrapped(self.source, tuple(entries.values()), self.report)

    def _merge(self, value: Tree) -> list[Mapping]:
        values = value.items if isinstance(value, Sequence) else (value,)
        wrong = [one for one in values if not isinstance(one, Mapping)]
        for one in wrong:
            if not (isinstance(one, Scalar) and one.broken):
                self.report.add(MergeOfNoMapping(one.span))
        return [one for one in values if isinstance(one, Mapping)]

    def _alias(self, event: Any) -> bool:
        if event.anchor not in self.anchors:
            span = self._span(event)  # Most likely a text was meant.
            self.report.add(UnknownAnchor(span, event.anchor))
            self._add(Scalar(span, span.text, True, broken=True), 1, None)
            return True
        tree, size = self.anchors[event.anchor]
        self._add(tree, size, None)
        return True

    def _scalar(self, event: Any) -> Scalar:
        start = self._after_properties(event)
        raw = self.source.text[start : event.end_mark.index]
        if event.style in ("|", ">"):
            raw = raw.rstrip()
        span = self.source.span(start, start + len(raw))
        value: str = event.value
        if "\0" in value:
            self.report.add(NulCharacter(span))
        lines = _lines(raw, start, value, event.style or "")
        return Scalar(span, value, bool(event.style), lines)

    def _tag(self, event: Any) -> Span | None:
        if not event.tag or event.tag == "!":
            return None
        start: int = event.start_mark.index
        found = _TAG.match(self.source.text, start)
        return self.source.span(*found.span(1)) if found else self.source.span(start, start)

    def _after_properties(self, event: Any) -> int:
        start: int = event.start_mark.index
        if event.anchor or event.tag:
            start += len(_PROPERTIES.match(self.source.text[start : event.end_mark.index])[0])  # type: ignore[index]
        return start

    def _span(self, event: Any) -> Span:
        return self.source.span(event.start_mark.index, event.end_mark.index)


def _shown_at(key: Scalar, value: Tree) -> Tree:
    """The value; where nothing stands after the key, it has the key's place, to be pointed at."""
    nothing = isinstance(value, Scalar) and not value.quoted and not value.value
    return replace(value, span=key.span) if nothing else value


_TAG = re.compile(r"(?:&\S*\s+)?(![^\s,\[\]{}]*)")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")


def _lines(raw: str, start: int, value: str, style: str) -> tuple[tuple[int, int], ...]:
    """Where the text of a scalar runs one to one with the file; empty when it does not."""
    if style in ("'", '"'):
        return ((0, start + 1),) if raw[1:-1] == value else ()
    if style == ">":
        return ()
    if style == "" and raw == value:
        return ((0, start),)
    pairs = []
    at = raw.find("\n") + 1 if style == "|" else 0
    done = 0
    for line in value.split("\n") if style == "|" else [part for part in raw.split("\n") if part]:
        line = line if style == "|" else line.strip()
        found = raw.find(line, at) if line else at
        if found < 0 or not value.startswith(line, done):
            return ()
        pairs.append((done, start + found))
        done += len(line) + 1
        following = raw.find("\n", found + len(line))
        at = following + 1 if following >= 0 else len(raw)
    return tuple(pairs)


@diagnostic
class EmptyFile(Diagnostic):
    """A pipeline file holds at least the name of its pipeline and one object."""

    code = "P002"
    title = "Empty file"
    message = "the file holds nothing"
    help = "a pipeline starts with `pipeline: NAME`"


@diagnostic
class DuplicateKey(Diagnostic):
    """A key stands once in a mapping.

    YAML readers take the last of two equal keys and say nothing, so that half of what was
    written is lost. We stop instead.
    """

    code = "P003"
    title = "Duplicate key"
    message = "`{key}` was given before, in line {line}"
    help = "keep one of them"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
            shell: echo post    # P003 shell
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
        """

    key: str
    line: int


@diagnostic
class NestedTooDeeply(Diagnostic):
    """Lists and mappings stand in each other deeper than any pipeline needs."""

    code = "P004"
    title = "Nested too deeply"
    message = "more than {deepest} lists and mappings stand inside each other here"
    help = "a closing `]` or `}}` is probably missing"

    deepest: int


@diagnostic
class AliasBomb(Diagnostic):
    """Aliases that hold aliases can unfold to more than any machine can hold.

    The file itself is small; what it stands for is not. Such a file is refused before
    anything is unfolded.
    """

    code = "P005"
    title = "Aliases unfold without end"
    message = "the aliases in here unfold to {size} nodes"
    help = "write out what they stand for"

    size: int


@diagnostic
class SecondDocument(Diagnostic):
    """One file holds one pipeline, so it holds one YAML document."""

    code = "P006"
    title = "Second document"
    message = "`---` starts a second document"
    help = "one file holds one pipeline: put the second into a file of its own"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities: {mail: {shell: echo mail}}
        ---    # P006 ---
        pipeline: stock
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities: {mail: {shell: echo mail}}
        """


@diagnostic
class UnknownAnchor(Diagnostic):
    """`*name` repeats what `&name` marked earlier in the same file."""

    code = "P007"
    title = "Unknown anchor"
    message = "no `&{name}` stands before this `*{name}`"
    help = "a text that starts with a star needs quotes"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: *star    # P007 *star
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: "*star"
        """

    name: str


@diagnostic
class TagGiven(Diagnostic):
    """YAML tags such as `!!str` or `!Ref` mean nothing here.

    What type a value has follows from the field it stands in, so no tag is needed: a text
    field keeps `no`, `012` and `1.10` as they are.
    """

    code = "P008"
    title = "YAML tag"
    message = "the tag `{tag}` means nothing here"
    help = "leave it out: the field decides what type the value has"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: !!str echo 12    # P008 !!str
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo 12
        """

    tag: str


@diagnostic
class KeyNotText(Diagnostic):
    """The key of a mapping is a word, not a list or a mapping."""

    code = "P009"
    title = "Key is no word"
    message = "a list or a mapping stands where a key is expected"
    help = "a text that starts with `[` or `{{` needs quotes"
    fails = """
        pipeline: shop
        activities:
          [mail]: {shell: echo}    # P009 [mail]
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail: {shell: echo}
        """


@diagnostic
class MergeOfNoMapping(Diagnostic):
    """`<<:` brings in the keys of another mapping, or of a list of mappings."""

    code = "P010"
    title = "Merge of something else"
    message = "`<<` takes a mapping, and this is none"
    help = "write `<<: *name`, where `&name` marks a mapping"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            <<: echo    # P010 echo
            shell: echo mail
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
        """
