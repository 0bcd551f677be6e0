"""Text to write, wherever it goes."""

from contextlib import contextmanager
from importlib import import_module

from helpers.new_file import new_file


@contextmanager
def new_text(path, compression="none"):
    """A text file to write, which appears at `path` once all of it is written.

    It is packed as `compression` says, or else the end of its name.
    """
    endings = {"gzip": (".gz", "gzip"), "bzip2": (".bz2", "bz2"), "xz": (".xz", "lzma")}
    for name, (ending, _) in endings.items():
        if compression == "none" and path.endswith(ending):
            compression = name
    ending, module = endings.get(compression, ("", ""))
    with new_file(path, ending) as draft:
        opener = import_module(module).open if module else open
        with opener(draft, "wt", encoding="utf-8", newline="") as file:
            yield file
