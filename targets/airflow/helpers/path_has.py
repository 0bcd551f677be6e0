"""Whether something is on the worker's disk."""

import os


def path_has(path, size=0):
    """Whether the file `path`, or one in that folder, has `size` bytes or more."""
    below = ((top, name) for top, _, names in os.walk(path) for name in names)
    if os.path.isfile(path):
        below = [(path,)]
    return any(os.path.getsize(os.path.join(*one)) >= size for one in below)
