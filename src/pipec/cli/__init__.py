"""The command line: which command was asked for, and what its exit status is."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TextIO

from pipec.cli.arguments import Misuse

COMMANDS = ("check", "compile", "plan", "import", "run", "rerun", "explain")
"""The commands, each the module of its name, imported when it is asked for."""

CLEAN, COMPLAINTS, MISUSE = 0, 1, 2
INTERRUPTED = 130
PIPE_CLOSED = 141


def main(words: Sequence[str] | None = None) -> int:
    """The exit status of one command: 0 clean, 1 complaints in the user's input, 2 misuse."""
    words = list(sys.argv[1:] if words is None else words)
    collects = gc.isenabled()
    gc.disable()  # A command is over before there is much to collect; looking for it takes a tenth.
    for stream in (sys.stdout, sys.stderr):
        _survive_any_text(stream)
    try:
        status = _command(words)
        sys.stdout.flush()
    except Misuse as mistake:
        print(f"pipec: {mistake}", file=sys.stderr)
        return MISUSE
    except BrokenPipeError:
        # Whoever reads has seen enough. Python must not try once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:
        from pipec.cli.bug import tell

        tell(words, sys.stderr)
        return MISUSE
    finally:
        if collects:
            gc.enable()
    return status


def _command(words: list[str]) -> int:
    name = words[0] if words else ""
    if name not in COMMANDS:
        from pipec.cli.overview import overview

        return overview(words)
    module = import_module(f"pipec.cli.{name}")
    arguments = module.COMMAND.parse(words[1:])
    if arguments.has("--help"):
        sys.stdout.write(module.COMMAND.help())
        return CLEAN
    status: int = module.run(arguments)
    return status


def _survive_any_text(stream: TextIO) -> None:
    """Spell out what the encoding of `stream` cannot say, instead of ending over it."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
