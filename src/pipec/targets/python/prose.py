"""Comments and docstrings: any text, on lines of at most 88 columns."""

from __future__ import annotations

import re

from pipec.targets.python.characters import WIDTH, shown, width


def comment(text: str, indent: int = 0) -> str:
    """`text` as comment lines. The first comes without indentation, the others with theirs."""
    lines = [shown(line).replace("\\\\", "\\") for line in _lines(text)]
    # Python would read `coding:` in a comment at the top of a file as the file's encoding.
    lines = [re.sub(r"(?<=coding)(?=[:=])", " ", line) for line in lines]
    wrapped = [part for line in lines for part in _wrap(line, WIDTH - indent - 2)]
    return ("\n" + " " * indent).join(f"# {line}".rstrip() for line in wrapped)


def docstring(text: str, indent: int = 0) -> str:
    """`text` as a docstring. Its first line comes without indentation, the others with theirs."""
    line, *others = map(shown, _lines(text))
    others = [re.sub(r'"(?="")', r"\"", other) for other in others]
    line = line.lstrip()
    first = re.sub(r'^"|"(?="")', r"\"", line)
    closed = re.sub(r'"$', r"\"", first) if len(line) > 1 else first
    if not others and indent + width(closed) + 6 <= WIDTH:
        return f'"""{closed}"""'
    room = WIDTH - indent
    wrapped = _wrap(f'"""{first}', room)
    # `ruff format` would move an indented rest to the left, and closing quotes up to a single
    # line, unless the text starts below the opening quotes.
    if (others and _all_indented(others)) or (not others and len(wrapped) == 1):
        wrapped = ['"""', *_wrap(first, room)]
    wrapped += [part for line in others for part in _wrap(line, room)]
    margin = " " * indent
    return "\n".join([wrapped[0], *(f"{margin}{line}".rstrip() for line in [*wrapped[1:], '"""'])])


def _lines(text: str) -> list[str]:
    lines = re.split(r"\r?\n", text.expandtabs(4))
    return "\n".join(line.rstrip() for line in lines).strip("\n").split("\n")


def _all_indented(lines: list[str]) -> bool:
    return all(line.startswith(" ") for line in lines if line)


def _wrap(line: str, room: int) -> list[str]:
    """`line`, broken at blanks if it is too long, what follows indented like its beginning."""
    if width(line) <= room:
        return [line]
    lead = re.match(r" *(?:[-*] |\d+[.)] )?", line)
    start = line[: lead.end() if lead else 0][: room // 2]
    words = [part for word in line[len(start) :].split() for part in _cut(word, room - len(start))]
    lines = [start + words[0]]
    for word in words[1:]:
        if width(lines[-1]) + 1 + width(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(" " * len(start) + word)
    return lines


def _cut(word: str, room: int) -> list[str]:
    """The word, or parts of it that are short enough; an escape stays whole."""
    if width(word) <= room or "://" in word:
        return [word]
    parts = [""]
    for token in re.findall(r"\\(?:x..|u.{4}|U.{8}|.)|.", word):
        if width(parts[-1] + token) > room:
            parts.append("")
        parts[-1] += token
    return parts
