"""A function that is installed where the task runs."""

from importlib import import_module


def call_function(path, arguments):
    """The result of the function `package.module.function` for keyword arguments."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)(**arguments)
