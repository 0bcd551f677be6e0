"""The Dag files of a pipeline: one for each graph of its plan."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipec.diagnostic import Report
from pipec.links import Links
from pipec.plan import Graph
from pipec.targets.airflow.dag import Dag, make_dag
from pipec.targets.airflow.helpers import helpers
from pipec.targets.airflow.version import Version, home
from pipec.targets.python import comment, docstring, imports, show, statement
from pipec.targets.python.values import Call, Name, Value, names

if TYPE_CHECKING:
    from jinja2 import Template


def examine(graphs: Iterable[Graph], links: Links, report: Report) -> None:
    """Report what Airflow cannot say about the graphs, without writing anything."""
    for graph in graphs:
        make_dag(graph, links, report)


def emit(
    graphs: Iterable[Graph],
    links: Links,
    report: Report,
    *,
    version: Version = "3.3",
    local: bool = False,
    stand_ins: Container[str] = (),
) -> dict[str, str]:
    """The Dag files of a pipeline, by name; nothing of a Dag that holds an error.

    With `local`, everything runs on one machine: executors and queues are left out. Connections
    that are `stand_ins` lead to a PostgreSQL, whatever their kind.
    """
    found = {}
    for graph in graphs:
        before = report.errors
        dag = make_dag(graph, links, report, local=local, stand_ins=stand_ins)
        if dag is not None and report.errors == before:
            found[f"{dag.id}.py"] = _file(dag, version)
    return found


def _file(dag: Dag, version: Version) -> str:
    values: list[Value] = [
        dag.call,
        *(task.call for task in dag.tasks),
        *(function.value for function in dag.functions),
        *(call for _, call in dag.notices),
    ]
    used = [name for value in values for name in names(value)]
    needed = helpers(
        name.module.removeprefix("helpers.") for name in used if name.module.startswith("helpers.")
    )
    pairs = {
        pair for name in used if not name.module.startswith("helpers.") and (pair := name.imported)
    }
    for helper in needed:
        pairs |= helper.imports
    pairs = {(home(version, module, name), name) for module, name in pairs}
    taken = {name or module for module, name in pairs} | {helper.name for helper in needed}
    variables = _variables(dag, taken)
    return _outline().render(
        docstring=docstring(dag.docstring),
        imports=imports((), pairs),
        constants=[statement(name, text) for name, text in dag.constants.items()],
        helpers=[helper.code for helper in needed],
        functions=[
            {
                "head": f"def {one.name}({', '.join(one.arguments)}):",
                "doc": docstring(one.doc, indent=4),
                "body": f"return {show(one.value, indent=4, before=7)}",
            }
            for one in dag.functions
        ],
        notices=[
            {
                "name": name,
                "doc": docstring(f"Tells `{name.removeprefix('tell_')}`.", indent=4),
                "body": statement(None, call, indent=4),
            }
            for name, call in dag.notices
        ],
        limit=comment(dag.limit) if dag.limit else "",
        dag=show(dag.call, indent=0, before=5, after=1),
        tasks=[
            {
                "comment": comment(task.comment, indent=4),
                "statement": _task(variables[task.id], task.call),
            }
            for task in dag.tasks
        ],
        chains=_chains(dag, variables),
        marks=_marks(dag, variables),
    )


def _task(variable: str, call: Call) -> str:
    text = statement(variable, call, indent=4)
    operator = call.function.text if isinstance(call.function, Name) else ""
    if variable != call.kwargs["task_id"] and operator.endswith("Operator"):
        # The copies of a matrix have a dot in their names, which a variable cannot have.
        first, line, rest = text.partition("\n")
        return f"{first}  # noqa: AIR001{line}{rest}"
    return text


def _variables(dag: Dag, taken: set[str]) -> dict[str, str]:
    """A variable for each task: its id, unless that is no name or already stands for something."""
    import builtins
    import keyword

    taken = {*taken, *dir(builtins), *keyword.kwlist, *dag.constants, "DAG"}
    taken |= {one.name for one in dag.functions} | {name for name, _ in dag.notices}
    ids = {task.id for task in dag.tasks}
    found: dict[str, str] = {}
    for task in dag.tasks:
        name = "".join(one if one.isalnum() or one == "_" else "_" for one in task.id)
        while name in taken or (name != task.id and name in ids):
            name += "_"
        taken.add(name)
        found[task.id] = name
    return found


def _marks(dag: Dag, variables: dict[str, str]) -> list[str]:
    """What says which tasks start and end what others run on."""
    lines = []
    for task in dag.tasks:
        if task.teardown is not None:
            started = ", ".join(f"setups={variables[one]}" for one in task.teardown)
            lines.append(f"{variables[task.id]}.as_teardown({started})")
    return lines


LONGEST_CHAIN = 8
"""Tasks in one line of dependencies; a longer one starts anew where the last one ended."""


def _chains(dag: Dag, variables: dict[str, str]) -> list[str]:
    """The dependencies, as `a >> b >> c` and `[a, b] >> c`."""
    from pipec.targets.python.values import Binary

    chains: list[list[Any]] = []
    open_: dict[str, list[Any]] = {}
    for task in dag.tasks:
        chain = open_.pop(task.upstream[0], None) if len(task.upstream) == 1 else None
        if chain is not None and len(chain) < LONGEST_CHAIN:
            chain.append(task.id)
        elif task.upstream:
            first: Any = task.upstream[0] if len(task.upstream) == 1 else list(task.upstream)
            chain = [first, task.id]
            chains.append(chain)
        else:
            continue
        open_[task.id] = chain

    def shown(one: Any) -> Value:
        if isinstance(one, list):
            return [Name(variables[it]) for it in one]
        return Name(variables[one])

    lines = []
    for chain in chains:
        value = shown(chain[0])
        for one in chain[1:]:
            value = Binary(">>", value, shown(one))
        lines.append(statement(None, value, indent=4))
    return lines


@lru_cache(maxsize=1)
def _outline() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from pipec.assets import ASSETS

    environment = Environment(
        loader=FileSystemLoader(ASSETS / "targets" / "airflow"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template("dag.py.j2")
