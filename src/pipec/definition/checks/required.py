"""An object has all the fields without which the service does not take it."""

from __future__ import annotations

from pipec.definition.checks.facts import called, type_of
from pipec.definition.inherit import resolved
from pipec.definition.values import Definition
from pipec.diagnostic import Diagnostic, Report, diagnostic, listed


def check_required(definition: Definition, report: Report) -> None:
    """Report each object that lacks a field, inheritance counted in."""
    for one in resolved(definition):
        type_ = type_of(one.object)
        if type_ is None:
            continue
        missing = [f"`{it.name}`" for it in type_.writable if it.required and not one.get(it.name)]
        for names in type_.one_of:
            if not any(map(one.get, names)):
                missing.append(f"one of {listed(names)}")
        if one.get("onLateAction") and one.own("onLateAction") and not one.get("lateAfterTimeout"):
            missing.append("`lateAfterTimeout`, which its `onLateAction` waits for")
        for words in missing:
            report.add(MissingField(one.object.at, called(one.object), words))


@diagnostic
class MissingField(Diagnostic):
    """Each type has fields that must be there, in the object itself or inherited."""

    code = "P536"
    title = "Missing field"
    message = "{object} has no {missing}"
    help = "add it here, or to what this inherits from"
    fails = """
        {"objects": [
          {"id": "Mail", "type": "ShellCommandActivity", "command": "./mail"}    # P536 "Mail"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "workerGroup": "office"},
          {"id": "Mail", "type": "ShellCommandActivity", "command": "./mail"}
        ]}
        """

    object: str
    missing: str
