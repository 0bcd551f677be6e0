"""A report by mail."""

from helpers.report_text import report_text
from helpers.send_mail import send_mail


def mail_report(page, about, chart, to, subject, smtp="smtp_default"):
    """Mails the page of a report, and its tables as text for who reads no HTML."""
    picture = chart["png"] if chart else None
    send_mail(smtp, to, subject, report_text(about), page, picture)
