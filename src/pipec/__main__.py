"""`python -m pipec`: the same as the command `pipec`."""

import sys

from pipec.cli import main

if __name__ == "__main__":
    sys.exit(main())
