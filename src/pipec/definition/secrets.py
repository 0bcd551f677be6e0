"""Where the secrets of definitions stand, so that no message shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipec.definition.values import Definition, Field
from pipec.diagnostic import Diagnostic
from pipec.source import Source, Span
from pipec.syntax import Scalar


def without_secrets(
    found: Iterable[Diagnostic], definitions: Iterable[Definition], sources: Iterable[Source]
) -> list[Diagnostic]:
    """The same, about sources of the same length with stars where a secret stands.

    Secrets are what fields and parameters hold whose names begin with a star, and the values of
    parameters that such fields use. In files that could not be read, they are looked for by eye.
    """
    spans = [it for one in definitions for it in _spans(one)]
    spans += [it for source in sources for it in _by_eye(source)]
    words = {it.text.strip("\"'") for it in spans}
    shown: dict[Source, Source] = {}
    for span in spans:
        there = shown.get(span.source, span.source)
        stars = re.sub(r"[^\r\n]", "*", span.text)
        text = there.text[: span.start] + stars + there.text[span.end :]
        shown[span.source] = Source(there.name, text)
    return [_without(one, shown, words) for one in found]


def _without(one: Diagnostic, shown: dict[Source, Source], words: set[str]) -> Diagnostic:
    source = shown.get(one.span.source)
    said: dict[str, Any] = {
        name: _starred(it, words) if isinstance(it, str) else it for name, it in vars(one).items()
    }
    if source is not None:
        said["span"] = Span(source, one.span.start, one.span.end)
    return type(one)(**said)


def _starred(text: str, words: set[str]) -> str:
    for word in words:
        if len(word) >= SHORTEST:
            text = text.replace(word, "*" * len(word))
    return text


SHORTEST = 4
"""A shorter one is found in every other word."""


def _spans(definition: Definition) -> Iterator[Span]:
    ids = {it.id for it in definition.parameters if it.secret}
    ids |= {it for it in definition.values if it.startswith("*")}
    for one in definition.objects:
        for field in one.fields:
            if field.key.value.startswith("*"):
                yield from _texts(field)
                ids |= {*re.findall(r"#\{\s*([\w*]+)\s*\}", field.text)}
    for parameter in definition.parameters:
        default = parameter.get("default")
        if parameter.id in ids and default is not None:
            yield from _texts(default)
    for id_ in ids:
        yield from (it.span for it in definition.values.get(id_, ()) if it.value)


def _texts(field: Field) -> Iterator[Span]:
    for one in field.values:
        if isinstance(one, Scalar) and one.value and "#{" not in one.value:
            yield one.span


def _by_eye(source: Source) -> Iterator[Span]:
    used = re.findall(r"""["']?\*\w+["']?\s*:\s*["']#\{\s*(\w+)\s*\}""", source.text)
    name = "|".join((r"\*\w+", *map(re.escape, sorted({*used}))))
    for pattern in _PATTERNS:
        for found in re.finditer(pattern.replace("NAME", name), source.text, re.IGNORECASE):
            if "#{" not in found["secret"]:
                yield source.span(*found.span("secret"))


_TEXT = r"""(?P<secret>"(?:[^"\\\n]|\\.)*"|[^\s"{}\[\],][^\n,{}]*)"""
_PATTERNS = (
    rf"""["']?(?:NAME)["']?\s*:\s*\[?\s*{_TEXT}""",
    rf"""["']?(?:key|id)["']?\s*:\s*["']?(?:NAME)["']?\s*,?\s*["']?stringValue["']?\s*:\s*{_TEXT}""",
    rf"""["']?stringValue["']?\s*:\s*{_TEXT}\s*,?\s*["']?(?:key|id)["']?\s*:\s*["']?(?:NAME)\b""",
    rf"""["']?id["']?\s*:\s*["']?(?:NAME)["']?[^{{}}]*?["']?default["']?\s*:\s*\[?\s*{_TEXT}""",
)
"""A secret behind its name, as the CLI has it; and beside it, as the API and templates do."""
