"""A command on its way to a cluster."""

import base64
import gzip
import re


def cluster_command(command):
    """The arguments for EMR's command-runner.jar by which bash runs `command`.

    It loses `}}` on the way, and all letters but those of English: a command with some
    of these is sent as a text in which bash finds them by their numbers. A long one is
    packed, as EMR takes 10,240 characters.
    """
    sent = command
    if re.search(r"[^\t\n -~]|[{}]{2}", command):
        unsafe = re.compile(rb"[^\t\n -~]|[{}'\\]")
        data = unsafe.sub(lambda found: b"\\%03o" % found[0][0], command.encode())
        sent = f"eval $'{data.decode()}'"
    if len(sent) > 10_000:
        packed = base64.b64encode(gzip.compress(command.encode(), mtime=0)).decode()
        sent = f'eval "$(echo {packed} | base64 -d | gunzip)"'
    return ["bash", "-c", sent]
