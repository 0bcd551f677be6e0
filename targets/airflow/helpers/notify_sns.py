"""A notice by Amazon SNS."""

import copy
import logging
import unicodedata


def notify_sns(context, topic, status, subject, message):
    """Publishes that an activity is `status`; whatever goes wrong here is only logged.

    Both texts are templates that also know `node_name` and `node_status`.
    """
    log = logging.getLogger("airflow.task")
    try:
        from airflow.providers.amazon.aws.hooks.sns import SnsHook

        task, known = context["task"], copy.copy(context)
        known["node_name"] = context.get("node_name", task.task_id)
        known["node_status"] = status
        texts = [subject, message]
        try:
            texts = [task.render_template(text + "{{ '' }}", known) for text in texts]
        except Exception:
            log.exception("The notice to %s goes out as it was written", topic)
        # SNS takes one line of printable ASCII, shorter than 100 characters.
        plain = unicodedata.normalize("NFKD", " ".join(texts[0].split()))
        words = "".join(c for c in plain if " " <= c <= "~").split()
        line = " ".join(words)[:99] or status
        SnsHook(region_name=topic.split(":")[3]).get_conn().publish(
            TopicArn=topic, Subject=line, Message=texts[1][:60000] or line
        )
    except Exception:
        log.exception("The notice to %s was not sent", topic)
