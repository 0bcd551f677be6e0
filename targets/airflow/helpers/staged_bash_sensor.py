"""A bash command that tells whether something holds, with files of S3 beside it."""

import os
import tempfile

from airflow.providers.standard.sensors.bash import BashSensor
from helpers.s3_objects import s3_objects


class StagedBashSensor(BashSensor):
    """Waits for a command that finds `inputs` in folders, as `StagedBash` brings them.

    `inputs` maps an environment variable, the path of a folder, to an address in S3.
    """

    template_fields = (*BashSensor.template_fields, "inputs")

    def __init__(self, inputs, **kwargs):
        super().__init__(**kwargs)
        self.inputs = inputs

    def poke(self, context):
        """Whether the command ends with exit status 0."""
        from airflow.providers.amazon.aws.hooks.s3 import S3Hook

        s3 = S3Hook().get_conn()
        with tempfile.TemporaryDirectory(prefix="stage-") as stage:
            self.env = {**os.environ, **{v: f"{stage}/{v}" for v in self.inputs}}
            for variable, uri in self.inputs.items():
                for bucket, key, name in s3_objects(s3, uri):
                    path = os.path.join(stage, variable, name)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    s3.download_file(bucket, key, path)
            return super().poke(context)
