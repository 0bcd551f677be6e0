"""Rows of what work is made of: staging, steps of a cluster, scripts around them."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from pipec.targets.datapipeline.rows.plain import Row, scalar, scalars
from pipec.targets.datapipeline.sides import Made, Reading
from pipec.values import Text

if TYPE_CHECKING:
    from pipec.targets.datapipeline.writing import Writing


def flag_of_stage(*, default: bool) -> Row:
    """Whether files are brought near: with us they are if nothing is said, with the service for some types."""

    def write(out: Writing) -> None:
        stages = out.value("stage")
        has_flow = bool(out.thing.flow.inputs or out.thing.flow.outputs)
        stages = has_flow if stages is None else stages
        if stages != default:
            out.put("stage", "true" if stages else "false")

    def read(it: Reading) -> None:
        if default and it.has_tables:
            it.put("stage", "false")
            it.account("type", "undecided", _TABLES)
            it.remark(f"{_TABLES[0].upper()}{_TABLES[1:]}.")
            if it.field("stage") is not None:
                it.account("stage", "undecided", _TABLES)
            return
        found = scalar(it, "stage")
        said = (it.plain(found) or "").strip().lower() if found is not None else ""
        if said not in ("true", "false", ""):
            it.account("stage", "undecided", f"`{said}` is neither `true` nor `false`")
        stages = said == "true" or (default and said != "false")
        flow = it.field("input") or it.field("output")
        if stages and flow is None and found is not None:
            it.account("stage", "dropped", "there is nothing to bring near")
        if not stages and (flow is not None or default):
            it.put("stage", "false")

    return Row(("stage",), ("stage",), write, read)


_TABLES = "no rows of a database reach a script on a cluster by themselves: copy them to S3 before, and from there after"


def shell_script(theirs: str, ours: str) -> Row:
    """A script in S3 that runs before the work on a cluster, or after it; with us, a command of bash."""

    def write(out: Writing) -> None:
        given = out.value(ours)
        if not given:
            return
        found = _FETCHED.fullmatch(out.text(given[0])) if len(given) == 1 else None
        if found is None:
            out.unsaid(
                ours, "only a script in S3 can run there: `aws s3 cp s3://... - | bash -s --`"
            )
            return
        config = {"scriptUri": found["uri"], "scriptArgument": shlex.split(found["args"] or "")}
        out.put(theirs, out.helper("ShellScriptConfig", ours, config))

    def read(it: Reading) -> None:
        field = it.field(theirs)
        config = it.other(field.references[0]) if field is not None and field.references else None
        if config is None:
            return
        uri = scalar(config, "scriptUri")
        if uri is None:
            it.account(theirs, "undecided", "it names no script")
            return
        given = " ".join(quoted(config.text(one)) for one in scalars(config, "scriptArgument"))
        command = f"aws s3 cp {quoted(config.text(uri))} - | bash -s -- {given}".strip()
        it.put(ours, [command.removesuffix(" --")])

    return Row((theirs,), (ours,), write, read)


_FETCHED = re.compile(r"aws s3 cp (?P<uri>\S+) - \| bash -s(?: -- (?P<args>.*))?")


def quoted(text: str) -> str:
    """A text as one word of bash; expressions in it stay as they are."""
    return text if re.fullmatch(r"(?:[\w@%+=:,./-]|\$\{\{.*?\}\})+", text) else shlex.quote(text)


def steps(theirs: str, ours: str) -> Row:
    """Steps of a cluster: a jar and its arguments, with commas in between."""

    def write(out: Writing) -> None:
        made = []
        for one in out.value(ours):
            words = [one.jar, *([one.main] if one.main is not None else []), *one.args]
            made.append(",".join(out.text(without_commas(it)) for it in words))
        out.put(theirs, made)

    def read(it: Reading) -> None:
        found: list[Made] = [_escaped(it.text(one)) for one in scalars(it, theirs)]
        if found:
            it.put(ours, found[0] if len(found) == 1 else found)

    return Row((theirs,), (ours,), write, read)


def without_commas(text: Text) -> Text:
    """A text with two backslashes before each comma, of which the service eats one."""
    pieces = (it.replace(",", r"\\,") if isinstance(it, str) else it for it in text.pieces)
    return Text(tuple(pieces), text.span)


def _escaped(step: str) -> str:
    """One backslash before a comma that is a part of an argument: the service ate one of two."""
    return re.sub(r"\\{2},", r"\\,", step)
