"""`sns`: a message to an SNS topic."""

from __future__ import annotations

from pipec.fields.key import key
from pipec.fields.scalars import starting_with, text
from pipec.frozen import node
from pipec.targets.airflow import lowering as airflow
from pipec.targets.airflow.notices import subject_of
from pipec.targets.airflow.work import Work
from pipec.targets.datapipeline import rows as row
from pipec.targets.datapipeline.says import says
from pipec.targets.python.values import Call, Name
from pipec.values import Text


@node
class Sns:
    """A message to everyone who subscribed to an SNS topic."""

    sns: Text = key(
        starting_with("arn:", "arn:aws:sns:us-east-1:111122223333:shop"), "The ARN of the topic."
    )
    message: Text = key(text, "What it says.")
    subject: Text | None = key(text, "The subject, for those who get it by mail.", default=None)


says(
    Sns,
    "SnsAlarm",
    row.text("topicArn", "sns"),
    row.text("subject", "subject"),
    row.text("message", "message"),
)


@airflow.notifications.of(Sns)
def to_airflow(sns: Sns, work: Work) -> Call:
    """The call that publishes, inside a callback that is given `status` and `context`."""
    return Call(
        work.helper("notify_sns"),
        (Name("context"),),
        {
            "topic": work.template(sns.sns),
            "status": Name("status"),
            "subject": subject_of(sns.subject, work),
            "message": work.beginning(sns.message),
        },
    )
