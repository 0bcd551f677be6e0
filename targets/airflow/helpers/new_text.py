"""Text to write, wherever it goes."""

import gzip
from contextlib import contextmanager

from helpers.new_file import new_file


@contextmanager
def new_text(path, compress=False):
    """A text file to write, which appears at `path` once all of it is written.

    In a folder, a path that ends with a slash, it is called `part-00000`.
    """
    compress = compress or path.endswith(".gz")
    if path.endswith("/"):
        path += "part-00000.gz" if compress else "part-00000"
    opener = gzip.open if compress else open
    with new_file(path) as draft:
        with opener(draft, "wt", encoding="utf-8", newline="") as file:
            yield file
