"""What is said of a definition whose parts are not where they belong."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, diagnostic


@diagnostic
class NotADefinition(Diagnostic):
    """The file can be read, and is not a definition of AWS Data Pipeline.

    It may be what `aws datapipeline put-pipeline-definition` takes, what
    `get-pipeline-definition` or boto3 answers, or a CloudFormation template.
    """

    code = "P511"
    title = "Not a definition"
    message = "this is {found}, not a definition"
    help = 'a definition is `{{"objects": [...], "parameters": [...], "values": {{...}}}}`'
    fails = """
        {"name": "shop", "city": "Bern"}    # P511 {"name": "shop", "city": "Bern"}
        """
    fixed = """
        {"objects": [{"id": "Default", "scheduleType": "cron"}]}
        """

    found: str


@diagnostic
class UnknownKey(Diagnostic):
    """A key that the form of the file does not have, and that is most likely misspelt."""

    code = "P512"
    title = "Misspelt key"
    message = "{where} has no `{key}`"
    help = "did you mean `{near}`?"
    fails = """
        {"object": [{"id": "Default", "scheduleType": "cron"}]}    # P512 "object"
        """
    fixed = """
        {"objects": [{"id": "Default", "scheduleType": "cron"}]}
        """

    where: str
    key: str
    near: str


@diagnostic
class IgnoredKey(Diagnostic):
    """A definition has objects, parameters and values. The AWS CLI drops what else is in the file."""

    code = "P513"
    title = "Key that nobody reads"
    severity = "warning"
    message = "{where} has no `{key}`: what stands there never reaches the service"
    help = "leave it out"
    fails = """
        {"owner": "shop",    # P513 "owner"
         "objects": [{"id": "Default", "scheduleType": "cron"}]}
        """
    fixed = """
        {"objects": [{"id": "Default", "scheduleType": "cron"}]}
        """

    where: str
    key: str


@diagnostic
class OtherForm(Diagnostic):
    """Definitions are written in two forms, and this file mixes them.

    The file that the AWS CLI takes has `objects`, and their fields stand in them directly:
    `{"id": "Load", "command": "./load", "runsOn": {"ref": "Office"}}`. The API and CloudFormation
    have lists of keys and values instead: `{"id": "Load", "fields": [{"key": "command",
    "stringValue": "./load"}, {"key": "runsOn", "refValue": "Office"}]}`.
    """

    code = "P514"
    title = "Two forms mixed"
    message = "`{found}` does not belong to this form, which is that of {form}"
    help = "write {meant}"
    fails = """
        {"objects": [
          {"id": "Default", "fields": [{"key": "scheduleType", "stringValue": "cron"}]}  # P514 "fields"
        ]}
        """
    fixed = """
        {"objects": [
          {"id": "Default", "scheduleType": "cron"}
        ]}
        """

    found: str
    form: str
    meant: str


@diagnostic
class OtherShape(Diagnostic):
    """A list, an object or a text stands where something else is expected."""

    code = "P515"
    title = "Another shape"
    message = "{expected} is expected here, and this is {found}"
    help = "{meant}"
    fails = """
        {"objects": {"id": "Default", "scheduleType": "cron"}}    # P515 {"id": "Default", "scheduleType": "cron"}
        """
    fixed = """
        {"objects": [{"id": "Default", "scheduleType": "cron"}]}
        """

    expected: str
    found: str
    meant: str


@diagnostic
class NotText(Diagnostic):
    """The service knows texts and references, no numbers, no `true` and no `null`.

    The AWS CLI refuses a definition that holds one.
    """

    code = "P516"
    title = "No text"
    message = "{found} is given where the service takes a text"
    help = "{meant}"
    fails = """
        {"objects": [{"id": "Default", "maximumRetries": 2}]}    # P516 2
        """
    fixed = """
        {"objects": [{"id": "Default", "maximumRetries": "2"}]}
        """

    found: str
    meant: str


@diagnostic
class EmptyList(Diagnostic):
    """The values of a list reach the service one by one; of an empty list nothing does."""

    code = "P517"
    title = "Empty list"
    severity = "warning"
    message = "the list of `{key}` is empty, which is the same as no `{key}`"
    help = "leave it out"
    fails = """
        {"objects": [{"id": "Default", "onFail": []}]}    # P517 "onFail"
        """
    fixed = """
        {"objects": [{"id": "Default", "scheduleType": "cron"}]}
        """

    key: str


@diagnostic
class NoObjects(Diagnostic):
    """Parameters and values belong to a definition, and a definition has objects."""

    code = "P518"
    title = "No objects"
    message = "the file has no `{objects}`"
    help = "a file of parameters or values is given along with its definition, not alone"
    fails = """
        {"values": {"myCity": "Bern"}}    # P518 {"values": {"myCity": "Bern"}}
        """
    fixed = """
        {"objects": [{"id": "Load", "type": "S3DataNode", "filePath": "#{myFile}"}],
         "parameters": [{"id": "myFile"}]}
        # file: values.json
        {"values": {"myFile": "s3://shop/orders.csv"}}
        """

    objects: str


@diagnostic
class GivenTwice(Diagnostic):
    """Two of the files that were given say the same thing; what was given last holds."""

    code = "P519"
    title = "Given in two files"
    severity = "warning"
    message = "`{id}` is also given in {other}; what stands here holds"
    help = "keep one of them"
    fails = """
        {"objects": [{"id": "Load", "type": "S3DataNode", "filePath": "#{myFile}"}],
         "parameters": [{"id": "myFile"}], "values": {"myFile": "s3://shop/old.csv"}}
        # file: values.json
        {"values": {"myFile": "s3://shop/orders.csv"}}    # P519 "myFile"
        """
    fixed = """
        {"objects": [{"id": "Load", "type": "S3DataNode", "filePath": "#{myFile}"}],
         "parameters": [{"id": "myFile"}]}
        # file: values.json
        {"values": {"myFile": "s3://shop/orders.csv"}}
        """

    id: str
    other: str


@diagnostic
class SecondDefinition(Diagnostic):
    """Files that are given along with a definition add parameters and values to it."""

    code = "P520"
    title = "Objects beside a definition"
    message = "this file has objects, and was given for the parameters or values of {definition}"
    help = "read it as a definition of its own"
    fails = """
        {"objects": [{"id": "Default", "scheduleType": "cron"}]}
        # file: values.json
        {"objects": [{"id": "Default", "scheduleType": "cron"}]}    # P520 "objects"
        """
    fixed = """
        {"objects": [{"id": "Default", "scheduleType": "cron"}]}
        """

    definition: str


@diagnostic
class MissingId(Diagnostic):
    """Objects and parameters are known by their ids. The AWS CLI refuses what has none."""

    code = "P524"
    title = "Missing id"
    message = "this {what} has no `{id}`"
    help = "{meant}"
    fails = """
        {"objects": [{"name": "Default", "scheduleType": "cron"}]}    # P524 {"name": "Default", "scheduleType": "cron"}
        """
    fixed = """
        {"objects": [{"id": "Default", "name": "Default", "scheduleType": "cron"}]}
        """

    what: str
    id: str
    meant: str
