"""`mail`: a message by mail."""

from __future__ import annotations

from pipec.fields.addresses import SMTP, addresses
from pipec.fields.key import key
from pipec.fields.scalars import string, text
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.notices import subject_of
from pipec.targets.airflow.work import Work
from pipec.targets.python.values import Call, Name, Value
from pipec.values import Text


@node
class Mail:
    """A mail, sent through an SMTP connection of Airflow."""

    mail: tuple[Text, ...] = key(addresses, "Whom it goes to.")
    message: Text = key(text, "What it says.")
    subject: Text | None = key(
        text, "Its subject, else the name of the object and its status.", default=None
    )
    smtp: str = key(string, "The SMTP connection of Airflow.", default=SMTP)


@airflow.notifications.of(Mail)
def to_airflow(mail: Mail, work: Work) -> Call:
    """The call that mails, inside a callback that is given `status` and `context`."""
    given: dict[str, Value] = {
        "to": [work.beginning(one) for one in mail.mail],
        "status": Name("status"),
        "subject": subject_of(mail.subject, work),
        "message": work.beginning(mail.message),
    }
    if mail.smtp != SMTP:
        given["smtp"] = mail.smtp
    return Call(work.helper("notify_mail"), (Name("context"),), given)
