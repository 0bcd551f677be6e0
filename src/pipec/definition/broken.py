"""What is said of a file that is not the JSON it should be."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.source import Span


@diagnostic
class NotJson(Diagnostic):
    """The file is not JSON.

    Nothing else of it is read before this is mended: what was meant can only be guessed, and a
    guess may run for years.
    """

    code = "P500"
    title = "Not JSON"
    message = "{problem}"
    fails = """
        {"objects": [
          {"id": "Default" "scheduleType": "cron"}    # P500
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "scheduleType": "cron"}
        ]}
        """

    problem: str


@diagnostic
class RawCharacter(Diagnostic):
    """A line break, a tab or another control character stands in a text as it is.

    JSON wants it written as an escape, so that a text is on one line. The service's own tools
    refuse such a file too.
    """

    code = "P501"
    title = "Line break inside a text"
    message = "{what} stands in a text as it is"
    help = "write `{escape}` instead, with the text on one line"
    fails = """
        {"objects": [
          {"id": "Default", "myComment": "all jobs    # P501
           of the shop"}
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "myComment": "all jobs\\nof the shop"}
        ]}
        """

    what: str
    escape: str

    @classmethod
    def of(cls, span: Span, character: str) -> RawCharacter:
        """What is said of that character."""
        known = {
            "\n": ("a line break", "\\n"),
            "\t": ("a tab", "\\t"),
            "\r": ("a line break", "\\n"),
        }
        code = f"{ord(character):04x}"
        return cls(span, *known.get(character, (f"the character U+{code.upper()}", f"\\u{code}")))


@diagnostic
class TrailingComma(Diagnostic):
    """A comma stands between two entries, and none follows this one."""

    code = "P502"
    title = "Comma before the end"
    message = "nothing follows this comma but `{bracket}`"
    help = "leave it out"
    fails = """
        {"objects": [
          {"id": "Default", "scheduleType": "cron"},    # P502 ,
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "scheduleType": "cron"}
        ]}
        """

    bracket: str


@diagnostic
class CommentGiven(Diagnostic):
    """JSON has no comments.

    The custom in definitions is a field `myComment`: the service keeps all fields whose names
    start with `my`, and does nothing with them.
    """

    code = "P503"
    title = "Comment in JSON"
    message = "JSON has no comments"
    help = 'leave it out, or write it as a field: `"myComment": "..."`'
    fails = """
        {"objects": [
          // for all objects    # P503 // for all objects
          {"id": "Default", "scheduleType": "cron"}
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "myComment": "for all objects", "scheduleType": "cron"}
        ]}
        """


@diagnostic
class OtherQuotes(Diagnostic):
    """A text of JSON stands in straight double quotes.

    Single quotes are Python's or JavaScript's, and word processors make curved ones of straight
    ones.
    """

    code = "P504"
    title = "Other quotes"
    message = "`{quote}` does not quote a text in JSON"
    help = 'write `"` on both sides'
    fails = """
        {"objects": [
          {"id": 'Default', "scheduleType": "cron"}    # P504 'Default'
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "scheduleType": "cron"}
        ]}
        """

    quote: str


@diagnostic
class BareWord(Diagnostic):
    """A text stands in quotes. Without them JSON has numbers, `true`, `false` and `null` only.

    The service knows texts and references alone: numbers and `true` are quoted as well.
    """

    code = "P505"
    title = "Word without quotes"
    message = "`{word}` has no meaning in JSON without quotes"
    help = "{instead}"
    fails = """
        {"objects": [
          {"id": "Default", scheduleType: "cron"}    # P505 scheduleType
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "scheduleType": "cron"}
        ]}
        """

    word: str
    instead: str

    @classmethod
    def of(cls, span: Span, word: str) -> BareWord:
        """What is said of that word."""
        if word in ("NaN", "Infinity", "-Infinity", "undefined", "None", "nil"):
            return cls(span, word, "write the value, or leave the field out")
        shown = word if len(word) <= 60 else f"{word[:60]}..."
        return cls(
            span, shown, f'write `"{shown.lower() if word in ("True", "False") else shown}"`'
        )


@diagnostic
class EndsTooEarly(Diagnostic):
    """The file ends in the middle. A part of it is lost, or was never written."""

    code = "P506"
    title = "Ends too early"
    message = "the file ends, and the `{opened}` of line {line} is not closed"
    help = "get the whole file; if this is all of it, close what is open"

    opened: str
    line: int


@diagnostic
class SecondText(Diagnostic):
    """A file holds one definition, so it holds one JSON text."""

    code = "P507"
    title = "Second JSON text"
    message = "a second JSON text starts here"
    help = "put it into a file of its own"
    fails = """
        {"objects": [{"id": "Default", "scheduleType": "cron"}]}
        {"values": {"myCity": "Bern"}}    # P507 {
        """
    fixed = """
        {"objects": [{"id": "Default", "scheduleType": "cron"}]}
        """


@diagnostic
class ByteOrderMark(Diagnostic):
    """The file starts with a byte order mark, as some editors of Windows save UTF-8.

    It is skipped here. The AWS CLI refuses the file.
    """

    code = "P508"
    title = "Byte order mark"
    severity = "warning"
    message = "the file starts with a byte order mark, which other readers of JSON refuse"
    help = "save it as UTF-8 without one"
    fails = '\ufeff{"objects": [{"id": "Default", "scheduleType": "cron"}]}    # P508 \ufeff\n'
    fixed = '{"objects": [{"id": "Default", "scheduleType": "cron"}]}\n'


@diagnostic
class RepeatedKey(Diagnostic):
    """A key stands twice in an object. The AWS CLI takes the last and says nothing; so is read here.

    Often a list was meant: several steps are `"step": ["...", "..."]`, or the earlier are lost.
    """

    code = "P509"
    title = "Repeated key"
    severity = "warning"
    message = "`{key}` was given before, in line {line}; only this one counts"
    help = 'keep one, or write a list: `"{key}": [..., ...]`'
    fails = """
        {"objects": [
          {"id": "Default", "scheduleType": "cron",
           "scheduleType": "ondemand"}    # P509 "scheduleType"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "scheduleType": "ondemand"}
        ]}
        """

    key: str
    line: int
