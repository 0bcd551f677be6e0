"""Which pipec this is."""

from __future__ import annotations


def version() -> str:
    """The version of the checkout that runs, else of the package that is installed."""
    from pipec.assets import ASSETS

    declared = ASSETS / "pyproject.toml"
    if declared.is_file():
        import tomllib

        with declared.open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
    from importlib import metadata

    return metadata.version("pipec")
