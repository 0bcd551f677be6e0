"""Databases: ours are connections, theirs have a type for how each is reached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipec.diagnostic import Diagnostic, diagnostic
from pipec.ir import Connection
from pipec.lower.connections import ENGINES
from pipec.targets.datapipeline.rows.plain import scalar, scalars
from pipec.targets.datapipeline.sides import Given, InOneLine, Made, Reading
from pipec.values import Text

if TYPE_CHECKING:
    from pipec.targets.datapipeline.writing import Writing

SAID: dict[str, dict[str, str]] = {
    "RedshiftDatabase": {"clusterId": "cluster", "connectionString": "url"},
    "RdsDatabase": {"rdsInstanceId": "instance", "jdbcDriverJarUri": "jar"},
    "JdbcDatabase": {
        "connectionString": "url", "jdbcDriverClass": "driver", "jdbcDriverJarUri": "jar",
    },
}  # fmt: skip
"""What the fields of each type are with us; those of all stand in `COMMON`."""
COMMON = {
    "databaseName": "database", "username": "user", "*password": "password",
    "jdbcProperties": "properties", "region": "region",
}  # fmt: skip

ENGINE = "myEngine"
"""A field of one's own: the service finds out which engine an instance of RDS has, and we do not."""

_DRIVERS = {
    "mysql": "com.mysql.jdbc.Driver",
    "mariadb": "org.mariadb.jdbc.Driver",
    "postgres": "org.postgresql.Driver",
    "oracle": "oracle.jdbc.OracleDriver",
    "sqlserver": "com.microsoft.sqlserver.jdbc.SQLServerDriver",
}
_SCHEMES = {
    "mysql": "mysql", "mariadb": "mariadb", "postgresql": "postgres", "redshift": "redshift",
    "oracle": "oracle", "sqlserver": "sqlserver", "jtds": "sqlserver",
}  # fmt: skip
_PORTS = {"mysql": 3306, "mariadb": 3306, "postgres": 5432}


def write_connection(connection: Connection, out: Writing) -> str:
    """The type of object that a connection is, after its fields were put; empty when it is reported."""
    given: dict[str, Any] = dict(connection.given)
    type_ = _type(connection.engine, given)
    missing = [] if type_ else [_WAYS.get(connection.engine, "url")]
    missing += [key for key in ("user", "password") if not given.get(key)]
    if missing:
        out.book.report.add(UnsaidConnection(connection.span, connection.name, missing[0]))
        return ""
    if type_ == "JdbcDatabase":
        given["url"] = given.get("url") or _url(connection.engine, given)
        given.setdefault("driver", _DRIVERS.get(connection.engine, ""))
    for theirs, ours in {**SAID[type_], **COMMON}.items():
        value = given.get(ours)
        if ours == "properties":
            written: Given = [f"{name}={out.text(one)}" for name, one in (value or {}).items()]
        else:
            written = out.text(value) if isinstance(value, Text) else value
        out.put(theirs, written)
    if type_ == "RdsDatabase":
        out.put(ENGINE, connection.engine)
    return type_


def _type(engine: str, given: dict[str, Any]) -> str:
    if engine == "redshift":
        return "RedshiftDatabase" if given.get("cluster") or given.get("url") else ""
    if given.get("instance"):
        return "RdsDatabase"
    if given.get("url") or (given.get("host") and engine in _PORTS):
        return "JdbcDatabase"
    return ""


_WAYS = {"redshift": "cluster", "mysql": "host", "mariadb": "host", "postgres": "host"}


def _url(engine: str, given: dict[str, Any]) -> str:
    scheme = next(one for one, name in _SCHEMES.items() if name == engine)
    port = given.get("port") or _PORTS[engine]
    return f"jdbc:{scheme}://{given['host']}:{port}/{given.get('database', '')}"


def read_connection(it: Reading, *, mysql: bool) -> None:
    """The connection that an object describes; `mysql` when a node of MySQL uses it."""
    engine = _engine(it, mysql=mysql)
    it.put(engine, None)
    for theirs, ours in {**SAID.get(it.type, SAID["JdbcDatabase"]), **COMMON}.items():
        if ours == "password":
            if (secret := it.secret(theirs)) is not None:
                it.put("password", secret)
        elif ours == "properties":
            pairs: dict[str, Made] = {}
            for one in scalars(it, theirs):
                name, _, value = it.text(one).partition("=")
                pairs[name.strip()] = value.strip()
            if pairs:
                it.put("properties", InOneLine(pairs))
        elif (found := scalar(it, theirs)) is not None:
            text = it.text(found)
            plain = _PASSWORD.sub("", text)
            if plain != text:
                plain = plain if "?" in plain else plain.replace("&", "?", 1)
                it.account(
                    theirs, "approximated", "the password in it is left out: a secret holds it"
                )
                it.remark("Its URL held a password: keep that as a secret.")
            it.put(ours, plain)


_PASSWORD = re.compile(
    r"[?&;](?:password|passwd|pwd)=[^&;]*|(?<=//)[^/?;@]*:[^/?;@]+@", re.IGNORECASE
)


def _engine(it: Reading, *, mysql: bool) -> str:
    if it.type == "RedshiftDatabase":
        return "redshift"
    if (said := scalar(it, ENGINE)) is not None and said.value in ENGINES:
        return said.value
    hints = [
        scalar(it, name) for name in ("connectionString", "jdbcDriverClass", "jdbcDriverJarUri")
    ]
    known = [(it.plain(one) or one.value).lower() for one in hints if one is not None]
    if known and (scheme := re.match(r"jdbc:(\w+):", known[0])):
        return _SCHEMES.get(scheme[1], "jdbc")
    for one in known:
        for word, engine in _SCHEMES.items():
            if word in one:
                return engine
        if "microsoft" in one or "sqljdbc" in one:
            return "sqlserver"
        if "ojdbc" in one:
            return "oracle"
    if mysql:
        return "mysql"
    if it.type == "RdsDatabase":
        it.remark("Which engine it has was not said: mysql is assumed.")
        it.account(
            "rdsInstanceId", "undecided", "which engine it has was not said: `mysql` is assumed"
        )
        return "mysql"
    return "jdbc"


@diagnostic
class UnsaidConnection(Diagnostic):
    """AWS Data Pipeline knows no connections of Airflow: a definition says how a database is reached.

    It wants the RDS instance, the Redshift cluster or a JDBC URL; and a user and a password, which is
    a secret parameter.
    """

    code = "P554"
    title = "Connection without an address"
    message = "AWS Data Pipeline has to be told the `{key}` of the connection `{name}`"
    help = "give the connection its `{key}:`"
    fails = """
        pipeline: shop
        params: {password: {secret: airflow shop_password}}
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: box}
        resources: {box: {ec2: m5.large}}
        connections:
          db: {mysql: , host: db.shop.example, password: "${{ password }}"}    # P554 db
        datanodes: {orders: sql db.orders, archive: s3 s3://shop/orders.csv as csv}
        activities: {keep: {copy: orders -> archive}}
        """
    fixed = """
        pipeline: shop
        params: {password: {secret: airflow shop_password}}
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: box}
        resources: {box: {ec2: m5.large}}
        connections:
          db: {mysql: , host: db.shop.example, user: etl, password: "${{ password }}"}
        datanodes: {orders: sql db.orders, archive: s3 s3://shop/orders.csv as csv}
        activities: {keep: {copy: orders -> archive}}
        """

    name: str
    key: str
