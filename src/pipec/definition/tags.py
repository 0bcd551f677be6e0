"""The YAML of CloudFormation: its short tags stand for the functions that JSON spells out."""

from __future__ import annotations

from pipec.definition.functions import FUNCTIONS
from pipec.definition.shapes import NotADefinition
from pipec.definition.values import text
from pipec.diagnostic import Report
from pipec.parse.compose import Builder, build
from pipec.source import Source, Span
from pipec.syntax import Mapping, Tree


def parse_template(source: Source, report: Report) -> Tree | None:
    """What the YAML of `source` says: `!Ref x` as `Ref: x`, `!Sub x` as `Fn::Sub: x`."""
    if not source.text.strip():
        report.add(NotADefinition(source.span(0, 0), "an empty file"))
        return None
    return build(_Template(source, report))


class _Template(Builder):
    """Builds the tree of a template."""

    def tagged(self, tag: Span | None, tree: Tree) -> Tree:
        if tag is None or tag.text[1:] not in FUNCTIONS:
            return super().tagged(tag, tree)
        name = tag.text[1:]
        key = name if name in ("Ref", "Condition") else f"Fn::{name}"
        span = self.source.span(tag.start, max(tree.span.end, tag.end))
        return Mapping(span, ((text(key, tag), tree),))
