"""The instances that a command line names: `NAME --at TIME`, or `NAME --from TIME --to TIME`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from pipec.cli.arguments import Misuse
from pipec.cli.plan import NOTHING_BETWEEN
from pipec.diagnostic import listed, nearest
from pipec.grid import Cron, Every, Grid, OnDemand, due, inside, interval
from pipec.grid.intervals import existing, number_at
from pipec.ir import Datanode, Pipeline
from pipec.links import Links
from pipec.plan import Graph, Node
from pipec.plan.dependants import Place, due_until
from pipec.render.moment import interval as shown
from pipec.render.moment import moment

Named = tuple[Graph, Node]


def named_nodes(
    name: str, asked: Sequence[Pipeline], graphs: Sequence[Graph], links: Links
) -> tuple[Named, ...]:
    """The nodes that `name` stands for, on each schedule that has them.

    It is that of an activity, of a precondition, or of a datanode: then its producers are meant,
    its preconditions if it has none, and the datanode itself if it has neither.
    """
    every = [(graph, one) for graph in graphs for one in graph.nodes]
    homes = _homes(name, asked, every, links)
    if not homes:
        raise Misuse(_unknown(name, asked, every))
    if len(homes) > 1:
        several = " or ".join(f"`{home.name}.{rest}`" for home, rest in homes)
        raise Misuse(f"`{name}` may be one of several: write {several}")
    [(home, rest)] = homes
    found = _of(home, rest, every, links)
    if not found:
        raise Misuse(
            f"`{name}` has no instances: it is read without waiting, and nothing is run for it;"
            " name what reads it"
        )
    return tuple(found)


def instances_at(name: str, nodes: Iterable[Named], at: datetime, now: datetime) -> list[Place]:
    """The instances of the nodes whose intervals start at `at`."""
    found = []
    around = {}
    for graph, one in nodes:
        grid = graph.schedule.grid
        numbers = _starting(grid, at)
        around[graph.schedule.name] = grid
        for number in numbers:
            found.append((_key(graph, one), number))
            if number not in due_until(grid, now):
                _not_due(name, grid, number)
    if not found:
        raise Misuse(f"no instance of `{name}` starts at {moment(at)}: {_around(around, at)}")
    return found


def instances_between(
    name: str, nodes: Iterable[Named], begin: datetime, end: datetime, now: datetime
) -> list[Place]:
    """The instances of the nodes whose whole intervals lie between the two times, of those due."""
    found: list[Place] = []
    for graph, one in nodes:
        grid = graph.schedule.grid
        numbers, until = inside(grid, begin, end), due_until(grid, now)
        found += [(_key(graph, one), number) for number in numbers if number in until]
    if not found and end <= begin:
        raise Misuse(NOTHING_BETWEEN)
    if not found:
        raise Misuse(
            f"no instance of `{name}` that is due by now has its whole interval in"
            f" {shown(begin, end)}"
        )
    return found


def _key(graph: Graph, one: Node) -> tuple[str, str, str]:
    return graph.pipeline.name, graph.schedule.name, one.name


def _homes(
    name: str, asked: Sequence[Pipeline], every: Sequence[Named], links: Links
) -> list[tuple[Pipeline, str]]:
    """The pipelines in which there is something that the name stands for, and its name there."""
    first, _, rest = name.partition(".")
    whole = [(links.project[first], rest)] if rest and first in links.project else []
    for places in (whole, [(one, name) for one in asked]):
        found = [
            (home, own)
            for home, own in places
            if own in home.datanodes or _of(home, own, every, links)
        ]
        if found:
            return found
    return []


def _of(home: Pipeline, name: str, every: Sequence[Named], links: Links) -> list[Named]:
    things = [it.thing for it in links.activities(home, name) if it.pipeline is home]
    if things:
        return _those(every, things)
    datanode = home.datanodes.get(name)
    if datanode is not None:
        return _of_datanode(home, datanode, every, links)
    owner_name, _, rest = name.rpartition(".")
    owner = home.datanodes.get(owner_name) or home.activities.get(owner_name)
    return _those(every, [it for it in owner.when if it.name == rest]) if owner else []


def _of_datanode(
    home: Pipeline, datanode: Datanode, every: Sequence[Named], links: Links
) -> list[Named]:
    producers = [it.thing for it in links.producers.get((home.name, datanode.name), ())]
    for things in (producers, list(datanode.when), [datanode]):
        if found := _those(every, things):
            return found
    return []


def _those(every: Sequence[Named], things: Sequence[object]) -> list[Named]:
    return [(graph, one) for graph, one in every if any(one.thing is it for it in things)]


def _unknown(name: str, asked: Sequence[Pipeline], every: Sequence[Named]) -> str:
    homes = {one.name for one in asked}
    home, dot, rest = name.partition(".")
    # What stands before the dot is right: it says nothing about which name is near.
    prefix, word = (f"{home}.", rest) if dot and home in homes else ("", name)
    if any(word in one.resources for one in asked):
        return f"`{name}` is started again with the work on it: name an activity that runs on it"
    nodes = [(graph.pipeline.name, one.name) for graph, one in every if one.kind != "resource"]
    known = [it for it in nodes if it[0] in homes and (not prefix or it[0] == home)]
    near = nearest(word, (own for _, own in known))
    whole = prefix or len(homes) > 1
    there = dict.fromkeys(f"{of}.{own}" if whole else own for of, own in known)
    said = f"did you mean `{prefix}{near}`?" if near else f"there are {listed(there, 20)}"
    return f"there is no activity, datanode or precondition `{name}`: {said}"


def _starting(grid: Grid, at: datetime) -> range:
    match grid:
        case Every() | Cron():
            number = number_at(grid, at)
            fits = interval(grid, number).start == at
            return existing(grid, range(number, number + 1)) if fits else range(0)
        case _:
            return inside(grid, at, at)


def _not_due(name: str, grid: Grid, number: int) -> None:
    found = interval(grid, number)
    raise Misuse(
        f"the instance of `{name}` for {shown(found.start, found.end)} is due at"
        f" {moment(due(grid, found))}: there is nothing to rerun yet"
    )


def _around(grids: dict[str, Grid], at: datetime) -> str:
    """The intervals nearest to `at`, of each schedule."""
    parts = []
    for schedule, grid in grids.items():
        near = [interval(grid, it) for it in _near(grid, at)]
        if near:
            listed = " and ".join(shown(it.start, it.end) for it in near)
            parts.append(f"near it `{schedule}` has {listed}")
        elif isinstance(grid, OnDemand):
            parts.append(
                f"`{schedule}` is on demand, no plan knows its runs; nothing waits for them, so"
                " clear them in Airflow"
            )
        else:
            parts.append(f"`{schedule}` has none at all")
    return "; ".join(parts)


def _near(grid: Grid, at: datetime) -> Iterator[int]:
    """The interval that `at` lies in and the one after it, or the first, or the last."""
    if not isinstance(grid, Every | Cron):
        yield from () if isinstance(grid, OnDemand) else (0,)
        return
    number = number_at(grid, at)
    found = existing(grid, range(number, number + 2))
    if not found:
        before = existing(grid, range(max(number, 0)))
        found = before[-1:] or existing(grid, range(1))
    yield from found
