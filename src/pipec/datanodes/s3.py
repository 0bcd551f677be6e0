"""`s3`: a file or a folder in S3."""

from __future__ import annotations

from pipec.fields.columns import Format, format_
from pipec.fields.key import key
from pipec.fields.scalars import one_of, string, text
from pipec.values import Column, Text, node


@node
class S3:
    """A file in S3, or a folder: a folder ends with `/`, and is read with all that is in it."""

    s3: Text = key(text, "The place, `s3://bucket/key`; a folder ends with `/`.")
    format: Format | None = key(format_, "How its rows are written.", default=None)
    compression: str = key(one_of("none", "gzip"), "How its files are packed.", default="none")
    encryption: str = key(one_of("default", "none"), "Encryption at rest.", default="default")
    region: str = key(string, "The AWS region of the bucket.", default="")

    @property
    def place(self) -> Text:
        """Where it is: what `path` means in an expression."""
        return self.s3

    @property
    def columns(self) -> tuple[Column, ...]:
        """The declared columns of its rows."""
        return self.format.columns if self.format else ()

    @property
    def fields(self) -> dict[str, Text]:
        """What expressions may ask of it."""
        return {"path": self.s3}
