"""A command on a machine or a cluster: the bash text that runs there, its variables, its files."""

from __future__ import annotations

import base64
import gzip
from datetime import timedelta

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.facets import Files
from pipec.fields.place import is_folder
from pipec.links import Found
from pipec.targets.airflow import lowering
from pipec.targets.airflow.bash import heredoc, interpreter_of, quoted_arguments
from pipec.targets.airflow.expression import DATE_TEXT
from pipec.targets.airflow.managed import machines
from pipec.targets.airflow.task import keyword, length
from pipec.targets.airflow.template import escape
from pipec.targets.airflow.work import STANDARD, NotInAirflow, Work
from pipec.targets.python.values import Call
from pipec.values import Script, Text

MOST = 60_000
"""Bytes of a packed command: AWS Systems Manager takes documents of 64 KB."""
LONGEST = timedelta(days=2)
"""How long AWS Systems Manager lets a command run."""


def remote_command(work: Work, command: Text, args: tuple[Text, ...], *, stage: bool) -> Call:
    """The task that runs a command of an activity on its machine or cluster."""
    return _task(work, _around(work, command, "bash", args, stage=stage))


def remote_script(work: Work, script: Script, args: tuple[Text, ...], *, stage: bool) -> Call:
    """The same for a script of any language: compiled in, or fetched from S3 there."""
    if script.content is None:
        path = work.resolved(script.path).constant
        name = "script" if path is None else path.rpartition("/")[2]
        target = '"$stage/script"' if path is None else '"$stage/"'
        fetched = f"{_COPY} {quoted_arguments(work, (script.path,))} {target}"
        file = f'"$stage/"{quoted_arguments(work, (Text((name,)),))}'
        lines = [fetched, f"chmod +x {file}", _call(work, file, args)]
        return _task(work, _staged(work, lines, stage=stage))
    runner = interpreter_of(script.content) or "bash"
    return _task(work, _around(work, script.content, runner, args, stage=stage))


def _task(work: Work, text: str) -> Call:
    assert work.machine is not None
    kind = work.machine.resource.kind
    if kind not in lowering.commands:
        what = f"{keyword(work.thing.kind)} on {keyword(kind)}"
        work.report.add(NotInAirflow(work.thing.span, what))
        return work.task(f"{STANDARD}.operators.empty.EmptyOperator")
    call: Call = lowering.commands(kind, text, work)
    return call


def machine_task(work: Work, text: str) -> Call:
    """The task that runs a text of bash, a template, on the machine of an activity."""
    machine = work.machine
    assert machine is not None
    kind, timeout = machine.resource.kind, work.thing.timeout
    if timeout is not None and length(timeout) > LONGEST:
        work.report.add(LongCommand(work.thing.span, work.name, str(timeout)))
    if (size := _packed(text)) > MOST:
        work.report.add(BigCommand(work.thing.span, work.name, f"{size // 1000:,} KB"))
    longest = length(timeout or kind.at_most)
    logs: str | None = None
    if kind.logs is not None:
        logs = f"{work.template(kind.logs).rstrip('/')}/{machine.interval}/"
    return work.made(
        work.helper("RunOnMachine", "run_on_machine"),
        resource=machines(work),
        interval=machine.intervals,
        command=text,
        longest=min(longest, LONGEST),
        user=kind.user if kind.user != "root" else None,
        logs=logs,
        lost=[*machine.lost] or None,
    )


def _around(work: Work, command: Text, runner: str, args: tuple[Text, ...], *, stage: bool) -> str:
    """The text around a command or script, which is a file of its own if anything comes after it."""
    if runner == "bash" and not _places(work, stage):
        given = [f"set -- {quoted_arguments(work, args)}"] if args else []
        return "\n".join([*_beginning(work), *given, work.command(command)])
    file = '"$stage/command"'
    written = heredoc(file, work.beginning(command), "END_OF_COMMAND").removesuffix("\n")
    return _staged(work, [written, _call(work, f"{runner} {file}", args)], stage=stage)


def _call(work: Work, command: str, args: tuple[Text, ...]) -> str:
    return f"{command} {quoted_arguments(work, args)}".rstrip()


def _staged(work: Work, lines: list[str], *, stage: bool) -> str:
    """The lines between those that bring files and those that take them away if all went well.

    What is brought lies in a folder of this instance, of which nothing is left.
    """
    places = _places(work, stage)
    local = {name: one for name, one in places.items() if one.thing.kind.store == "disk"}
    folders = [
        name for name, one in places.items() if name not in local or _several(work, name, one)
    ]
    made = " ".join(f'"${name}"' for name in folders) or '"$stage"'
    brought = [line for variable, one in places.items() for line in _brought(work, variable, one)]
    kept = [line for variable, one in places.items() for line in _kept(work, variable, one)]
    return "\n".join(
        [
            "set -e",
            f"stage={_FOLDERS[_sort(work)]}/{_name(work)}",
            "trap 'rm -rf \"$stage\"' EXIT",
            'rm -rf "$stage"',
            *(f'export {name}="$stage/{name}"' for name in folders),
            f"mkdir -p {made}",
            *brought,
            *_beginning(work),
            *lines,
            *kept,
        ]
    )


_FOLDERS = {"machine": "/var/tmp", "cluster": "/mnt/tmp"}
"""Where there is room for files. (`/tmp` is in memory on Amazon Linux 2023.)"""

_COPY = "aws s3 cp --only-show-errors"


def _sort(work: Work) -> str:
    assert work.machine is not None
    return str(work.machine.resource.kind.sort)


def _name(work: Work) -> str:
    """The name of a folder for this instance alone."""
    assert work.machine is not None
    start = f"{{{{ {work.moment.start}.strftime('%Y%m%dT%H%M%S') }}}}"
    return f"{work.machine.name}.{work.name}.{start}"


def _places(work: Work, stage: bool) -> dict[str, Found]:
    """The datanodes whose files are brought or kept, by the variable that names their folder."""
    if not stage:
        return {}
    sides = (("INPUT", work.inputs), ("OUTPUT", work.outputs))
    return {
        f"{side}{number}_STAGING_DIR": one
        for side, found in sides
        for number, one in enumerate(found, 1)
        if isinstance(one.thing.kind, Files) and one.thing.kind.store in ("s3", "disk")
    }


def _several(work: Work, variable: str, found: Found) -> bool:
    """Whether a folder holds one for each of several instances."""
    return variable.startswith("INPUT") and work.several(found)


def _brought(work: Work, variable: str, found: Found) -> list[str]:
    """The lines that bring an input into its folder, or say where it is on the machine."""
    folder = f'"${variable}"'
    place = quoted_arguments(work.of(found), (found.thing.kind.place,))
    if _several(work, variable, found):
        lines = work.places(found, f"{{{{ start.strftime({DATE_TEXT!r}) }}}} ")
        return [
            "while read -r name place; do",
            "  case $place in",
            f'    /*) ln -s "$place" {folder}/"$name" ;;',
            f'    */) {_COPY} --recursive "$place" {folder}/"$name" ;;',
            f'    *) {_COPY} "$place" {folder}/"$name"/ ;;',
            "  esac < /dev/null",
            "done <<'END_OF_PLACES'",
            f"{lines}END_OF_PLACES",
        ]
    if found.thing.kind.store == "disk":
        return [f"export {variable}={place}"]
    if variable.startswith("OUTPUT"):
        return []
    return [f"{_COPY}{_recursive(found)} {place} {folder}/"]


def _kept(work: Work, variable: str, found: Found) -> list[str]:
    """The lines that take an output away: all files below a place, or the one that is left onto it."""
    if variable.startswith("INPUT") or found.thing.kind.store == "disk":
        return []
    folder = f'"${variable}"'
    place = quoted_arguments(work.of(found), (found.thing.kind.place,))
    if _recursive(found):
        return [f"{_COPY} --recursive {folder} {place}"]
    return [
        f"left=$(find -L {folder} -type f)",
        f'[ -f "$left" ] || {{ echo not one file for {place}: "$left" >&2; exit 1; }}',
        f'{_COPY} "$left" {place}',
    ]


def _recursive(found: Found) -> str:
    """The option for a folder."""
    return " --recursive" if is_folder(found.thing.kind.place) else ""


def _beginning(work: Work) -> list[str]:
    """The lines by which it is where its machine's files are, and has its variables.

    Secrets are read there, with the role of the machine: what is sent would be readable.
    """
    lines = []
    for name, text in work.thing.vars.items():
        secret = work.secret(text)
        if secret is None:
            lines.append(f"export {name}={quoted_arguments(work, (text,))}")
        elif secret.store == "secretsmanager":
            which = escape(quoted_arguments(work, (Text((secret.name,)),)))
            read = f"aws secretsmanager get-secret-value --secret-id {which}"
            lines.append(f"{name}=$({read} --query SecretString --output text) || exit")
            lines.append(f"export {name}")
        else:
            work.report.add(SecretNotThere(text.span, name, secret.store))
    return [*lines, "cd ~"]


def _packed(text: str) -> int:
    """How long a text is when it is sent; what a run adds to it is little."""
    return len(base64.b64encode(gzip.compress(text.encode(), mtime=0)))


@diagnostic
class SecretNotThere(Diagnostic):
    """A machine reads its secrets itself, from Secrets Manager, as its role allows it.

    Handed over with the command, they could be read by all who see the commands of an account. What
    is kept by Airflow, or in an environment variable of its workers, is known there alone.
    """

    code = "P413"
    title = "Secret that is not known there"
    message = "the machine cannot read the secret `{name}`, which is kept {store}"
    help = "keep it in Secrets Manager: `{{secret: secretsmanager NAME}}`"
    fails = """
        pipeline: shop
        params: {token: {secret: airflow shop_token}}
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: {ec2: m5.large, role: shop}}
        activities:
          mail:
            shell: ./mail
            runs_on: box
            vars:
              TOKEN: ${{ token }}    # P413 ${{ token }}
        """
    fixed = """
        pipeline: shop
        params: {token: {secret: secretsmanager shop_token}}
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: {ec2: m5.large, role: shop}}
        activities:
          mail:
            shell: ./mail
            runs_on: box
            vars:
              TOKEN: ${{ token }}
        """

    name: str
    store: str

    def text(self) -> str:
        """Where it is kept, in words."""
        where = "by Airflow" if self.store == "airflow" else "in an environment variable"
        return self.message.format(name=self.name, store=where)


@diagnostic
class LongCommand(Diagnostic):
    """AWS Systems Manager ends a command after two days."""

    code = "P414"
    title = "Too long for a command"
    message = "`{name}` may take {timeout}, and AWS ends a command on a machine after 2 days"
    help = "make it several activities, or run it on workers of your own"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: "ec2 m5.large, at most 5 days"}
        activities:
          mail:    # P414 mail
            shell: ./mail
            runs_on: box
            timeout: 3 days
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {box: "ec2 m5.large, at most 5 days"}
        activities:
          mail:
            shell: ./mail
            runs_on: box
            timeout: 1 day
        """

    name: str
    timeout: str


@diagnostic
class BigCommand(Diagnostic):
    """A command travels to a machine inside a document of AWS Systems Manager, which holds 64 KB.

    It is packed before; a script in S3 is fetched by the machine, and may be of any size.
    """

    code = "P415"
    title = "Too big for a command"
    message = "`{name}` comes to {size}, packed, and AWS takes 60 KB"
    help = "put it into S3: `script: s3://...` is fetched where it runs"

    name: str
    size: str
