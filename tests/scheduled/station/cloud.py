"""A stand-in for AWS, which remembers what was published and launched."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer
from moto.sns.models import sns_backends

sys.path += [str(Path(__file__).parents[2] / "amazon"), str(Path(__file__).parents[3] / "src")]

from amazon import marks, put_in_place

from pipec.local.worker.cloud import Cloud as Filled

REGION = "us-east-1"


class Cloud:
    """The server at `address`, in this process: no request reaches it that AWS would not get."""

    def __init__(self, scratch: Path) -> None:
        self.amazon = put_in_place(scratch)
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.address = f"http://{host}:{port}"

    def questions(self) -> dict[str, Callable[..., Any]]:
        return {
            "topic": self.topic,
            "notices": self.notices,
            "load": self.load,
            "bucket": self.bucket,
            "put": self.put,
            "get": self.get,
            "keys": self.keys,
            "behave": self.behave,
            "machines": self.machines,
            "file": self.file,
        }

    def topic(self, name: str) -> str:
        """A new topic; its ARN."""
        made: str = self._client("sns").create_topic(Name=name)["TopicArn"]
        return made

    def notices(self, arn: str) -> list[list[str]]:
        """Subject and message of everything that a topic was sent, in order."""
        sent = sns_backends[arn.split(":")[4]][REGION].topics[arn].sent_notifications
        return [[subject, message] for _, message, subject, *_ in list(sent)]

    def load(self, data: str) -> None:
        """Fill S3 and DynamoDB from a folder, as `pipec run` does."""
        Filled(self.address).load([], [], {}, Path(data))

    def bucket(self, name: str) -> None:
        self._client("s3").create_bucket(Bucket=name)

    def put(self, bucket: str, key: str, body: str = "") -> None:
        self._client("s3").put_object(Bucket=bucket, Key=key, Body=body.encode())

    def get(self, bucket: str, key: str) -> str:
        """The text of an object."""
        found = self._client("s3").get_object(Bucket=bucket, Key=key)
        text: str = found["Body"].read().decode()
        return text

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """The keys of the objects in a bucket."""
        found = self._client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
        return [one["Key"] for one in found.get("Contents", [])]

    def behave(self, settings: dict[str, Any]) -> None:
        """How AWS does from now on; see the attributes of `Amazon`."""
        for name, value in settings.items():
            setattr(self.amazon, name, value)
        for one in self.amazon.instances("pending"):
            one.ready_at = min(one.ready_at, one.launched_at + self.amazon.pending)

    def machines(self, resource: str) -> list[dict[str, Any]]:
        """All instances that were launched for a resource, oldest first, with what ran on them."""
        every = self.amazon.instances()
        found = [one for one in every if marks(one)["pipec:resource"] == resource]
        commands = list(self.amazon.commands.values())
        return [
            {
                "id": one.id,
                "interval": marks(one)["pipec:interval"],
                "state": one.state,
                "commands": [
                    [it.comment.split()[0], it.status] for it in commands if it.instance == one.id
                ],
            }
            for one in found
        ]

    def file(self, machine: str, name: str) -> str:
        """What a file on an instance holds; nothing if there is none."""
        found = self.amazon.folder / machine / name
        return found.read_text(encoding="utf-8") if found.exists() else ""

    def _client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.address,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
