"""What Airflow does with a folder of Dag files; runs in the environment of Airflow.

    worker.py bag FOLDER             one process loads the whole folder
    worker.py pass FOLDER            the dag-processor's way with each file: fork, parse, serialize
    worker.py task FOLDER FILE       what a task start does: parse FILE again in a fresh fork

Prints one line of JSON at the end.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import statistics
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import airflow.dag_processing.manager
import airflow.sdk  # noqa: F401  The processes that fork in earnest have loaded both.
import structlog
from airflow.dag_processing import processor
from airflow.dag_processing.dagbag import BundleDagBag, DagBag

Found = dict[str, Any]

STARTS = 5
"""How often a task is started."""


def bag(folder: Path) -> Found:
    start, used = time.perf_counter(), time.process_time()
    loaded = DagBag(dag_folder=str(folder), bundle_path=folder, bundle_name="bench")
    tasks = [task for dag in loaded.dags.values() for task in dag.tasks]
    return {
        "wall": time.perf_counter() - start,
        "cpu": time.process_time() - used,
        "dags": len(loaded.dags),
        "tasks": len(tasks),
        "edges": sum(len(task.downstream_task_ids) for task in tasks),
        "complaints": list(loaded.import_errors.values()),
    }


def one_pass(folder: Path) -> Found:
    def parse(file: str) -> Found:
        request = processor.DagFileParseRequest(file=file, bundle_path=folder, bundle_name="bench")
        result = processor._parse_file(request, structlog.get_logger())
        assert result is not None
        result.model_dump_json()  # As it is sent to the process that keeps the Dags.
        dags = [serialized.data["dag"] for serialized in result.serialized_dags]
        tasks = [task.get("__var", task) for dag in dags for task in dag["tasks"]]
        return {
            "dags": len(dags),
            "tasks": len(tasks),
            "edges": sum(len(task.get("downstream_task_ids", ())) for task in tasks),
            "complaints": list((result.import_errors or {}).values()),
        }

    return _in_forks(sorted(map(str, folder.glob("*.py"))), parse)


def task_start(folder: Path, file: str) -> Found:
    def parse(path: str) -> Found:
        loaded = BundleDagBag(
            dag_folder=path,
            safe_mode=False,
            load_op_links=False,
            bundle_path=folder,
            bundle_name="bench",
        )
        return {"dags": len(loaded.dags), "complaints": list(loaded.import_errors.values())}

    return _in_forks([str(folder / file)] * STARTS, parse)


def _in_forks(files: list[str], parse: Any) -> Found:
    """The sums of what `parse` returns in a fork of its own for each file, and the costs."""
    found: Found = {"complaints": []}
    each = []
    began = time.perf_counter()
    for file in files:
        start = time.perf_counter()
        processor._pre_import_airflow_modules(file, structlog.get_logger())
        for key, value in _in_fork(parse, file).items():
            found[key] = found[key] + value if key in found else value
        each.append(time.perf_counter() - start)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found["wall"] = time.perf_counter() - began
    found["cpu"] = used.ru_utime + used.ru_stime
    found["median"] = statistics.median(each)
    return found


def _in_fork(parse: Any, file: str) -> Found:
    read, write = os.pipe()
    if not (child := os.fork()):
        os.close(read)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        try:
            found = parse(file)
        except BaseException as problem:  # The parent shows it; nothing may escape a fork.
            found = {"complaints": [repr(problem)]}
        with os.fdopen(write, "wb") as pipe:
            pipe.write(json.dumps(found).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        found = json.loads(pipe.read())
    os.waitpid(child, 0)
    assert isinstance(found, dict)
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.INFO)
    does = {"bag": bag, "pass": one_pass, "task": task_start}[sys.argv[1]]
    print("\n" + json.dumps(does(Path(sys.argv[2]), *sys.argv[3:])))
