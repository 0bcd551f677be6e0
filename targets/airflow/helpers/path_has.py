"""Whether something is on the worker's disk."""

import os


def path_has(path, size=0):
    """Whether the file `path`, or one in that folder, has `size` bytes or more."""
    below = ((top, name) for top, _, names in os.walk(path) for name in names)
    paths = (
        [path] if os.path.isfile(path) else (os.path.join(*found) for found in below)
    )
    return any(os.path.getsize(one) >= size for one in paths)
