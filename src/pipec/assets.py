"""Where grammar/ and targets/ are, in a wheel and in a checkout alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_assets"  # Exists only in a built wheel.

ASSETS = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent.parent
"""The folder that holds `grammar/` and `targets/`."""
