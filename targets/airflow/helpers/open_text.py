"""Text to read, compressed or not."""

from importlib import import_module


def open_text(path):
    """The file `path`, open as UTF-8 text with its line ends as they are."""
    packings = (b"\x1f\x8b", "gzip"), (b"BZh", "bz2"), (b"\xfd7zXZ\0", "lzma")
    with open(path, "rb") as file:
        start = file.read(10)
    opener = open
    for mark, module in packings:
        if start.startswith(mark) and (module != "bz2" or start[4:] == b"1AY&SY"):
            opener = import_module(module).open
    return opener(path, "rt", encoding="utf-8-sig", newline="")
