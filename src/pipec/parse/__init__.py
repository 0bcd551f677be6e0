"""The text of a file becomes a tree: `parse`."""

from pipec.parse.compose import parse
from pipec.parse.decode import decode

__all__ = ["decode", "parse"]
