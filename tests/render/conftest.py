"""Complaints to show."""

from __future__ import annotations

import pytest

from pipec.source import Source
from tests.render.shop import LateMail, Unknown, UnknownOrder


@pytest.fixture
def unknown() -> Unknown:
    """A complaint about `words` in `text`; about nothing at its end when there are no words."""

    def make(text: str, words: str = "", file: str = "shop.pipe.yaml", **said: str) -> UnknownOrder:
        start = text.index(words) if words else len(text)
        span = Source(file, text).span(start, start + len(words))
        return UnknownOrder(span, **{"name": "ordrs", **said})

    return make


@pytest.fixture
def late() -> LateMail:
    return LateMail(Source("mail.pipe.yaml", "mail: late\n").span(6, 10))
