"""A wait for instances of another schedule."""

from airflow.providers.standard.sensors.external_task import ExternalTaskSensor


class WaitForInstances(ExternalTaskSensor):
    """Waits for the instances of a task that start when `starts(start, end)` says.

    `start` and `end` are the interval of this run. Where there are none it does not
    wait: for Airflow 3 an empty list means all instances that ever were.
    """

    def __init__(self, starts, **kwargs):
        def dates(logical_date, data_interval_start, data_interval_end):
            return starts(data_interval_start, data_interval_end)

        super().__init__(execution_date_fn=dates, **kwargs)

    def execute(self, context):
        dates = self._get_dttm_filter(context)
        if dates:
            super().execute(context)
