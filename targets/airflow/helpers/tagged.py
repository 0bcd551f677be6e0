"""What is launched for work, and found again."""

from functools import lru_cache


class Tagged:
    """What was launched for `resource`: it is found by its tags and nothing else.

    So it is found, and ended, whatever became of the task that launched it.
    """

    def __init__(self, resource, region=None):
        self.resource = resource
        self.region = region

    @lru_cache(maxsize=None)
    def client(self, service):
        from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

        # Whoever asks often is told to wait; and what takes hours outlives a failure.
        config = {"retries": {"mode": "standard", "max_attempts": 10}}
        hook = AwsBaseHook(client_type=service, region_name=self.region, config=config)
        return hook.get_conn()
