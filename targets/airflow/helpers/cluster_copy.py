"""Copies between a cluster and what it does not reach."""

from helpers.cluster_steps import ClusterSteps
from helpers.empty_s3 import empty_s3


class ClusterCopy(ClusterSteps):
    """Runs steps, and `function(**arguments)` after them, or `before`, if it says so.

    What one half hands to the other lies below `place` in S3, where nothing is left
    whatever happens.
    """

    template_fields = (*ClusterSteps.template_fields, "place", "arguments")

    def __init__(self, place, function, arguments, before, **kwargs):
        super().__init__(**kwargs)
        self.place = place
        self.function = function
        self.arguments = arguments
        self.before = before

    def execute(self, context):
        empty_s3(self.place)
        try:
            if self.before:
                self.function(**self.arguments)
            self.finish(context)
            if not self.before:
                self.function(**self.arguments)
        finally:
            empty_s3(self.place)
