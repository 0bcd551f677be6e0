"""Items from several places."""


def each_item(read, paths, **options):
    """Yields the items that `read` finds at each path; `paths` has a line for each."""
    for path in paths.splitlines():
        yield from read(path, **options)
