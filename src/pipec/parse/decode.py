"""The bytes of a file become text."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.source import Source


def decode(name: str, content: bytes, report: Report) -> Source | None:
    """The text of the file `name`; None when its bytes are not UTF-8."""
    try:
        return Source(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        readable = Source(name, content.decode("utf-8", errors="replace"))
        at = len(content[: error.start].decode("utf-8", errors="replace"))
        found = f"0x{content[error.start]:02x}"
        report.add(BadEncoding(readable.span(at, at + 1), found, _guess(content)))
        return None


def _guess(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[1:2] == b"\0":
        return "UTF-16"
    return "Latin-1 or Windows-1252"


@diagnostic
class BadEncoding(Diagnostic):
    """A pipeline file is UTF-8 text.

    A byte that UTF-8 does not have was found. Most often the file was saved by an editor in
    another encoding; save it again as UTF-8.
    """

    code = "P001"
    title = "Not UTF-8"
    message = "the byte {byte} does not occur in UTF-8 text"
    help = "the file looks like {guess}; save it as UTF-8"

    byte: str
    guess: str
