"""Runs the checks inside one Airflow and writes how each went, as JSON.

    python run_checks.py HOME RESULTS [NAME...]

HOME holds an initialised `airflow.db`.
"""

import importlib
import json
import sys
import time
import traceback
from pathlib import Path

import lab


def main() -> None:
    home, results, wanted = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    lab.prepare(home)
    if not (home / "airflow.db").exists():
        from airflow.utils.db import initdb

        initdb()
    lab.start_services(home)
    lab.mend()
    sys.path.insert(0, str(lab.HERE / "checks"))
    outcomes = {}
    for path in sorted((lab.HERE / "checks").glob("*.py")):
        module = importlib.import_module(path.stem)
        for name, check in list(vars(module).items()):
            if name.startswith("check_") and (not wanted or name in wanted):
                began = time.time()
                try:
                    check()
                    outcomes[name] = ""
                except BaseException:
                    outcomes[name] = traceback.format_exc()
                print(
                    f"@@ {name} {'ok' if not outcomes[name] else 'FAILED'} {time.time() - began:.1f} s",
                    flush=True,
                )
    results.write_text(json.dumps(outcomes))


if __name__ == "__main__":
    main()
