"""Tidies up."""


def tidy(day, depth, names):
    print(f"{day}: {depth} {names!r}")
