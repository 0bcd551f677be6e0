"""A mail."""

import logging
from email.message import EmailMessage
from email.utils import formatdate, make_msgid


def send_mail(smtp, to, subject, text, page=None, picture=None):
    """Sends a text through Airflow's connection `smtp`.

    Who reads HTML sees `page` instead; `picture`, a PNG, is what it calls `cid:chart`.
    """
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    mail = EmailMessage()
    mail["Subject"] = " ".join(subject.split())
    mail["To"] = ", ".join(to)
    mail["Date"] = formatdate()
    mail.set_content(text, cte="quoted-printable")
    if page:
        mail.add_alternative(page, subtype="html", cte="quoted-printable")
    if page and picture:
        mail.get_payload()[1].add_related(
            picture, "image", "png", cid="<chart>", disposition="inline"
        )
    with SmtpHook(smtp) as hook:
        sender = hook.from_email or hook.smtp_user
        if "@" not in sender:
            raise ValueError(
                f"The connection {smtp} does not say from_email, an address"
            )
        mail["From"] = sender
        mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip(" >"))
        client = getattr(hook, "_smtp_client", None) or hook.smtp_client
        if refused := client.send_message(mail):
            logging.getLogger("airflow.task").error("Not mailed to: %s", refused)
