"""`python`: a function."""

from __future__ import annotations

import re

from pipec.diagnostic import Diagnostic, Report, diagnostic, listed
from pipec.facets import Doing
from pipec.fields.collections import structures
from pipec.fields.key import EMPTY, FieldType, key
from pipec.fields.reader import Reader
from pipec.fields.references import own_script
from pipec.fields.scalars import scalar
from pipec.frozen import node
from pipec.ir import Activity, Pipeline
from pipec.links import Links
from pipec.syntax import Scalar
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.work import STANDARD, Work, constant_name
from pipec.targets.python.values import Call, partial
from pipec.values import Script


def _function(it: Scalar, reader: Reader) -> str | None:
    name = it.value.strip()
    if re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", name):
        return name
    reader.report.add(NotAFunction(it.span, name[:60]))
    return None


function = FieldType("name of a function", scalar("name of a function", _function).read)


@node
class Python(Doing):
    """Call a Python function with keyword arguments.

    With `script`, it is a function of that file, which is compiled in; without, it is given by
    its full path (`package.module.function`) and must be installed where it runs.
    """

    python: str = key(function, "The function.")
    script: Script | None = key(
        own_script, "A Python file beside the pipeline that holds it.", default=None, merges=False
    )
    args: dict[str, object] = key(structures, "Its keyword arguments.", default=EMPTY)

    def check(self, activity: Activity, pipeline: Pipeline, links: Links, report: Report) -> None:
        """Report a script that is not Python, or that does not hold the function."""
        content = self.script.content if self.script is not None else None
        if self.script is None or content is None or content.constant is None:
            return
        import ast

        try:
            tree = ast.parse(content.constant)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 1
            report.add(NotPython(self.script.span, line, str(getattr(error, "msg", error))))
            return
        bound = {getattr(one, "name", "") for one in tree.body}
        dynamic = any(not isinstance(one, ast.FunctionDef | ast.Expr) for one in tree.body)
        if self.python not in bound and not dynamic:
            report.add(FunctionMissing(self.script.span, self.python, listed(sorted(bound - {""}))))


@airflow.activities.of(Python)
def to_airflow(python: Python, work: Work) -> Call:
    """A PythonOperator; the script is part of the Dag file, other functions are imported late."""
    if python.script is None:
        function = partial(work.helper("call_function"), python.python)
    else:
        content, path = python.script.content, python.script.path.constant or ""
        assert content is not None
        name = path.rpartition("/")[2].removesuffix(".py")
        constant = work.constant(constant_name(name, "SCRIPT", "PY"), content.constant or "")
        file = path.removeprefix("./")
        function = partial(work.helper("call_script"), constant, file, python.python)
    return work.task(
        f"{STANDARD}.operators.python.PythonOperator",
        python_callable=function,
        op_kwargs={"arguments": work.structure(python.args)},
    )


@diagnostic
class NotAFunction(Diagnostic):
    """A Python function is named by its path, `package.module.function`, or by its name in `script`."""

    code = "P235"
    title = "Not a function"
    message = "`{found}` is not the name of a Python function"
    help = "write `package.module.function`; or the function's name, and its file under `script:`"
    fails = """
        pipeline: shop
        activities:
          mail:
            python: print("mail")    # P235 print("mail")
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            python: shop.mail.send
        """

    found: str


@diagnostic
class NotPython(Diagnostic):
    """The script of a `python` activity is compiled in, so it is read beforehand."""

    code = "P296"
    title = "Script is not Python"
    message = "line {line} of the script is not Python: {problem}"

    line: int
    problem: str


@diagnostic
class FunctionMissing(Diagnostic):
    """`python` names a function of its `script`."""

    code = "P297"
    title = "Function not in the script"
    message = "the script holds no function `{name}`"
    help = "it holds {there}"

    name: str
    there: str
