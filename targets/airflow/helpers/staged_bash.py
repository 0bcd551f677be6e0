"""A bash command between copies of its S3 folders."""

import os
import shutil
import tempfile

from airflow.providers.standard.operators.bash import BashOperator
from helpers.s3_objects import s3_objects


class StagedBash(BashOperator):
    """Runs a command that finds `inputs` in folders and leaves `outputs` in others.

    Both map an environment variable, the path of a folder, to what is in S3: a folder
    if the address ends with a slash, else an object. An input of several instances has
    a line `NAME ADDRESS` for each, which becomes a folder of that name; the address may
    be a path of this machine.
    """

    template_fields = (*BashOperator.template_fields, "inputs", "outputs")

    def __init__(self, inputs=None, outputs=None, aws_conn_id="aws_default", **kwargs):
        super().__init__(append_env=True, **kwargs)
        self.inputs = inputs or {}
        self.outputs = outputs or {}
        self.aws_conn_id = aws_conn_id
        self.stage = ""

    def execute(self, context):
        """Copies the outputs to S3 only after the command has succeeded."""
        from airflow.providers.amazon.aws.hooks.s3 import S3Hook

        s3 = S3Hook(self.aws_conn_id).get_conn()
        self.stage = tempfile.mkdtemp(prefix="stage-")
        try:
            folders = {v: f"{self.stage}/{v}" for v in (*self.inputs, *self.outputs)}
            for folder in folders.values():
                os.mkdir(folder)
            for name, uri in self.inputs.items():
                if uri and not uri.endswith("\n"):
                    self._download(s3, uri, folders[name])
                for line in uri.splitlines() if uri.endswith("\n") else ():
                    instance, _, place = line.partition(" ")
                    self._bring(s3, place, os.path.join(folders[name], instance))
            self.env = {**(self.env or {}), **folders}
            result = super().execute(context)
            for name, uri in self.outputs.items():
                self._upload(s3, folders[name], uri)
            return result
        finally:
            self.on_kill()

    def on_kill(self):
        """Ends the command if it still runs, and removes its folders."""
        process = self.subprocess_hook.sub_process
        if process and process.poll() is None:
            super().on_kill()
        shutil.rmtree(self.stage, ignore_errors=True)

    def _bring(self, s3, place, folder):
        """Makes `folder` hold what is at `place`, in S3 or on this machine."""
        if place.startswith("/"):
            os.symlink(place, folder)
            return
        os.mkdir(folder)
        self._download(s3, place, folder)

    def _download(self, s3, uri, folder):
        """Copies what is at `uri`; the second file of a name gets a `2-` before it."""
        for bucket, key, name in s3_objects(s3, uri):
            *parents, name = [p for p in name.split("/") if p not in ("", ".", "..")]
            parent = os.path.join(folder, *parents)
            os.makedirs(parent, exist_ok=True)
            path, number = os.path.join(parent, name), 1
            while os.path.exists(path):
                number += 1
                path = os.path.join(parent, f"{number}-{name}")
            s3.download_file(bucket, key, path)

    def _upload(self, s3, folder, uri):
        """Copies all files of `folder` below `uri`, or its only file onto it."""
        bucket, _, key = uri.partition("://")[2].partition("/")
        walk = os.walk(folder)
        paths = sorted(
            os.path.join(top, name) for top, _, names in walk for name in names
        )
        whole = not key or key.endswith("/")
        if not whole and len(paths) != 1:
            raise ValueError(f"{len(paths)} files were left for the one object {uri}")
        for path in paths:
            name = os.path.relpath(path, folder) if whole else ""
            s3.upload_file(path, bucket, key + name)
