"""What the objects of a section have in common, whatever their kind: their rows."""

from __future__ import annotations

import re

from pipec.definition.catalogue import catalogue
from pipec.facets import Command
from pipec.grid import PLAIN, OnDemand, Period
from pipec.ir import Activity, Datanode, Resource
from pipec.syntax import Scalar
from pipec.targets.datapipeline.lengths import period_text, read_period
from pipec.targets.datapipeline.rows.plain import Row, length, number, scalar, text, word
from pipec.targets.datapipeline.says import Says
from pipec.targets.datapipeline.schedules import type_of
from pipec.targets.datapipeline.sides import InOneLine, Reading
from pipec.targets.datapipeline.when import WHEN
from pipec.targets.datapipeline.writing import Writing
from pipec.values import Attempts

DEFAULT_ATTEMPTS = 3
PAUSE = Period(10, "minute")


def _write_flow(out: Writing) -> None:
    flow = out.thing.flow
    for one in flow.inputs:
        if one.window != PLAIN:
            near = "it reads the instances inside of its own interval, and no others"
            out.unsaid("window", near, one)
    out.put("input", [out.named(one.ref.name) for one in flow.inputs])
    out.put("output", [out.named(one.name) for one in flow.outputs])


def _read_flow(it: Reading) -> None:
    sides = [_names(it, name, "datanodes") for name in ("input", "output")]
    if not any(sides):
        return
    read, written = (", ".join(one) for one in sides)
    it.put("flow", f"{read} -> {written}".strip() if written else read)


def _write_after(out: Writing) -> None:
    names: list[str] = []
    for ref in out.thing.after:
        found = out.book.links.activities(out.book.pipeline, ref.name)
        names += [it.thing.name for it in found if it.pipeline is out.book.pipeline]
        if any(it.pipeline is not out.book.pipeline for it in found):
            out.unsaid("after", "it knows nothing of other pipelines")
    out.put("dependsOn", [out.named(one) for one in dict.fromkeys(names)])


def _read_after(it: Reading) -> None:
    names = _names(it, "dependsOn", "activities")
    field = it.field("input")
    for reference in field.references if field is not None else ():
        node = it.other(reference)
        if node is not None and node.field("dependsOn") is not None:
            node.account("dependsOn", "approximated", "what reads it comes after these")
            names += [one for one in _names(node, "dependsOn", "activities") if one not in names]
    if names:
        it.put("after", ", ".join(names))


def _names(it: Reading, name: str, section: str) -> list[str]:
    field = it.field(name)
    if field is None:
        return []
    for one in field.values:
        if isinstance(one, Scalar):
            it.account(name, "undecided", f"`{one.value}` is no reference")
    found = [it.name(one, section) for one in field.references]
    return list(dict.fromkeys(one for one in found if one))


def _write_attempts(out: Writing) -> None:
    usual = Attempts(DEFAULT_ATTEMPTS, PAUSE)
    given = out.value("attempts") or usual
    if not isinstance(out.thing, Activity) and (given.count, given.every) == (usual.count, PAUSE):
        return
    out.put("maximumRetries", str(given.count - 1))
    out.put("retryDelay", period_text(given.every))


def _read_attempts(it: Reading) -> None:
    retries, pause = scalar(it, "maximumRetries"), scalar(it, "retryDelay")
    if retries is None and pause is None:
        return
    known = it.plain(retries) if retries is not None else str(DEFAULT_ATTEMPTS - 1)
    if known is None or not known.strip().isdecimal():
        it.account("maximumRetries", "undecided", "it is no number that is known beforehand")
        known = str(DEFAULT_ATTEMPTS - 1)
    every = read_period(pause, it) if pause is not None else period_text(PAUSE)
    it.put("attempts", f"{int(known) + 1} every {every}")


def _write_late(out: Writing) -> None:
    late = out.value("late")
    if late is None:
        return
    out.put("lateAfterTimeout", period_text(late.after))
    actions = [out.named(ref.name) for ref in out.thing.notify.get("late", ())]
    if late.stop:
        actions.append(out.book.helper("Terminate", "terminate", {}, out.thing.span))
    out.put("onLateAction", actions)


def _read_late(it: Reading) -> None:
    after = scalar(it, "lateAfterTimeout")
    field = it.field("onLateAction")
    actions = [it.other(one) for one in field.references] if field is not None else []
    stop = any(one is not None and one.type == "Terminate" for one in actions)
    if after is None:
        if field is not None:
            it.account("onLateAction", "dropped", "nothing is late without a lateAfterTimeout")
        return
    if it.on_demand:
        why = "AWS Data Pipeline does not look at it on demand"
        it.account(
            "lateAfterTimeout", "approximated", f"{why}; here it counts from the start of the run"
        )
    it.put("late", f"after {read_period(after, it)}{', stop' if stop else ''}")


_NOTICES = {"failure": "onFail", "success": "onSuccess", "late": "onLateAction"}


def _write_notify(out: Writing) -> None:
    for status, name in _NOTICES.items():
        refs = out.value("notify").get(status, ())
        if status == "late":
            if refs and getattr(out.thing, "late", None) is None:
                out.unsaid("notify", "give it a `late: after ...` as well")
            continue
        out.put(name, [out.named(ref.name) for ref in refs])


def _read_notify(it: Reading) -> None:
    made = {}
    for status, name in _NOTICES.items():
        if status == "late" and (it.section != "activities" or not it.has("lateAfterTimeout")):
            continue
        field = it.field(name)
        found = [
            it.name(one, "notifications")
            for one in (field.references if field is not None else ())
            if (action := it.other(one)) is not None and action.type != "Terminate"
        ]
        if names := ", ".join(one for one in found if one):
            made[status] = names
        elif field is not None and status != "late":
            why = (
                "only a late instance can be terminated" if field.references else "it names nothing"
            )
            it.account(name, "dropped", why)
    if made:
        it.put("notify", InOneLine(made))


def _write_runs_on(out: Writing) -> None:
    ref = out.value("runs_on")
    if isinstance(out.thing, Datanode) and not out.thing.when:
        return  # Nothing of it runs anywhere.
    resource = out.book.pipeline.resources.get(ref.name) if ref is not None else None
    if resource is None:
        return
    if resource.kind.sort == "workers":
        out.put("workerGroup", resource.kind.workers.queue)
    else:
        out.put("runsOn", out.named(resource.name))


def _read_runs_on(it: Reading) -> None:
    runs, group = it.field("runsOn"), it.field("workerGroup")
    if runs is not None and runs.references:
        if name := it.name(runs.references[0], "resources"):
            it.put("runs_on", name)
        if group is not None and group is not it.field_of_default("workerGroup"):
            it.account(
                "workerGroup", "dropped", "AWS Data Pipeline takes no notice of it beside `runsOn`"
            )
    elif group is not None and (found := scalar(it, "workerGroup")) is not None:
        if it.type in _OF_CLUSTERS:
            it.account(
                "workerGroup", "undecided", "it runs on a cluster: say which under `runs_on`"
            )
            it.remark("It ran on a cluster that a worker group knew: say which under `runs_on`.")
        it.put("runs_on", it.workers(it.plain(found) or found.value))


_OF_CLUSTERS = ("EmrActivity", "HadoopActivity", "HiveActivity", "HiveCopyActivity", "PigActivity")


def _write_schedule(out: Writing) -> None:
    schedule = out.schedule
    if schedule is not None and not isinstance(schedule.grid, OnDemand):
        out.put("schedule", out.named(schedule.name))
        if not isinstance(out.thing, Resource):  # Machines do not ask when work is due.
            out.put("scheduleType", type_of(schedule.grid))


def _read_schedule(it: Reading) -> None:
    if name := it.schedule():
        it.put("schedule", name)


def _write_vars(out: Writing) -> None:
    from pipec.definition.ids import id_of

    texts = [out.kind.shell] if isinstance(out.kind, Command) and hasattr(out.kind, "shell") else []
    words = "".join(it for text in texts for it in text.pieces if isinstance(it, str))
    for name, value in out.value("vars").items():
        if re.search(rf"\$\{{?{name}\b", words):
            out.unsaid("vars", f"write `${{{{ self.{name} }}}}` instead of `${name}`")
        out.put(id_of(name), out.text(value))


def _read_vars(it: Reading) -> None:
    made = {}
    for name in it.own_fields():
        if (found := scalar(it, name)) is not None:
            made[it.variable(name)] = it.text(found)
    if made:
        it.put("vars", made)


def _write_theirs(out: Writing) -> None:
    facts = catalogue()
    for name, given in out.value("datapipeline").items():
        own = facts.types[out.type].fields
        if name not in own and name in facts.anywhere:
            continue  # It came from `defaults`, for objects of other types.
        values = given if isinstance(given, tuple | list) else (given,)
        out.put(name, [one if isinstance(one, str) else out.text(one) for one in values])


def _read_nothing(_: Reading) -> None:
    """What only the service understands is kept by whoever asks for what is left."""


FLOW = Row(("input", "output"), ("flow",), _write_flow, _read_flow)
AFTER = Row(("dependsOn",), ("after",), _write_after, _read_after)
ATTEMPTS = Row(("maximumRetries", "retryDelay"), ("attempts",), _write_attempts, _read_attempts)
LATE = Row(("lateAfterTimeout", "onLateAction"), ("late",), _write_late, _read_late)
NOTIFY = Row(("onFail", "onSuccess"), ("notify",), _write_notify, _read_notify)
RUNS_ON = Row(("runsOn", "workerGroup"), ("runs_on",), _write_runs_on, _read_runs_on)
SCHEDULE = Row(("schedule", "scheduleType"), ("schedule",), _write_schedule, _read_schedule)
VARS = Row((), ("vars",), _write_vars, _read_vars)
THEIRS = Row((), ("datapipeline",), _write_theirs, _read_nothing)
DESCRIPTION = text("myComment", "description")


def _on_failure() -> Row:
    """`cascade` is said aloud: without the field, it is `none`."""
    said = word("failureAndRerunMode", "on_failure", {"CASCADE": "cascade", "NONE": "wait"})

    def read(it: Reading) -> None:
        if it.field("failureAndRerunMode") is None:
            it.put("on_failure", "wait")
        else:
            said.read(it)

    def write(out: Writing) -> None:
        out.put(
            "failureAndRerunMode", "CASCADE" if out.value("on_failure") == "cascade" else "NONE"
        )

    return Row(said.theirs, said.ours, write, read)


def _write_waiting(out: Writing) -> None:
    """Data of work whose dependants wait when it failed lets them wait as well."""
    key = (out.book.pipeline.name, out.thing.name)
    makers = [it.thing for it in out.book.links.producers.get(key, ())]
    if makers and all(it.on_failure == "wait" for it in makers):
        out.put("failureAndRerunMode", "NONE")


WAITING = Row(("failureAndRerunMode",), (), _write_waiting, _read_nothing)


def _max_active() -> Row:
    """Five at a time is what both do when nothing is said."""

    def write(out: Writing) -> None:
        if out.thing.max_active != 5:
            out.put("maxActiveInstances", str(out.thing.max_active))

    return Row(
        ("maxActiveInstances",),
        ("max_active",),
        write,
        number("maxActiveInstances", "max_active").read,
    )


ROWS: dict[str, tuple[Row, ...]] = {
    "activities": (
        DESCRIPTION, FLOW, AFTER, SCHEDULE, RUNS_ON, WHEN, ATTEMPTS, length("attemptTimeout", "timeout"),
        LATE, NOTIFY, _on_failure(), _max_active(), VARS, THEIRS,
    ),
    "datanodes": (DESCRIPTION, SCHEDULE, WAITING, WHEN, RUNS_ON, ATTEMPTS, NOTIFY, VARS, THEIRS),
    "resources": (DESCRIPTION, SCHEDULE, ATTEMPTS, NOTIFY, VARS, THEIRS),
    "notifications": (DESCRIPTION, VARS, THEIRS),
    "formats": (),
}  # fmt: skip
"""By section; those of the kind itself come first."""


def rows_of(said: Says) -> tuple[Row, ...]:
    """All rows of a kind: its own, and those of its section for keys that these leave alone."""
    own = {key for row in said.rows for key in row.ours}
    return (*said.rows, *(row for row in ROWS[said.section] if not own & {*row.ours}))
