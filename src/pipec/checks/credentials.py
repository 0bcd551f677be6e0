"""No credentials stand in a file in the clear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.ir import Activity, Datanode, Pipeline
from pipec.links import Links, texts
from pipec.source import Span
from pipec.values import Text


def check_credentials(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each access key of AWS, in whatever text it stands."""
    told = {one.span for one in report.found if one.secret}
    sections = (pipeline.notifications, pipeline.resources, pipeline.datanodes, pipeline.activities)
    for text in texts([one for section in sections for one in section.values()]):
        found = any(isinstance(one, str) and _KEY.search(one) for one in text.pieces)
        if found and text.span not in told:
            report.add(_clear(text.span))
    for activity in pipeline.activities.values():
        check_named(activity.vars.items(), _SECRET_PARAM, report)
    check_named(_of_datapipeline(pipeline), _ELSEWHERE, report)


def _of_datapipeline(pipeline: Pipeline) -> Iterator[tuple[str, Text]]:
    """The fields for AWS Data Pipeline alone, of all objects, with each of their values."""
    watched: tuple[Datanode | Activity, ...] = (
        *pipeline.datanodes.values(),
        *pipeline.activities.values(),
    )
    for one in (
        *pipeline.connections.values(),
        *pipeline.notifications.values(),
        *pipeline.resources.values(),
        *watched,
        *(it for thing in watched for it in thing.when),
    ):
        for name, several in one.datapipeline.items():
            yield from ((name, text) for text in several)


def check_named(properties: Iterable[tuple[str, Text]], help_: str, report: Report) -> None:
    """Report the values of properties whose names say that nobody should see them."""
    for name, value in properties:
        if _SECRET.search(name) and value.constant and not value.constant.startswith(KEPT):
            report.add(Clear(value.span, f"the value of `{name}`", help_))


_ROLE = "work may do what the role of its machine, or the connection of Airflow, may"

_ELSEWHERE = "a secret is the `password` of a connection, or a variable of an activity"

_SECRET_PARAM = "declare `params: {token: {secret: airflow token}}` and write `${{ token }}` here"

KEPT = "EMR.secret@"
"""By this EMR knows the name of a secret, which it reads itself."""

_KEY = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|(?i:aws_secret_access_key(?: *= *['\"]?[^\s$'\"]+| +[a-z0-9/+]{16,}))"
    r"|\b(?:PGPASSWORD|MYSQL_PWD)=['\"]?[^\s$'\"`(]+"
)
_SECRET = re.compile(r"(?i)(?:password|passwd|_pwd|token|secret|secret[._-]?(?:access[._-]?)?key)$")


def _clear(span: Span) -> Clear:
    """Where in a span the key stands; all of it when it is written there in another way."""
    if found := _KEY.search(span.text):
        span = span.source.span(span.start + found.start(), span.start + found.end())
    if found and found[0].startswith(("PGPASSWORD", "MYSQL_PWD")):
        return Clear(span, "a password", _SECRET_PARAM)
    return Clear(span, "an access key of AWS", _ROLE)


@diagnostic
class Clear(Diagnostic):
    """What stands in a file ends up in git, in outputs and in logs.

    So does all that a machine or a cluster is started with: who may look at it in AWS can read it.
    The work on it may do what its `role` may do, and reads its secrets from Secrets Manager.
    """

    code = "P420"
    title = "Credentials in the clear"
    secret = True
    message = "{what} stands here, for all to read"
    help = "{help_}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          cluster:
            emr: emr-7.1.0
            configurations:
              hive-site: {javax.jdo.option.ConnectionPassword: hunter2}    # P420 hunter2
        activities: {count: {shell: ./count, runs_on: cluster}}
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources:
          cluster:
            emr: emr-7.1.0
            configurations:
              hive-site: {javax.jdo.option.ConnectionPassword: EMR.secret@arn:aws:secretsmanager:us-east-1:111122223333:secret:hive-AbCdEf}
        activities: {count: {shell: ./count, runs_on: cluster}}
        """

    what: str
    help_: str
