"""Puts the tables of the grammars into the wheel, so that no command has to compute them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

GRAMMAR = "pipec/_assets/grammar"


class GrammarTables(BuildHookInterface):
    """Writes the tables beside the grammars of a wheel; an editable install reads the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self.tables = tempfile.TemporaryDirectory(prefix="pipec-grammar-")
        # All of this process's path: pip lends its build environment through nothing else.
        path = os.pathsep.join([str(Path(self.root, "src")), *sys.path])
        subprocess.run(
            [sys.executable, "-m", "pipec.grammar", self.tables.name],
            check=True,
            env=os.environ | {"PYTHONPATH": path},
        )
        for table in sorted(Path(self.tables.name).iterdir()):
            build_data["force_include"][str(table)] = f"{GRAMMAR}/{table.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self.tables.cleanup()
