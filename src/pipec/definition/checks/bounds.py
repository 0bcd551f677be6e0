"""What is said of what the service takes only up to a limit."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, diagnostic


@diagnostic
class OutOfBounds(Diagnostic):
    """The service has limits that nobody can raise.

    Names and ids have at most 256 bytes, a field 10,240, an object 15,360 and 50 fields; a task
    has 5 retries with 2 minutes between them; a schedule has a period of 15 minutes to 3 years;
    and an object waits for at most 32 instances of another.
    """

    code = "P533"
    title = "Out of bounds"
    message = "{found}"
    help = "the service takes {bounds}"
    fails = """
        {"objects": [
          {"id": "Default", "maximumRetries": "6"}    # P533 "6"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "maximumRetries": "5"}
        ]}
        """

    found: str
    bounds: str
