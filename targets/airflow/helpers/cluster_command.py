"""A command on its way to a cluster."""

import re


def cluster_command(command):
    """The arguments for EMR's command-runner.jar by which bash runs `command`.

    It loses `}}` on the way, and all letters but those of English: a command with some
    of these is sent as a text in which bash finds them by their numbers.
    """
    if re.search(r"[^\t\n -~]|[{}]{2}", command):
        unsafe = re.compile(rb"[^\t\n -~]|[{}'\\]")
        data = unsafe.sub(lambda found: b"\\%03o" % found[0][0], command.encode())
        command = f"eval $'{data.decode()}'"
    return ["bash", "-c", command]
