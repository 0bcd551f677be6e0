"""`sns`: a message to an SNS topic."""

from __future__ import annotations

from pipec.fields.key import key
from pipec.fields.scalars import string, text
from pipec.values import Text, node


@node
class Sns:
    """A message to everyone who subscribed to an SNS topic."""

    sns: Text = key(text, "The ARN of the topic.")
    message: Text = key(text, "What it says.")
    subject: Text | None = key(text, "The subject, for those who get it by mail.", default=None)
    region: str = key(string, "The AWS region, when it is not that of the topic.", default="")
