"""A Python script that is part of the Dag file."""

import linecache
import sys
import types


def call_script(source, filename, function, arguments):
    """The result of a function in the text `source`, whose lines tracebacks show."""
    lines = [line + "\n" for line in source.split("\n")]
    linecache.cache[filename] = (len(source), None, lines, filename)
    script = sys.modules[filename] = types.ModuleType(filename)
    script.__file__ = filename
    exec(compile(source, filename, "exec"), script.__dict__)
    return getattr(script, function)(**arguments)
