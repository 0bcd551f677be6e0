"""`file`: a file or a folder on the disk of the worker."""

from __future__ import annotations

from pipec.fields.columns import Format, format_
from pipec.fields.key import key
from pipec.fields.scalars import one_of, text
from pipec.values import Column, Text, node


@node
class File:
    """A file on the disk of the machine where the work runs; a folder ends with `/`."""

    file: Text = key(text, "The absolute path; a folder ends with `/`.")
    format: Format | None = key(format_, "How its rows are written.", default=None)
    compression: str = key(one_of("none", "gzip"), "How its files are packed.", default="none")

    @property
    def place(self) -> Text:
        """Where it is: what `path` means in an expression."""
        return self.file

    @property
    def columns(self) -> tuple[Column, ...]:
        """The declared columns of its rows."""
        return self.format.columns if self.format else ()

    @property
    def fields(self) -> dict[str, Text]:
        """What expressions may ask of it."""
        return {"path": self.file}
