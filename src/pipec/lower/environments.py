"""What an environment puts in the place of a file's own values and objects."""

from __future__ import annotations

from collections.abc import Mapping as Values
from dataclasses import field

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.fields.scalars import WrongType, what
from pipec.frozen import frozen
from pipec.lower.params import ValueForNoParameter
from pipec.syntax import Mapping, Scalar, Tree

SECTIONS = ("schedules", "connections", "notifications", "resources")
"""The sections of which an environment may replace entries."""

Entry = tuple[Scalar, Tree]


@frozen
class Overlay:
    """The values of parameters, and the entries of sections, that an environment brings."""

    values: dict[str, Tree] = field(default_factory=dict)
    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)

    def over(self, section: str, own: Mapping) -> list[Entry]:
        """The entries of a section: the file's own, each replaced by the one of the same name."""
        replaced = dict(self.entries.get(section, {}))
        result = [replaced.pop(key.value, (key, tree)) for key, tree in own]
        return result + list(replaced.values())


def read_environments(
    tree: Tree | None, chosen: str, params: Values[str, object], report: Report
) -> Overlay:
    """What the environment `chosen` brings; mistakes in the others are reported as well."""
    overlay = Overlay()
    environments = tree if isinstance(tree, Mapping) else None
    for key, inside in environments or ():
        if not isinstance(inside, Mapping):
            report.add(WrongType(inside.span, "a mapping of values", what(inside)))
            continue
        values = [one for one in inside if not _is_section(*one)]
        given = inside.get("params")
        values += given.entries if isinstance(given, Mapping) else ()
        for name, value in values:
            if name.value in (*SECTIONS, "params") and name.value not in params:
                expected = f"a mapping of {name.value}"
                report.add(WrongType(value.span, expected, what(value)))
            elif name.value not in params:
                near = did_you_mean(name.value, params, f"there are {listed(params)}")
                near = near if params else "the pipeline declares none"
                report.add(ValueForNoParameter(name.span, name.value, near))
            elif key.value == chosen:
                overlay.values[name.value] = value
        if key.value == chosen:
            for name, section in inside:
                if name.value in SECTIONS and isinstance(section, Mapping):
                    overlay.entries[name.value] = {one.value: (one, it) for one, it in section}
    known = [key.value for key, _ in environments or ()]
    if environments is not None and known and chosen and chosen not in known:
        near = did_you_mean(chosen, known, f"there are {listed(known)}")
        report.add(UnknownEnvironment(environments.span.part(0, 0), chosen, near))
    return overlay


def _is_section(key: Scalar, value: Tree) -> bool:
    return isinstance(value, Mapping) and key.value in (*SECTIONS, "params")


@diagnostic
class UnknownEnvironment(Diagnostic):
    """`--env` chooses one of the `environments:` of the file.

    A pipeline without any is the same everywhere, whatever is chosen.
    """

    code = "P115"
    title = "Unknown environment"
    message = "the pipeline has no environment `{name}`"
    help = "{near}"

    name: str
    near: str
