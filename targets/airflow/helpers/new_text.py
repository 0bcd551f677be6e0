"""Text to write, wherever it goes."""

import os
from contextlib import contextmanager
from importlib import import_module

from helpers.new_file import new_file


@contextmanager
def new_text(path, compression="none"):
    """A text file to write, which appears at `path` once all of it is written.

    It is packed as `compression` says, or else the end of its name.
    """
    endings = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz"}
    modules = {".gz": "gzip", ".bz2": "bz2", ".xz": "lzma"}
    ending = endings.get(compression) or os.path.splitext(path)[1]
    opener = import_module(modules[ending]).open if ending in modules else open
    with new_file(path, ending) as draft:
        with opener(draft, "wt", encoding="utf-8", newline="") as file:
            yield file
