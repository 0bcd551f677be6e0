"""No secret lands in an output, a log or a message."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.expression.tree import Name, walk
from pipec.ir import Pipeline
from pipec.links import Links, texts
from pipec.values import Text


def check_secrets(pipeline: Pipeline, links: Links, report: Report) -> None:
    """Report each secret that stands anywhere but in a variable of its own."""
    secret = {one.name for one in pipeline.params.values() if one.secret}
    if not secret:
        return
    for section in (pipeline.datanodes, pipeline.notifications, pipeline.resources):
        for one in section.values():
            for text in texts(one):
                _check(text, secret, report)
    for connection in pipeline.connections.values():
        for text in texts(connection.datapipeline):
            _check(text, secret, report)
    for activity in pipeline.activities.values():
        takes = activity.kind.takes_secrets
        allowed = {id(text) for text in activity.vars.values() if takes and _alone(text)}
        for text in texts(activity):
            if id(text) not in allowed:
                _check(text, secret, report)


def _alone(text: Text) -> bool:
    """True when the text is one name and nothing else."""
    return len(text.pieces) == 1 and all(isinstance(one.expr, Name) for one in text.splices)


def _check(text: Text, secret: set[str], report: Report) -> None:
    for splice in text.splices:
        for one in walk(splice.expr):
            if isinstance(one, Name) and one.parts[0] in secret:
                report.add(SecretInText(splice.at(*one.part(0)), one.parts[0]))


@diagnostic
class SecretInText(Diagnostic):
    """A secret that is part of a text would stand in logs, in the user interface, in messages.

    A `shell` or `script` activity gets it as an environment variable of its own: name it
    alone under `vars:` and use the variable in the command. Other activities read their
    secrets themselves, or through a connection.
    """

    code = "P266"
    title = "Secret in a text"
    message = "the secret `{name}` would be readable here, in logs and on screens"
    help = 'write `vars: {{TOKEN: "${{{{ {name} }}}}"}}` and use `$TOKEN`'
    fails = """
        pipeline: shop
        params: {token: {secret: airflow shop_token}}
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: mail --token ${{ token }}    # P266 token
        """
    fixed = """
        pipeline: shop
        params: {token: {secret: airflow shop_token}}
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: mail --token "$TOKEN"
            vars:
              TOKEN: ${{ token }}
        """

    name: str
