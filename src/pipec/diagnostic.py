"""What a message to the user is, the catalogue of all of them, and the report that collects them.

A diagnostic is one class beside the check that reports it. Its docstring is what `pipec explain`
prints; `fails` is the example that shows the mistake, with a mark `# CODE text` (or
`# CODE`, for the whole line's value) on the line it is found in; `fixed` is the same
example without it. A test compiles both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeVar, dataclass_transform

from pipec.source import Span

Severity = Literal["error", "warning"]


@dataclass_transform(frozen_default=True)
class _Declared:
    """Lets type checkers read the annotations of a diagnostic as what it is made from."""


class Diagnostic(_Declared):
    """One mistake: where it is, what was found there, and the nearest thing that works.

    A subclass declares its fields by annotations, as a dataclass does; it is frozen and given
    its values by position or by name. (A real dataclass costs half a millisecond each when it
    is imported, and there are a hundred of them.)
    """

    code: ClassVar[str] = ""
    title: ClassVar[str] = ""
    severity: ClassVar[Severity] = "error"
    secret: ClassVar[bool] = False
    """True when nobody should see what stands at the span: it is shown as stars."""
    message: ClassVar[str] = ""
    """A format string over the fields: what was found."""
    help: ClassVar[str] = ""
    """A format string over the fields: what would work. Empty when the message says it all."""
    fails: ClassVar[str] = ""
    fixed: ClassVar[str] = ""

    span: Span

    def __init__(self, span: Span, *values: Any, **named: Any) -> None:
        names = [
            name
            for cls in reversed(type(self).__mro__[: type(self).__mro__.index(Diagnostic)])
            for name, type_ in cls.__dict__.get("__annotations__", {}).items()  # noqa: RUF063
            if "ClassVar" not in str(type_)
        ]
        defaults = {name: getattr(type(self), name) for name in names if hasattr(type(self), name)}
        given = {"span": span, **defaults, **dict(zip(names, values, strict=False)), **named}
        if given.keys() != {"span", *names} or len(values) > len(names):
            raise TypeError(f"{type(self).__name__} takes the values {names}, not {given}")
        vars(self).update(given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a diagnostic does not change: {name}")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), self.span))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text()!r} at {self.span!r})"

    def text(self) -> str:
        """The message, its holes filled."""
        return self.message.format_map(vars(self))

    def hint(self) -> str:
        """The help, its holes filled; may be empty."""
        return self.help.format_map(vars(self)).strip()


D = TypeVar("D", bound=type[Diagnostic])

CATALOGUE: dict[str, type[Diagnostic]] = {}
"""Every diagnostic class that was imported, by its code."""


def diagnostic(cls: D) -> D:
    """Make `cls` a diagnostic that is found in the catalogue under its code."""
    if not re.fullmatch(r"P\d{3}", cls.code) or cls.code in CATALOGUE:
        raise TypeError(f"{cls.__name__}: the code {cls.code!r} is taken or not of the form P123")
    CATALOGUE[cls.code] = cls
    return cls


@dataclass(slots=True)
class Report:
    """The diagnostics found so far. The only value of the compiler that grows."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, found: Diagnostic) -> None:
        """Keep `found`, unless the same was said of the same place before."""
        if found not in self.found[-50:]:
            self.found.append(found)

    @property
    def errors(self) -> int:
        """How many of the diagnostics are errors."""
        return sum(one.severity == "error" for one in self.found)

    def sorted(self) -> list[Diagnostic]:
        """All diagnostics, by file, then position, then code."""
        return sorted(
            self.found, key=lambda it: (it.span.source.name, it.span.start, it.span.end, it.code)
        )


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of `known` that `word` was most likely meant to be; empty when none is near."""
    import difflib  # Only those who made a mistake wait for it.

    choices = sorted(set(known))
    lower = {choice.lower() for choice in choices if _as_long(word.lower(), choice.lower())}
    close = difflib.get_close_matches(word.lower()[:200], lower, n=1, cutoff=0.6)
    same = [choice for choice in choices if choice.lower() in close]
    return difflib.get_close_matches(word[:200], same, n=1, cutoff=0)[0] if same else ""


def _as_long(word: str, choice: str) -> bool:
    """Whether one is not much longer than the other, unless it goes on where the other stops."""
    short, long = sorted((word, choice), key=len)
    return len(long) - len(short) <= max(1, len(short) // 3) or long.startswith(short)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A sentence that names the nearest of `known`; `otherwise` when none is near."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else otherwise


def listed(names: Iterable[str], most: int = 12) -> str:
    """The names in backticks, separated by commas; the first `most` of them."""
    every = list(names)
    shown = ", ".join(f"`{name}`" for name in every[:most])
    return f"{shown}, ... ({len(every)} in all)" if len(every) > most else shown


def counted(number: int, what: str) -> str:
    """So many of what `what` is one of: `1 schedule`, `3 schedules`."""
    return f"{number} {what}{'' if number == 1 else 's'}"
