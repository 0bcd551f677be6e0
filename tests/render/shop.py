"""Two diagnostics that only these tests have."""

from __future__ import annotations

from collections.abc import Callable

from pipec.diagnostic import Diagnostic


class UnknownOrder(Diagnostic):
    """An activity waits for an order that does not exist.

    `after:` names what comes before.
    """

    code = "P998"
    title = "Unknown order"
    message = "nothing is called `{name}`"
    help = "{near}"
    fails = """
        ship:  # P998
          after: [stok, mail]  # P998 stok
          表: stok  # P998
    """
    fixed = """
        ship:
          after: [stock, mail]
    """

    name: str
    near: str = "did you mean `orders`?"


class LateMail(Diagnostic):
    """Mail goes out after the shop has closed."""

    code = "P999"
    title = "Late mail"
    severity = "warning"
    message = "mail goes out late"


Unknown = Callable[..., UnknownOrder]
"""Makes a complaint about words in a text."""
