"""Fields that name other things: references, flows, scripts."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import Any

from lark import Token, Tree

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.fields.forms import read_form, token_span
from pipec.fields.key import FieldType
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, expect_scalar, scalar, what
from pipec.fields.times import period_of
from pipec.grid import PLAIN, Counted, Over, Window
from pipec.source import Source
from pipec.syntax import Mapping, Scalar, Sequence
from pipec.syntax import Tree as Syntax
from pipec.values import Flow, Input, Ref, Script, Text, known

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
"""Most references are one name: there is nothing to parse."""


def reference(sort: str) -> FieldType:
    """The name of one thing of a sort (`datanode`, `schedule`, `connection` ...)."""

    def parsed(it: Scalar, reader: Reader) -> Ref | None:
        if _NAME.fullmatch(it.value):
            return Ref(it.value, it.span)
        form = read_form("names", it, reader)
        if form is None:
            return None
        if len(form.children) > 1:
            reader.report.add(
                WrongType(it.span, f"the name of one {sort}", f"{len(form.children)} names")
            )
            return None
        return Ref(it.value.strip(), it.span)

    return replace(scalar(f"name of a {sort}", parsed), sort=sort)


def _read_schedule(tree: Syntax, reader: Reader) -> Ref | None:
    if _describes_a_schedule(tree):
        reader.report.add(ScheduleInPlace(tree.span))
        return None
    found: Ref | None = _named_schedule.read(tree, reader)
    return found


def _describes_a_schedule(tree: Syntax) -> bool:
    """Whether a schedule stands there where its name should, in pipec's words or as others write it."""
    if isinstance(tree, Scalar):
        return _SCHEDULE.match(tree.value) is not None
    return isinstance(tree, Mapping) and any(
        key.value in ("every", "cron", "once") for key, _ in tree
    )


_SCHEDULE = re.compile(r"\s*((every|cron|once|on)\s+\S|@\w|([\d*/,-]+\s+){4})")
_named_schedule = reference("schedule")
schedule_name = replace(_named_schedule, read=_read_schedule)
"""The name of a schedule."""


def references(sort: str) -> FieldType:
    """Names of things of a sort: `a, b`, or a list."""

    def read(tree: Syntax, reader: Reader) -> tuple[Ref, ...] | None:
        if isinstance(tree, Sequence):
            every = [read(one, reader) for one in tree.items]
            return tuple(ref for one in every for ref in one or ()) if None not in every else None
        found = expect_scalar(tree, several, reader)
        it = reader.plain(found) if found else None
        if it is not None and _NAME.fullmatch(it.value):
            return (Ref(it.value, it.part(0, len(it.value))),)
        form = read_form("names", it, reader) if it else None
        if form is None or it is None:
            return None
        return tuple(_ref(it, token) for token in form.children if isinstance(token, Token))

    several = "names of activities" if sort == "activity" else f"names of {sort}s"
    return FieldType(several, read, sort)


def _ref(it: Scalar, token: Token) -> Ref:
    return Ref(str(token), token_span(it, token))


def _read_flow(tree: Syntax, reader: Reader) -> Flow | None:
    match tree:
        case Sequence():
            inputs = _all_inputs(tree.items, reader)
            return None if inputs is None else Flow(inputs, (), tree.span)
        case Mapping():
            return _long_flow(tree, reader)
        case Scalar():
            pass
    found = expect_scalar(tree, "a flow such as `orders -> report`", reader)
    it = reader.plain(found) if found else None
    form = read_form("flow", it, reader) if it else None
    if form is None or it is None:
        return None
    inputs_form, outputs_form = form.children
    outputs: tuple[Ref, ...] = ()
    if isinstance(outputs_form, Tree):
        outputs = tuple(_ref(it, one) for one in outputs_form.children if isinstance(one, Token))
    inputs = _inputs_of(inputs_form, it, reader)
    return None if inputs is None else Flow(inputs, outputs, it.span)


def _long_flow(tree: Mapping, reader: Reader) -> Flow | None:
    inputs: tuple[Input, ...] | None = ()
    outputs: tuple[Ref, ...] | None = ()
    whole = True
    for name, value in tree:
        if name.value in ("inputs", "input"):
            inputs = _all_inputs(value.items if isinstance(value, Sequence) else (value,), reader)
        elif name.value in ("outputs", "output"):
            outputs = references("datanode").read(value, reader)
        else:
            whole = False
            found = f"`{name.value[:60]}`"
            reader.report.add(WrongType(name.span, "`inputs` or `outputs`", found))
    if inputs is None or outputs is None or not whole:
        return None
    return Flow(inputs, outputs, tree.span)


def _all_inputs(items: tuple[Syntax, ...], reader: Reader) -> tuple[Input, ...] | None:
    found: list[Input] = []
    whole = True
    for item in items:
        if not isinstance(item, Scalar):
            reader.report.add(WrongType(item.span, "the name of a datanode", what(item)))
            whole = False
            continue
        flow = _read_flow(item, reader)
        if flow is not None and flow.outputs:
            found_ = "a flow with `->`"
            reader.report.add(WrongType(item.span, "the name of a datanode", found_))
        whole = whole and flow is not None and not flow.outputs
        found += flow.inputs if flow else ()
    return tuple(found) if whole else None


def _inputs_of(form: Any, it: Scalar, reader: Reader) -> tuple[Input, ...] | None:
    if not isinstance(form, Tree):
        return ()
    found = []
    for one in form.children:
        assert isinstance(one, Tree)
        name, window = one.children
        assert isinstance(name, Token)
        ref = _ref(it, name)
        read = _window(window, it, reader) if isinstance(window, Tree) else PLAIN
        if read is None:
            return None
        end = max(
            ((token.end_pos or 0) for token in one.scan_values(lambda t: isinstance(t, Token))),
            default=0,
        )
        closing = 1 if isinstance(window, Tree) and window.data == "counted" else 0
        found.append(Input(ref, read, it.part(name.start_pos or 0, end + closing)))
    return tuple(found)


def _window(form: Tree[Token], it: Scalar, reader: Reader) -> Window | None:
    if form.data == "over":
        words = form.children[0]
        assert isinstance(words, Tree)
        period = period_of(words, it, reader)
        return Over(period) if period else None
    first, last = (int(one) if one is not None else None for one in form.children)  # type: ignore[arg-type]
    assert first is not None
    last = first if last is None else last
    if last < first:
        start = form.children[0]
        assert isinstance(start, Token)
        reader.report.add(WindowBackwards(token_span(it, start), first, last))
        return None
    return Counted(first, last)


flow = FieldType("flow, such as `orders, stock -> report`", _read_flow, "datanode")
"""What is read and what is written."""


def _read_script(
    tree: Syntax, reader: Reader, elsewhere: tuple[str, ...] = ("s3://",)
) -> Script | None:
    found = expect_scalar(tree, "the path of a script", reader)
    if found is None:
        return None
    path = reader.text(found)
    first = known(path.pieces[0]) if path.pieces else ""
    if (first or found.value).startswith(elsewhere):
        return Script(path, None)
    content = _beside(found, reader)
    return Script(path, reader.text(content)) if content else None


def _beside(path: Scalar, reader: Reader) -> Scalar | None:
    """What stands in the file of this path, beside the pipeline."""
    plain = reader.plain(path)
    if plain is None:
        return None
    content = reader.files(plain.value)
    if content is None:
        reader.report.add(ScriptNotFound(path.span, plain.value[:100]))
        return None
    beside = posixpath.join(posixpath.dirname(path.span.source.name), plain.value)
    source = Source(posixpath.normpath(beside), content)
    return Scalar(source.span(0, len(content)), content, True, ((0, 0),))


script = FieldType("path of a script beside the pipeline, or in S3", _read_script)


application = FieldType(
    "path of a script beside the pipeline, or of a file in S3 or on the cluster",
    lambda tree, reader: _read_script(tree, reader, ("s3://", "hdfs://", "/")),
)


def _read_own_script(tree: Syntax, reader: Reader) -> Script | None:
    found = _read_script(tree, reader)
    if found is not None and found.content is None:
        reader.report.add(ScriptInS3(found.span))
        return None
    return found


own_script = FieldType("path of a file beside the pipeline", _read_own_script)


def _read_own_text(tree: Syntax, reader: Reader) -> Text | None:
    found = expect_scalar(tree, "the path of a file", reader)
    content = _beside(found, reader) if found else None
    return Text((content.value,), content.span) if content else None


own_text = FieldType("path of a file beside the pipeline", _read_own_text)
"""A file whose text is used as it is, without expressions of ours in it."""


@diagnostic
class ScheduleInPlace(Diagnostic):
    """Schedules stand under `schedules:`, each with a name; objects and `defaults` name one of them.

    What runs at the same times then says so by the same word.
    """

    code = "P239"
    title = "Schedule in place of its name"
    message = "this field takes the name of a schedule, and one is described here"
    help = "put it under `schedules:`, such as `daily: every 1 day from 2026-01-01`, and write its name here"
    fails = """
        pipeline: shop
        activities:
          mail:
            shell: echo mail
            schedule: every 1 day from 2026-01-01    # P239 every 1 day from 2026-01-01
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01}
        activities:
          mail:
            shell: echo mail
            schedule: daily
        """


@diagnostic
class WindowBackwards(Diagnostic):
    """A window goes from the earlier instance to the later one."""

    code = "P229"
    title = "Window runs backwards"
    message = "the window goes from {first} back to {last}"
    help = "write `[{last}..{first}]`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: {s3: s3://shop/orders/, schedule: daily}}
        activities:
          mail:
            shell: echo mail
            flow: orders[-1..-7]    # P229 -1
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        datanodes: {orders: {s3: s3://shop/orders/, schedule: daily}}
        activities:
          mail:
            shell: echo mail
            flow: orders[-7..-1]
        """

    first: int
    last: int


@diagnostic
class ScriptNotFound(Diagnostic):
    """A script stands in a file beside the pipeline, and is compiled in.

    Its path starts from the folder of the pipeline file and stays inside the project.
    """

    code = "P230"
    title = "Script not found"
    message = "there is no readable file `{path}` beside the pipeline"
    help = "its text has to be UTF-8, and its path begins where the pipeline stands"
    fails = """
        pipeline: shop
        activities:
          mail:
            script: ./no_such_script.sh    # P230 ./no_such_script.sh
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: echo mail
        """

    path: str


@diagnostic
class ScriptInS3(Diagnostic):
    """Functions of Python are compiled in, so their file stands beside the pipeline.

    Scripts of bash, SQL, Hive and Pig can be fetched from S3 when they are needed.
    """

    code = "P218"
    title = "Script in S3"
    message = "this file is compiled in, so it cannot be in S3"
    help = "put it beside the pipeline, and write its path from there"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          count:
            python: count
            script: s3://shop/scripts/count.py    # P218 s3://shop/scripts/count.py
            schedule: daily
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        activities:
          count:
            python: shop.jobs.count
            schedule: daily
        """
