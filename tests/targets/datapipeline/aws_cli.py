"""Puts definitions by the AWS CLI, and gets them back: run by a Python that has it, and moto.

    python aws_cli.py FOLDER RESULTS

For each JSON file of the folder, RESULTS gets what the CLI printed, by the name of the file, and
what it sent: moto keeps the objects of a definition, and forgets its parameters and their values.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from threading import Thread

from awscli.clidriver import create_clidriver
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

SENT = []
DRIVER = create_clidriver()
ACTION = "DataPipeline.PutPipelineDefinition"


def recording(app):
    """The application, with each definition that reaches it kept in `SENT`."""

    def record(environ, start_response):
        if environ.get("HTTP_X_AMZ_TARGET") == ACTION:
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            SENT.append(json.loads(body))
        return app(environ, start_response)

    return record


def aws(*words):
    """What the CLI prints; an error, with its message, if it refuses."""
    out, complaint = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(complaint):
        status = DRIVER.main(["datapipeline", *words, "--output", "json"])
    if status:
        raise RuntimeError(complaint.getvalue())
    return json.loads(out.getvalue() or "{}")


def round_trip(file):
    """A definition on its way to the service and back."""
    name = ["--name", file.stem, "--unique-id", file.stem]
    id_ = ["--pipeline-id", aws("create-pipeline", *name)["pipelineId"]]
    put = aws("put-pipeline-definition", *id_, "--pipeline-definition", f"file://{file}")
    got = aws("get-pipeline-definition", *id_)
    aws("activate-pipeline", *id_)
    return {"put": put, "got": got, "sent": SENT.pop()}


def main(folder, results):
    server = make_server(
        "127.0.0.1", 0, recording(DomainDispatcherApplication(create_backend_app)), threaded=True
    )
    Thread(target=server.serve_forever, daemon=True).start()
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    found = {it.stem: round_trip(it) for it in sorted(Path(folder).glob("*.json"))}
    Path(results).write_text(json.dumps(found))
    server.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
