"""A command for bash: its arguments, its variables, its staging folders."""

from __future__ import annotations

import re
import shlex

from pipec.expression.tree import Expr
from pipec.facets import Files
from pipec.targets.airflow.expression import DATE_TEXT, Moment, UnsaidError, has_quotes, jinja
from pipec.targets.airflow.template import escape, spliced
from pipec.targets.airflow.work import STANDARD, Work
from pipec.targets.python.values import Call, Name, Value
from pipec.values import Script, Splice, Text

BASH = ".sh", ".bash"
LONGEST = 100_000
"""Bytes of a command that the command line surely takes; a longer one goes through a file."""


def bash_task(work: Work, command: str, *, stage: bool) -> Call:
    """The task that runs `command`, a template, for an activity."""
    activity = work.thing
    inputs, outputs, places = _staged(work) if stage else ({}, {}, {})
    secrets: dict[str, Value] = {}
    env: dict[str, Value] = dict(places)
    for name, text in activity.vars.items():
        if secret := work.secret(text):
            secrets[name] = (secret.store, secret.name)
        else:
            env[name] = work.template(text, *BASH)
    staged = bool(inputs or outputs)
    arguments: dict[str, Value] = {"bash_command": long_command(command)}
    if staged:
        arguments |= {"inputs": inputs or None, "outputs": outputs or None}
    if secrets:
        arguments["secrets"] = secrets
    if env:
        arguments["env"] = env
    if (env or secrets) and not staged:
        arguments["append_env"] = True
    if staged and secrets:
        operator = work.helper("SecretStagedBash", "secret_staged_bash")
    elif staged:
        operator = work.helper("StagedBash", "staged_bash")
    elif secrets:
        operator = work.helper("SecretBash", "secret_bash")
    else:
        operator = Name("BashOperator", f"{STANDARD}.operators.bash")
    call = work.made(operator, **arguments)
    # Without it, an exit status of 99 would count as skipped, and the run as a success.
    return Call(operator, (), {**call.kwargs, "skip_on_exit_code": None})


def long_command(command: str) -> str:
    """The same command; one too long for the command line goes through a file."""
    return command if len(command.encode()) <= LONGEST else f"{command}\n# {{{{ '.sh' }}}}"


def _staged(work: Work) -> tuple[dict[str, Value], dict[str, Value], dict[str, Value]]:
    """What to bring and to take away, and local places, by environment variable.

    Of other instances than the activity's own each has a folder, named by when it starts.
    """
    inputs: dict[str, Value] = {}
    outputs: dict[str, Value] = {}
    places: dict[str, Value] = {}
    for side, found, into in (("INPUT", work.inputs, inputs), ("OUTPUT", work.outputs, outputs)):
        for number, one in enumerate(found, start=1):
            variable = f"{side}{number}_STAGING_DIR"
            if not isinstance(one.thing.kind, Files):
                continue
            if side == "INPUT" and work.several(one):
                into[variable] = work.places(one, f"{{{{ start.strftime({DATE_TEXT!r}) }}}} ")
            elif one.thing.kind.store == "s3":
                into[variable] = work.place(one, *BASH)
            elif one.thing.kind.store == "disk":
                places[variable] = work.place(one, *BASH)
    return inputs, outputs, places


def with_arguments(work: Work, command: Text, args: tuple[Text, ...]) -> str:
    """The template of a command whose `$1`, `$2` ... are `args`."""
    text = work.command(command, *BASH)
    if not args:
        return text
    return f"set -- {quoted_arguments(work, args)}\n{text}"


def quoted_arguments(work: Work, args: tuple[Text, ...]) -> str:
    """The arguments as words of bash; what the run puts in is quoted by the template."""
    return " ".join(_argument(work, one) for one in args)


def _argument(work: Work, text: Text) -> str:
    resolved = work.resolved(text)
    if (constant := resolved.constant) is not None:
        return escape(shlex.quote(constant))
    parts = []
    for piece in resolved.pieces:
        if isinstance(piece, Splice):
            parts.append(_quoted(piece.expr, work.moment))
        else:
            parts.append(escape(piece.replace("'", "'\\''")))
    return f"'{''.join(parts)}'"


def _quoted(expr: Expr, moment: Moment) -> str:
    """The template of an expression inside quotes of bash."""
    try:
        code = jinja(expr, moment)
    except UnsaidError:  # It says something of each of several instances.
        return f"{{% filter {_QUOTE} %}}{spliced(expr, moment)}{{% endfilter %}}"
    if has_quotes(expr, moment):
        code = f"({code}) | string | {_QUOTE}"
    return f"{{{{ {code} }}}}"


_QUOTE = """replace("'", "'\\\\''")"""


def script_command(work: Work, script: Script, args: tuple[Text, ...]) -> str:
    """The template of a command that runs a script of any language that its first line names."""
    content = script.content
    if content is None:
        path = work.resolved(script.path).constant
        # Of a place that only the run knows, the folder holds just the script.
        name = "*" if path is None else escape(shlex.quote(path.rpartition("/")[2]))
        file = f'"$SCRIPT_DIR"/{name}'
        words = f" {quoted_arguments(work, args)}" if args else ""
        return f"chmod +x {file}\n{file}{words}"
    interpreter = interpreter_of(content)
    if not interpreter:
        return with_arguments(work, content, args)
    words = f" {quoted_arguments(work, args)}" if args else ""
    written = heredoc('"$script"', work.command(content), "END_OF_SCRIPT")
    return (
        f'script=$(mktemp)\ntrap \'rm -f "$script"\' EXIT\n{written}{interpreter} "$script"{words}'
    )


def heredoc(file: str, text: str, end: str = "END_OF_TEXT", *, more: bool = False) -> str:
    """The lines of bash that write a template into a file as it is, or at its end."""
    while end in text:
        end += "_"
    body = text if text.endswith("\n") else f"{text}\n"
    return f"cat {'>>' if more else '>'} {file} <<'{end}'\n{body}{end}\n"


def interpreter_of(script: Text) -> str:
    """What the first line of a script names, unless it is a shell."""
    first = script.pieces[0] if script.pieces else ""
    found = re.match(r"#![ \t]*(\S[^\r\n]*)", first) if isinstance(first, str) else None
    if not found:
        return ""
    words = found[1].split()
    program = words[1] if words[0].endswith("/env") and len(words) > 1 else words[0]
    return "" if program.rpartition("/")[2] in ("bash", "sh") else " ".join(map(shlex.quote, words))
