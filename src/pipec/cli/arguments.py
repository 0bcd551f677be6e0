"""What may be typed after a command, and what was."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

# A hand-made reader: the one of the standard library takes a fifth of the time that checking a
# small file may take, words its help differently in each version of Python, and does not say
# which option was nearest.


class Misuse(Exception):  # noqa: N818 (it is no error of pipec's)
    """The command cannot be what the user meant; the text says why, and what would work."""


@dataclass(frozen=True)
class Option:
    """An option: what follows it (nothing, for a switch), and what it is for."""

    name: str
    value: str = ""
    doc: str = ""
    short: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    """True when it may be given several times, each time with another value."""


HELP = Option("--help", doc="Show this.", short="-h")


@dataclass(frozen=True)
class Arguments:
    """What was typed after a command."""

    operands: tuple[str, ...]
    options: dict[str, tuple[str, ...]]

    def has(self, name: str) -> bool:
        """Whether the option was given."""
        return name in self.options

    def one(self, name: str, otherwise: str = "") -> str:
        """The value of an option; `otherwise` when it was not given."""
        return self.options[name][-1] if name in self.options else otherwise

    def every(self, name: str) -> tuple[str, ...]:
        """All values of an option that may be given several times, in order."""
        return self.options.get(name, ())


@dataclass(frozen=True)
class Command:
    """A command: what it does, what it is given, which options it has."""

    name: str
    summary: str
    operands: str
    """`PATH...` for one or more, `PATH` for exactly one, `[CODE]` for at most one; or several."""
    options: tuple[Option, ...] = ()
    text: str = ""
    """What there is to know beyond the summary and the options."""

    def parse(self, words: Sequence[str]) -> Arguments:
        """What `words` say; Misuse when they say nothing that the command knows."""
        operands: list[str] = []
        options: dict[str, tuple[str, ...]] = {}
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if word == "--":
                operands += rest
                break
            if word.startswith("-") and word != "-":
                option, value = self._option(word, rest)
                before = options.get(option.name, ())
                if before and not option.many and before != (value,):
                    raise Misuse(f"`{option.name}` is given twice, with different values")
                options[option.name] = (*before, value) if option.many else (value,)
            else:
                operands.append(word)
        if HELP.name not in options:
            self._count(operands)
        return Arguments(tuple(operands), options)

    def help(self) -> str:
        """What `--help` prints."""
        rows = [(_heading(one), one.doc) for one in (*self.options, HELP)]
        width = max(len(heading) for heading, _ in rows) + 2
        lines = [f"pipec {self.name} {self.operands} [OPTION...]", "", *_wrapped(self.summary)]
        if self.text:
            lines += ["", *_wrapped(self.text)]
        lines.append("")
        for heading, doc in rows:
            first, *more = textwrap.wrap(doc, 98 - width - 2)
            lines.append(f"  {heading.ljust(width)}{first}")
            lines += [f"  {'':{width}}{line}" for line in more]
        return "\n".join(lines) + "\n"

    def _option(self, word: str, rest: list[str]) -> tuple[Option, str]:
        """The option that `word` names, and its value, taken from `rest` if it is not in `word`."""
        name, given, value = word.partition("=")
        if not word.startswith("--"):
            name, value = word[:2], word[2:].removeprefix("=")
            given = "=" if len(word) > 2 else ""
        option = next((it for it in (*self.options, HELP) if name in (it.name, it.short)), None)
        if option is None:
            raise Misuse(self._unknown(name))
        if not option.value:
            if given:
                raise Misuse(f"`{option.name}` takes no value, and `{word}` gives it one")
            return option, ""
        if not given:
            if not rest or (rest[0].startswith("--") and len(rest[0]) > 2):
                raise Misuse(f"`{name}` needs a value: {name} {option.value}")
            value = rest.pop(0)
        if option.choices and value not in option.choices:
            raise Misuse(f"`{option.name}` cannot be `{value}`: {choice(value, option.choices)}")
        if not value:
            raise Misuse(f"`{name}` needs a value: {name} {option.value}")
        return option, value

    def _unknown(self, name: str) -> str:
        names = [it.name for it in (*self.options, HELP)]
        return f"`pipec {self.name}` has no option `{name}`: {choice(name, names)}"

    def _count(self, operands: list[str]) -> None:
        kinds = [one.strip("[].") for one in self.operands.split()]
        least = sum(not one.startswith("[") for one in self.operands.split())
        if len(operands) < least:
            lacking = kinds[len(operands)]
            raise Misuse(
                f"`pipec {self.name}` needs a {lacking}: pipec {self.name} {self.operands}"
            )
        if len(operands) > len(kinds) and not self.operands.endswith("..."):
            raise Misuse(f"`pipec {self.name}` takes one {kinds[-1]}, not {len(operands)}")


def choice(word: str, known: Sequence[str]) -> str:
    """Which of `known` was probably meant, or which there are."""
    from pipec.diagnostic import did_you_mean, listed

    return did_you_mean(word, known, f"there are {listed(known, 20)}")


def _heading(option: Option) -> str:
    short = f"{option.short}, " if option.short else ""
    return f"{short}{option.name} {option.value}".rstrip()


def _wrapped(text: str) -> list[str]:
    """The paragraphs of `text`, at most 98 columns wide; indented lines stay as they are."""
    from inspect import cleandoc

    lines: list[str] = []
    for paragraph in cleandoc(text).split("\n\n"):
        if paragraph.startswith(" "):
            lines += paragraph.split("\n")
        else:
            lines += textwrap.wrap(" ".join(paragraph.split()), 98)
        lines.append("")
    return lines[:-1]
