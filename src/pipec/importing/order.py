"""Activities in the order in which they run; those that have none, as the definition has them."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from pipec.targets.datapipeline.sides import Made


def in_order(activities: dict[str, dict[str, Made]]) -> dict[str, dict[str, Made]]:
    """The activities, each after those whose outputs it reads, and those it names under `after`.

    An `after` that the flow implies already is left out.
    """
    writers: dict[str, set[str]] = {}
    for name, one in activities.items():
        for node in _nodes(one)[1]:
            writers.setdefault(node, set()).add(name)
    by_flow = {
        name: {it for node in _nodes(one)[0] for it in writers.get(node, ())} - {name}
        for name, one in activities.items()
    }
    before = {
        name: by_flow[name] | set(_words(one.get("after"))) for name, one in activities.items()
    }
    names = list(activities)
    try:
        sorter = TopologicalSorter({it: before[it] & activities.keys() for it in names})
        sorter.prepare()
    except CycleError:  # The checks will say so.
        return activities
    done: dict[str, dict[str, Made]] = {}
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted({*ready, *sorter.get_ready()}, key=names.index)
        name = ready.pop(0)
        done[name] = _without_implied(activities[name], by_flow[name])
        sorter.done(name)
    return done


def _without_implied(one: dict[str, Made], implied: set[str]) -> dict[str, Made]:
    left = [it for it in _words(one.get("after")) if it not in implied]
    rest = {key: value for key, value in one.items() if key != "after"}
    return {**rest, "after": ", ".join(left)} if left else rest


def _nodes(one: dict[str, Made]) -> tuple[list[str], list[str]]:
    read, _, written = str(one.get("flow") or "").partition("->")
    return _words(read), _words(written)


def _words(text: Made) -> list[str]:
    return [it.strip() for it in str(text or "").split(",") if it.strip()]
