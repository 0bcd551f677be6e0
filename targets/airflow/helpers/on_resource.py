"""Work on what was started for it."""

import copy

from airflow.exceptions import AirflowFailException
from airflow.sdk import BaseOperator


class OnResource(BaseOperator):
    """Work on what was started for an interval, as long as that lives.

    What is `lost` with it is told to functions that take the context of the task.
    """

    def __init__(
        self,
        resource,
        interval="{{ data_interval_start.strftime('%Y-%m-%dT%H:%M:%SZ') }}",
        lost=(),
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.resource = resource
        self.interval = interval
        self.lost = lost

    def there(self, context):
        """The id of what was started for this interval."""
        intervals = self.interval
        if isinstance(intervals, str):
            intervals = [intervals]
        for one in self.resource.find(intervals):
            return one["id"]
        return self.fail(context)

    def fail(self, context):
        """Ends the task for good: what was there is lost."""
        name, noun = self.resource.resource, self.resource.noun
        about = copy.copy(context)
        about["node_name"] = name.rpartition(".")[2]
        for tell in self.lost:
            tell(about)
        raise AirflowFailException(
            f"The {noun} {name} of {self.interval} is gone: somebody or AWS has ended "
            "it, or it has itself when its time was over. Clear this task, and another "
            "one is started before it"
        )
