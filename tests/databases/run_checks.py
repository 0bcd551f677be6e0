"""Runs the checks of databases inside one Airflow and writes how each went, as JSON.

    python run_checks.py HOME RESULTS

HOME is a new folder.
"""

import importlib
import json
import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "airflow" / "helpers"))
import lab
import pymysql


def main() -> None:
    home, results = Path(sys.argv[1]), Path(sys.argv[2])
    lab.prepare(home)
    # It is made to stand in for mysqlclient, for which there are no wheels.
    pymysql.install_as_MySQLdb()
    sys.modules["MySQLdb.cursors"] = pymysql.cursors
    lab.start_services(home)
    outcomes = {}
    for name, check in vars(importlib.import_module("checks")).items():
        if name.startswith("check_"):
            try:
                check()
                outcomes[name] = ""
            except BaseException:
                outcomes[name] = traceback.format_exc()
            print("@@", name, "ok" if not outcomes[name] else "FAILED", flush=True)
    results.write_text(json.dumps(outcomes))


main()
