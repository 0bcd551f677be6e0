"""Text to read, compressed or not."""

import re
from importlib import import_module


def open_text(path):
    """The file `path`, open as UTF-8 text with its line ends as they are."""
    with open(path, "rb") as file:
        start = file.read(10)
    opener = open
    for module, mark in (
        ("gzip", rb"\x1f\x8b"),
        ("bz2", rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
        ("lzma", rb"\xfd7zXZ\0"),
    ):
        if re.match(mark, start):
            opener = import_module(module).open
    return opener(path, "rt", encoding="utf-8-sig", newline="")
