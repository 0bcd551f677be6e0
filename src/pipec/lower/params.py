"""The parameters of a pipeline: their types, and the values that reach them."""

from __future__ import annotations

import re
from collections.abc import Mapping as Values
from datetime import UTC, datetime
from typing import Any

from lark import Token, Tree

from pipec.diagnostic import Diagnostic, Report, diagnostic, did_you_mean, listed
from pipec.expression import show
from pipec.fields.collections import list_of
from pipec.fields.forms import read_form
from pipec.fields.key import FieldType, key, keys
from pipec.fields.read import UnknownKey
from pipec.fields.reader import Constant, Reader
from pipec.fields.scalars import WrongType, boolean, integer, one_of, scalar, string, what
from pipec.fields.times import instant, period
from pipec.frozen import node
from pipec.grid import Period
from pipec.ir import Param
from pipec.lower.naming import name_problem
from pipec.source import Source
from pipec.syntax import Mapping, Scalar, Sequence, is_nothing
from pipec.syntax import Tree as Syntax
from pipec.values import Secret


def _double(it: Scalar, reader: Reader) -> float | None:
    if re.fullmatch(r"[+-]?(\d{1,300}(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", it.value.strip()):
        return float(it.value)
    reader.report.add(WrongType(it.span, "a number", what(it)))
    return None


def _sns(it: Scalar, reader: Reader) -> str | None:
    if it.value.startswith("arn:"):
        return it.value
    reader.report.add(WrongType(it.span, "the ARN of a topic, `arn:aws:sns:...`", what(it)))
    return None


def _s3(it: Scalar, reader: Reader) -> str | None:
    if it.value.startswith("s3://") and len(it.value) > 5:
        return it.value
    reader.report.add(WrongType(it.span, "a place in S3, `s3://bucket/...`", what(it)))
    return None


TYPES: dict[str, tuple[FieldType, Any]] = {
    "string": (string, "text"),
    "int": (integer, 1),
    "double": (scalar("number", _double), 1.0),
    "bool": (boolean, True),
    "datetime": (instant, datetime(2026, 1, 1, tzinfo=UTC)),
    "period": (period, Period(1, "day")),
    "s3": (scalar("place in S3", _s3), "s3://bucket/key"),
    "sns": (scalar("topic", _sns), "arn:aws:sns:us-east-1:111122223333:topic"),
}
"""How a value of each type is read, and a value that stands in while nobody gives one."""


@node
class _Given:
    """The long form of a parameter."""

    type: Any = key(string, "The type of its value.", default="string")
    default: Any = key(string, "Its value when nobody gives another.", default=None)
    at: str = key(one_of("run"), "`run`: asked for when a run on demand starts.", default="")
    one_of: Any = key(list_of(string), "The values it may have.", default=())
    optional: bool = key(boolean, "True when it may stay without a value.", default=False)
    description: str = key(string, "What it is for, for people.", default="")
    secret: Any = key(string, "Where its value is kept; it stands in no output.", default=None)


def read_params(
    tree: Syntax | None, values: Values[str, Syntax], report: Report
) -> dict[str, Param]:
    """The parameters that `params:` declares, with the values from outside that name them.

    A default may use the parameters above its own.
    """
    found: dict[str, Param] = {}
    declared = tree.entries if isinstance(tree, Mapping) else ()
    left_out: set[str] = set()
    for name, value in declared:
        known = Reader(
            report=report,
            constants=constants(found),
            unknown_until_run=frozenset(it.name for it in found.values() if it.at_run or it.secret),
            broken=frozenset(left_out),
        )
        param = None
        if not name_problem(name, "parameter", known):
            param = _param(name, value, values.get(name.value), known)
        if param is None:
            left_out.add(name.value)
        else:
            found[name.value] = param
    for given, value in values.items():
        if given not in {name.value for name, _ in declared}:
            near = did_you_mean(given, found, f"there are {listed(found)}")
            near = near if found else "the pipeline declares none"
            report.add(ValueForNoParameter(value.span, given, near))
    return found


def constants(params: Values[str, Param]) -> dict[str, Constant]:
    """What each parameter stands for in expressions, when the pipeline is compiled."""
    found = {}
    for param in params.values():
        if param.value is not None:
            found[param.name] = Constant(param.value)
        elif param.absent:
            found[param.name] = Constant(() if param.type.startswith("list(") else "")
        elif param.missing:
            found[param.name] = Constant(_stand_in(param), assumed=True)
    return found


def _stand_in(param: Param) -> Any:
    if param.one_of:
        return (param.one_of[0],) if param.type.startswith("list(") else param.one_of[0]
    if param.type.startswith("list("):
        return (TYPES[param.type[5:-1]][1],)
    return TYPES[param.type][1]


def _param(name: Scalar, tree: Syntax, value: Syntax | None, reader: Reader) -> Param | None:
    if isinstance(tree, Scalar):
        tree = Mapping(tree.span, ((Scalar(tree.span, "type"), tree),))
    if not isinstance(tree, Mapping):
        reader.report.add(WrongType(tree.span, "a type or a mapping with `type`", what(tree)))
        return None
    for key_, _ in tree:
        if key_.value not in keys(_Given):
            near = did_you_mean(key_.value, keys(_Given), f"it takes {listed(keys(_Given))}")
            owner = f"the parameter `{name.value}`"
            reader.report.add(UnknownKey(key_.span, key_.value, owner, near))
    given = {key_.value: one for key_, one in tree if not is_nothing(one) or key_.value == "type"}
    if "secret" in given:
        return _secret_param(name, given, value, reader)
    type_ = _type(given["type"], reader) if "type" in given else "string"
    if type_ is None:
        return None
    kind = _field_type(type_)
    item = TYPES[type_[5:-1]][0] if type_.startswith("list(") else kind
    allowed = list_of(item).read(given["one_of"], reader) or () if "one_of" in given else ()
    default = _value(name.value, kind, allowed, given.get("default"), reader)
    at_run = _plain(given, "at", one_of("run"), reader) == "run"
    chosen = _value(name.value, kind, allowed, value, reader)
    broken = (default is None and "default" in given) or (chosen is None and value is not None)
    if broken:
        return None
    return Param(
        name=name.value,
        type=type_,
        value=None if at_run else default if chosen is None else chosen,
        default=default,
        at_run=at_run,
        optional=bool(_plain(given, "optional", boolean, reader)),
        description=_plain(given, "description", string, reader) or "",
        one_of=allowed,
        span=name.span,
    )


def _value(
    name: str, kind: FieldType, allowed: tuple[Any, ...], tree: Syntax | None, reader: Reader
) -> Any:
    """A value of a parameter; None when none is given, or when it was reported."""
    if tree is None:
        return None
    if isinstance(tree, Scalar) and kind.name.startswith("list"):
        tree = _split(tree, reader)
    found = kind.read(tree, reader)
    strange = [one for one in _several(found) if one not in allowed] if allowed else []
    if found is not None and strange:
        listed_ = listed(show(one) for one in allowed)
        reader.report.add(ValueNotAllowed(tree.span, name, show(strange[0]), listed_))
        return None
    return found


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _split(tree: Scalar, reader: Reader) -> Syntax:
    """A list in one line, `a, b` or `[a, b]`, as from the command line."""
    if "${{" in tree.value or tree.is_null:
        return tree
    inside = tree.value.strip().removeprefix("[").removesuffix("]").strip()
    items = inside.split(",") if inside else []
    return Sequence(tree.span, tuple(Scalar(tree.span, item.strip(), True) for item in items))


def _secret_param(
    name: Scalar, given: dict[str, Syntax], value: Syntax | None, reader: Reader
) -> Param | None:
    secret = _secret(given["secret"], reader)
    for tree in (value, given.get("default")):
        if tree is not None:
            reader.report.add(SecretGiven(tree.span, name.value))
    if secret is None:
        return None
    description = _plain(given, "description", string, reader) or ""
    return Param(
        name=name.value, type="string", secret=secret, span=name.span, description=description
    )


def _plain(given: dict[str, Syntax], name: str, type_: FieldType, reader: Reader) -> Any:
    return type_.read(given[name], reader) if name in given else None


def _field_type(name: str) -> FieldType:
    return list_of(TYPES[name[5:-1]][0]) if name.startswith("list(") else TYPES[name][0]


def _type(tree: Syntax, reader: Reader) -> str | None:
    if not isinstance(tree, Scalar) or tree.is_null:
        reader.report.add(WrongType(tree.span, "a type", what(tree)))
        return None
    form = read_form("type", tree, reader)
    return _type_name(form, tree, reader) if form else None


def _type_name(form: Tree[Token], tree: Scalar, reader: Reader) -> str | None:
    name, inner = form.children
    if isinstance(inner, Tree) and name == "list" and inner.children[1] is None:
        if inner.children[0] in TYPES:
            return f"list({inner.children[0]})"
    elif inner is None and name in TYPES:
        return str(name)
    known = [*TYPES, "list"]
    there = f"the types are {listed([*TYPES, 'list(T)'])}"
    near = there if name in known else did_you_mean(str(name), known, there)
    reader.report.add(UnknownType(tree.span, tree.value[:60], near))
    return None


def _secret(tree: Syntax, reader: Reader) -> Secret | None:
    words = tree.value.split() if isinstance(tree, Scalar) else []
    if len(words) == 2 and words[0] in ("airflow", "secretsmanager", "env"):
        return Secret(words[0], words[1], tree.span)  # type: ignore[arg-type]
    reader.report.add(BadSecret(tree.span))
    return None


def value_scalar(source_name: str, value: str) -> Scalar:
    """A value given outside of any file, such as `--set`, as a scalar with a place to point at."""
    source = Source(source_name, value)
    return Scalar(source.span(0, len(value)), value, True)


@diagnostic
class UnknownType(Diagnostic):
    """Parameters are of the types string, int, double, bool, datetime, period, s3, sns and list(T)."""

    code = "P260"
    title = "Unknown type"
    message = "there is no type `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        params: {lake: strng}    # P260 strng
        """
    fixed = """
        pipeline: shop
        params: {lake: {type: string, default: s3}}
        """

    name: str
    near: str


@diagnostic
class ValueNotAllowed(Diagnostic):
    """`one_of` lists the values that a parameter may have."""

    code = "P261"
    title = "Value not allowed"
    message = "`{name}` may not be `{value}`"
    help = "it may be {allowed}"
    fails = """
        pipeline: shop
        params:
          size: {type: string, one_of: [small, large], default: huge}    # P261 huge
        """
    fixed = """
        pipeline: shop
        params:
          size: {type: string, one_of: [small, large], default: large}
        """

    name: str
    value: str
    allowed: str


@diagnostic
class ValueForNoParameter(Diagnostic):
    """A value was given, by `--set` or an environment, for a parameter that does not exist."""

    code = "P111"
    title = "Value for no parameter"
    message = "the pipeline has no parameter `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        params: {lake: string}
        environments:
          test: {lakes: s3}    # P111 lakes
        """
    fixed = """
        pipeline: shop
        params: {lake: {type: string, default: s3}}
        environments:
          test: {lake: s3}
        """

    name: str
    near: str


@diagnostic
class SecretGiven(Diagnostic):
    """A secret has no value when the pipeline is compiled, so none can land in an output.

    It is read where the work runs: from an Airflow variable, from AWS Secrets Manager, or from
    the environment of the worker.
    """

    code = "P262"
    title = "Value for a secret"
    secret = True
    message = "`{name}` is a secret; its value must not be given here"
    help = "store the value where `secret:` says, and leave it out here"
    fails = """
        pipeline: shop
        params:
          token: {secret: env SHOP_TOKEN, default: abc}    # P262 abc
        """
    fixed = """
        pipeline: shop
        params:
          token: {secret: env SHOP_TOKEN}
        """

    name: str


@diagnostic
class BadSecret(Diagnostic):
    """A secret says where its value is kept: an Airflow variable, AWS Secrets Manager, the environment."""

    code = "P263"
    title = "Unknown place of a secret"
    message = "this does not say where the secret is kept"
    help = "write `airflow NAME`, `secretsmanager NAME` or `env NAME`"
    fails = """
        pipeline: shop
        params:
          token: {secret: SHOP_TOKEN}    # P263 SHOP_TOKEN
        """
    fixed = """
        pipeline: shop
        params:
          token: {secret: env SHOP_TOKEN}
        """
