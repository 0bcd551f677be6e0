"""How the hooks of Airflow reach AWS."""

from __future__ import annotations

import importlib
from typing import Any


def share_clients() -> None:
    """Let hooks that say the same of where and how they connect have one client in this process.

    A hook makes its client itself, in each task anew: half a second, and most of a short task.
    """
    hook: Any = importlib.import_module("airflow.providers.amazon.aws.hooks.base_aws")
    generic = hook.AwsGenericHook
    make = generic.conn.func
    made: dict[tuple[Any, ...], Any] = {}

    def shared(self: Any) -> Any:
        what = self.client_type, self.resource_type
        how = self.aws_conn_id, self._region_name, self._config, self._verify
        if (what, how) not in made:
            made[what, how] = make(self)
        return made[what, how]

    generic.conn = property(shared)
