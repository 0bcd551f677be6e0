"""A notice by mail."""

import logging

from helpers.notice_texts import notice_texts
from helpers.send_mail import send_mail


def notify_mail(context, to, status, subject, message, smtp="smtp_default"):
    """Mails that an activity is `status`; whatever goes wrong is only logged."""
    try:
        *to, subject, message = notice_texts(context, status, [*to, subject, message])
        send_mail(smtp, to, subject, message)
    except Exception:
        log = logging.getLogger("airflow.task")
        log.exception("The notice to %s was not mailed", ", ".join(to))
