"""A stand-in for AWS, which remembers what was published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
from moto.server import ThreadedMotoServer
from moto.sns.models import sns_backends

REGION = "us-east-1"


class Cloud:
    """The server at `address`, in this process: no request reaches it that AWS would not get."""

    def __init__(self) -> None:
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.address = f"http://{host}:{port}"

    def questions(self) -> dict[str, Callable[..., Any]]:
        return {
            "topic": self.topic,
            "notices": self.notices,
            "bucket": self.bucket,
            "put": self.put,
            "get": self.get,
            "keys": self.keys,
        }

    def topic(self, name: str) -> str:
        """A new topic; its ARN."""
        made: str = self._client("sns").create_topic(Name=name)["TopicArn"]
        return made

    def notices(self, arn: str) -> list[list[str]]:
        """Subject and message of everything that a topic was sent, in order."""
        sent = sns_backends[arn.split(":")[4]][REGION].topics[arn].sent_notifications
        return [[subject, message] for _, message, subject, *_ in list(sent)]

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

    def _client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.address,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
