"""The end of what work ran on."""

import time

from airflow.exceptions import AirflowException
from airflow.sdk import BaseOperator


class StopResource(BaseOperator):
    """Ends all that has the marks of a resource and an interval.

    That does not depend on what became of the tasks that started and used it: also
    what a task launched that has failed, was killed, or was marked by hand, is ended.
    """

    template_fields = ("interval",)

    def __init__(
        self,
        resource,
        interval="{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%SZ') }}",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.resource = resource
        self.interval = interval

    def as_teardown(self, **kwargs):
        """By itself, a teardown does not run when what it follows up has failed."""
        super().as_teardown(**kwargs)
        self.trigger_rule = "all_done"
        return self

    def execute(self, context):
        """Looks until it has twice found nothing: AWS may show a new one only later."""
        looks = 0
        for _ in range(60):
            found = self.resource.find([self.interval])
            if found:
                self.log.info("It ends %s", [one["id"] for one in found])
                self.resource.end(found)
            looks = 0 if found else looks + 1
            if looks == 2:
                return
            time.sleep(10)
        raise AirflowException(f"They do not end: {found}")
