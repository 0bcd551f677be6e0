"""The connections to databases."""

from __future__ import annotations

import re
from typing import Any

from pipec.diagnostic import Diagnostic, diagnostic, did_you_mean, listed
from pipec.fields.collections import mapping_of
from pipec.fields.datapipeline import for_datapipeline
from pipec.fields.key import EMPTY, key, keys
from pipec.fields.read import read_fields
from pipec.fields.reader import Reader
from pipec.fields.scalars import WrongType, at_least, string, text, what
from pipec.frozen import node
from pipec.ir import Connection
from pipec.lower.objects import NoKind, TwoKinds
from pipec.syntax import Mapping, Scalar, Tree, is_nothing
from pipec.values import Text

ENGINES = ("postgres", "mysql", "mariadb", "oracle", "sqlserver", "redshift", "jdbc")


@node
class Fields:
    """What a connection may say. Airflow takes all but its kind, driver and jar from its own Connection."""

    host: str = key(string, "The machine of the database.", default="")
    port: int = key(at_least(1), "Its port.", default=0)
    instance: str = key(string, "The RDS instance.", default="")
    cluster: str = key(string, "The Redshift cluster.", default="")
    url: Text | None = key(text, "The JDBC URL.", default=None)
    database: str = key(string, "The database on it.", default="")
    user: str = key(string, "The user.", default="")
    password: Text | None = key(text, "The password: always a secret.", default=None)
    driver: str = key(string, "The class of the JDBC driver.", default="")
    jar: str = key(string, "Where the JDBC driver is.", default="")
    properties: Any = key(mapping_of(text, dotted=True), "Further properties.", default=EMPTY)
    region: str = key(string, "The AWS region.", default="")
    datapipeline: Any = for_datapipeline()


def read_connection(name: Scalar, tree: Tree, reader: Reader) -> Connection | None:
    """The connection; None when reported."""
    if isinstance(tree, Scalar) and not tree.is_null:
        plain = reader.plain(tree)
        engine = _engine(plain, reader) if plain else None
        return Connection(name=name.value, engine=engine, span=name.span) if engine else None
    if not isinstance(tree, Mapping):
        reader.report.add(
            WrongType(tree.span, f"a connection: one of {listed(ENGINES)}", what(tree))
        )
        return None
    found = [one for one, _ in tree if one.value in ENGINES]
    if len(found) > 1:
        reader.report.add(TwoKinds(found[1].span, found[0].value, found[1].value))
        return None
    if not found:
        strange = [one for one, _ in tree if one.value not in keys(Fields)]
        if strange:
            _engine(strange[0], reader)
        else:
            kinds = f"the kinds are {listed(ENGINES)}"
            reader.report.add(NoKind(tree.span, "connection", kinds))
        return None
    beside = tree.get(found[0].value)
    if beside is not None and not is_nothing(beside):
        expected = f"nothing after `{found[0].value}:` (its parts are keys of their own)"
        reader.report.add(WrongType(beside.span, expected, what(beside)))
        return None
    rest = Mapping(tree.span, tuple(one for one in tree if one[0] is not found[0]))
    rest = Mapping(rest.span, tuple(one for one in rest if not is_nothing(one[1])))
    given = read_fields(Fields, rest, reader, f"the connection `{name.value}`")
    if given is None:
        return None
    password = given.get("password")
    if password is not None and not _is_secret(password, reader):
        reader.report.add(PasswordInClear(password.span, name.value))
        return None
    for field, value in given.get("properties", EMPTY).items():
        if re.search(_SECRET, field, re.IGNORECASE) and not _is_secret(value, reader):
            reader.report.add(PasswordInClear(value.span, name.value))
            return None
    url = given.get("url")
    if url is not None and (where := _password_in(url)):
        reader.report.add(PasswordInUrl(url.span, name.value, where))
        return None
    own = given.pop("datapipeline", {})
    return Connection(
        name=name.value, engine=found[0].value, given=given, datapipeline=own, span=name.span
    )


def _engine(name: Scalar, reader: Reader) -> str | None:
    if name.value in ENGINES:
        return name.value
    near = did_you_mean(name.value, ENGINES, f"there are {listed(ENGINES)}")
    reader.report.add(UnknownEngine(name.span, name.value, near))
    return None


def _password_in(url: Text) -> str:
    """How a JDBC URL holds a password; empty when it holds none. What is spliced in counts as well."""
    plain = "".join(one if isinstance(one, str) else "?" for one in url.pieces)
    if found := re.search(
        rf"[?&;,:(]\s*([\w.-]*({_SECRET})[\w.-]*)\s*=[^;&]", plain, re.IGNORECASE
    ):
        return f"`{found[1]}=`"
    if re.search(r"//[^/?;@]*:[^/?;@]+@|:(?:thin|oci):[^/@]+/[^@]+@", plain):
        return "a user and a password before `@`"
    return ""


_SECRET = (
    r"password|passwd|passphrase|pwd|secret|credential|(?:access|api|private)[_-]?key"
    r"|\b(?:pass|pw|token)\b"
)


def _is_secret(password: Text, reader: Reader) -> bool:
    from pipec.expression.tree import Name

    pieces = password.pieces
    return (
        len(pieces) == 1
        and all(
            isinstance(one.expr, Name) and ".".join(one.expr.parts) in reader.unknown_until_run
            for one in password.splices
        )
        and bool(password.splices)
    )


@diagnostic
class UnknownEngine(Diagnostic):
    """A connection says which database is at its other end."""

    code = "P116"
    title = "Unknown database"
    message = "there is no connection of the kind `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        connections: {db: postgre}    # P116 postgre
        """
    fixed = """
        pipeline: shop
        connections: {db: postgres}
        """

    name: str
    near: str


@diagnostic
class PasswordInClear(Diagnostic):
    """A password that stands in a file ends up in git, in outputs and in logs.

    Declare a secret parameter, which is read where the work runs, and use it here.
    """

    code = "P264"
    title = "Password in clear text"
    secret = True
    message = "the password of `{name}` stands in the file"
    help = "declare `params: {{db_password: {{secret: airflow db_password}}}}` and write `${{{{ db_password }}}}` here"
    fails = """
        pipeline: shop
        connections:
          db: {postgres: , user: shop, password: hunter2}    # P264 hunter2
        """
    fixed = """
        pipeline: shop
        params: {db_password: {secret: airflow db_password}}
        connections:
          db: {postgres: , user: shop, password: "${{ db_password }}"}
        """

    name: str


@diagnostic
class PasswordInUrl(Diagnostic):
    """The URL of a database stands in logs and on screens wherever it is used: passwords do not belong there.

    In Airflow, the Connection of the same name knows them; elsewhere the fields `user` and `password` say them.
    """

    code = "P293"
    title = "Password in a URL"
    secret = True
    message = "the URL of `{name}` holds {where}"
    help = "leave it out of the URL: write `user`, and a secret as `password`"
    fails = """
        pipeline: shop
        connections:
          crm:
            jdbc:
            url: jdbc:h2:tcp://db/shop;USER=shop;PASSWORD=hunter2    # P293 jdbc:h2:tcp://db/shop;USER=shop;PASSWORD=hunter2
        """
    fixed = """
        pipeline: shop
        params: {crm_password: {secret: airflow crm_password}}
        connections:
          crm:
            jdbc:
            url: jdbc:h2:tcp://db/shop
            user: shop
            password: ${{ crm_password }}
        """

    name: str
    where: str
