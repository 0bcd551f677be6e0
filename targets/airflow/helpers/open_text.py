"""Text to read, compressed or not."""

import gzip


def open_text(path):
    """The file `path`, open as UTF-8 text with its line ends as they are."""
    with open(path, "rb") as file:
        opener = gzip.open if file.read(2) == b"\x1f\x8b" else open
    return opener(path, "rt", encoding="utf-8-sig", newline="")
