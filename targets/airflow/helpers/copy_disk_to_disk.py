"""A copy on the worker's disk."""

import os
import shutil
import tempfile


def copy_disk_to_disk(source, target):
    """Copies the file `source`, or all in the folder, onto or below `target`.

    A file appears at its place once it is whole.
    """
    walk = os.walk(source)
    paths = sorted(os.path.join(top, name) for top, _, names in walk for name in names)
    for path in paths or [source]:
        name = os.path.relpath(path, source) if paths else os.path.basename(path)
        into = os.path.join(target, name) if target.endswith("/") else target
        into = os.path.abspath(into)
        os.makedirs(os.path.dirname(into), exist_ok=True)
        with tempfile.TemporaryDirectory(dir=os.path.dirname(into)) as beside:
            os.replace(shutil.copy2(path, f"{beside}/draft"), into)
