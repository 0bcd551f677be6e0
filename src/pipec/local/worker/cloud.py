"""S3, DynamoDB, SNS, SQS and Secrets Manager in this process."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from .environment import REGION
from .items import keep_tables, load_tables
from .tell import Tell


@contextlib.contextmanager
def cloud() -> Iterator[Cloud]:
    """The running services, which the environment and Airflow's connection lead to."""
    server = importlib.import_module("moto.server").ThreadedMotoServer(
        ip_address="127.0.0.1", port=0, verbose=False
    )
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        extra = {"endpoint_url": address, "region_name": REGION}
        os.environ["AWS_ENDPOINT_URL"] = address
        os.environ["AIRFLOW_CONN_AWS_DEFAULT"] = json.dumps({"conn_type": "aws", "extra": extra})
        yield Cloud(address)
    finally:
        server.stop()


class Cloud:
    """The services at one address, with the topics that were made there."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.topics: list[str] = []

    def client(self, service: str, region: str = REGION) -> Any:
        make = importlib.import_module("boto3").client
        return make(service, region_name=region, endpoint_url=self.address)

    def load(
        self, buckets: list[str], topics: list[str], secrets: dict[str, str], data: Path | None
    ) -> None:
        """Make all of this, an object of each file `s3/BUCKET/KEY` in `data`, and tables of DynamoDB."""
        s3 = self.client("s3")
        files = sorted(data.glob("s3/*/**/*")) if data else []
        keys = {file: file.relative_to(data / "s3").parts for file in files if data}
        for bucket in sorted({*buckets, *(parts[0] for parts in keys.values())}):
            s3.create_bucket(Bucket=bucket)
        for file, (bucket, *parts) in keys.items():
            if file.is_file():
                s3.put_object(Bucket=bucket, Key="/".join(parts), Body=file.read_bytes())
        load_tables(self.client("dynamodb"), data)
        for topic in topics:
            self.make_topic(topic)
        for name, variable in secrets.items():
            value = os.environ[variable]
            self.client("secretsmanager").create_secret(Name=name, SecretString=value)

    def make_topic(self, arn: str) -> None:
        """Make the topic, in the account and region that it names, with a queue behind it."""
        with owner(arn) as (region, name):
            sqs, sns = self.client("sqs", region), self.client("sns", region)
            queue = sqs.create_queue(QueueName=name)["QueueUrl"]
            asked = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
            place = asked["Attributes"]["QueueArn"]
            sns.create_topic(Name=name)
            sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=place)
        self.topics.append(arn)

    def keep(self, folder: Path, tell: Tell) -> None:
        """Keep every object as the file `s3/BUCKET/KEY`, every message in `notices.jsonl`."""
        s3 = self.client("s3")
        for bucket in s3.list_buckets()["Buckets"]:
            place = folder / "s3" / bucket["Name"]
            place.mkdir(parents=True, exist_ok=True)
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"]):
                for one in page.get("Contents", []):
                    target = place / one["Key"]
                    if not one["Key"].endswith("/") and is_inside(target, place):
                        target.parent.mkdir(parents=True, exist_ok=True)
                        s3.download_file(bucket["Name"], one["Key"], str(target))
        keep_tables(self.client("dynamodb"), folder)
        with (folder / "notices.jsonl").open("w", encoding="utf-8") as file:
            for topic in self.topics:
                for body in self.received(topic):
                    notice = {key: body.get(key.capitalize(), "") for key in ("subject", "message")}
                    file.write(json.dumps({"topic": topic, **notice}) + "\n")
                    tell("notice", topic=topic, **notice)

    def received(self, topic: str) -> list[dict[str, str]]:
        """The messages in the queue behind `topic`, the first first."""
        found: list[dict[str, str]] = []
        with owner(topic) as (region, name):
            sqs = self.client("sqs", region)
            queue = sqs.get_queue_url(QueueName=name)["QueueUrl"]
            while got := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get(
                "Messages"
            ):
                for message in got:
                    found.append(json.loads(message["Body"]))
                    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return sorted(found, key=lambda body: body["Timestamp"])


@contextlib.contextmanager
def owner(arn: str) -> Iterator[tuple[str, str]]:
    """The region and the name in `arn`; what is done meanwhile is done by the account in it."""
    *_, region, account, name = arn.split(":")
    with mock.patch.dict(os.environ, {"MOTO_ACCOUNT_ID": account}):
        yield region, name


def is_inside(target: Path, place: Path) -> bool:
    """A key may hold `..`, which a path would follow out of its folder."""
    return target.resolve().is_relative_to(place.resolve())
