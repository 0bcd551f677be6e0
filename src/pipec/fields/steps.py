"""Steps of a cluster: a jar, its main class, its arguments."""

from __future__ import annotations

import re
from dataclasses import field
from typing import Any

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.fields.collections import list_of
from pipec.fields.key import FieldType, key
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, expect_scalar, text, what
from pipec.frozen import frozen
from pipec.source import NOWHERE, Span
from pipec.syntax import Mapping, Sequence
from pipec.syntax import Tree as Syntax
from pipec.values import Splice, Text


@frozen
class JarStep:
    """A jar that a cluster runs."""

    jar: Text = key(text, "The jar, in S3 or on the cluster.")
    main: Text | None = key(text, "Its main class.", name="class", default=None)
    args: tuple[Text, ...] = key(list_of(text), "What it is given.", default=())
    span: Span = field(default=NOWHERE, compare=False)


def check_jar(jar: Text, report: Report) -> None:
    """Report a jar that does not end like one: a command, most likely."""
    last = jar.pieces[-1] if jar.pieces else ""
    if isinstance(last, str) and not last.endswith(".jar"):
        report.add(NoJar(jar.span, f"`{last[:60]}`"))


def commands_before() -> Any:
    """The field of commands that come before the work itself."""
    return key(
        list_of(text), "Commands of bash that the cluster's first node runs before.", default=()
    )


def commands_after() -> Any:
    """The field of commands that come after the work itself."""
    doc = "Commands of bash that the cluster's first node runs when all went well."
    return key(list_of(text), doc, default=())


def queue_field() -> Any:
    """The field of the queue of a cluster's scheduler."""
    return key(text, "The queue of the cluster's scheduler.", default=None)


def _read_step(tree: Syntax, reader: Reader) -> JarStep | None:
    if isinstance(tree, Mapping):
        from pipec.fields.read import read_fields

        given = read_fields(JarStep, tree, reader, "the step")
        return JarStep(**given, span=tree.span) if given is not None else None
    found = expect_scalar(tree, "a step such as `s3://shop/count.jar,--all`", reader)
    if found is None:
        return None
    jar, *args = split(reader.text(found))
    if not jar.pieces:
        reader.report.add(NoJar(found.span, "nothing"))
        return None
    return JarStep(jar=jar, args=tuple(args), span=found.span)


def split(given: Text) -> list[Text]:
    """The parts of a text between its commas; one after a backslash, or two, is a part of a word.

    Data Pipeline ate one level of backslashes, so its definitions have two.
    """
    parts: list[list[str | Splice]] = [[]]
    for piece in given.pieces:
        if isinstance(piece, Splice):
            parts[-1].append(piece)
        else:
            first, *more = _COMMA.split(piece)
            parts[-1].append(first)
            parts += [[one] for one in more]
    return [
        Text(
            tuple(
                _ESCAPED.sub(",", one) if isinstance(one, str) else one for one in part if one != ""
            ),
            given.span,
        )
        for part in parts
    ]


_COMMA = re.compile(r"(?<!\\),")
_ESCAPED = re.compile(r"\\{1,2},")


def _read_steps(tree: Syntax, reader: Reader) -> tuple[JarStep, ...] | None:
    items = tree.items if isinstance(tree, Sequence) else (tree,)
    if not items:
        reader.report.add(WrongType(tree.span, "at least one step", what(tree)))
        return None
    found = [_read_step(one, reader) for one in items]
    return tuple(one for one in found if one) if None not in found else None


steps = FieldType("steps, such as `s3://shop/count.jar,--all`", _read_steps)


@diagnostic
class NoJar(Diagnostic):
    """A step is a jar, with its arguments after commas, and a program of Hadoop is one as well.

    Commands of bash stand under `prepare` and `finish`, or are a `shell` that runs on the cluster.
    """

    code = "P275"
    title = "Work without a jar"
    message = "{found} stands where a jar should"
    help = "name one such as `s3://shop/count.jar`; `ls -l` is the step `command-runner.jar,ls,-l`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities:
          count:
            emr:
              - ",--all"    # P275 ",--all"
          sort:
            emr: s3://shop/sort.sh    # P275 s3://shop/sort.sh
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: cluster}
        resources: {cluster: emr emr-7.1.0 with 4 x m5.xlarge}
        activities:
          count:
            emr:
              - s3://shop/count.jar,--all
          sort:
            emr: command-runner.jar,s3://shop/sort.sh
        """

    found: str
