"""What AWS Data Pipeline cannot say of a pipeline."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, diagnostic


@diagnostic
class UnsaidField(Diagnostic):
    """AWS Data Pipeline has no field that does what this key does.

    `docs/migrate.md` has the table of the keys that it has words for.
    """

    code = "P550"
    title = "Key without a word"
    message = "AWS Data Pipeline cannot say the `{key}` of `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: box}
        resources:
          box: {ec2: m5.large, setup: yum install -y jq}    # P550 yum install -y jq
        activities:
          mail:
            shell: ./mail
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: box}
        resources:
          box: {ec2: m5.large}
        activities:
          mail:
            shell: yum install -y jq && ./mail
        """

    name: str
    key: str
    near: str


@diagnostic
class UnsaidKind(Diagnostic):
    """AWS Data Pipeline knows no such thing.

    Its activities are `shell`, `script`, `copy`, `sql`, `redshift_copy`, `emr`, `hadoop`, `hive`, `hive_copy` and
    `pig`; its data is in S3, DynamoDB, Redshift and databases.
    """

    code = "P551"
    title = "Kind without a word"
    message = "AWS Data Pipeline has nothing like `{name}`, {kind}"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {office: workers edge office}
        activities:
          mail:                     # P551 mail
            python: shop.mail.send
            runs_on: office
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        resources: {office: workers edge office}
        activities:
          mail:
            shell: python -c 'from shop.mail import send; send()'
            runs_on: office
        """

    name: str
    kind: str
    near: str


@diagnostic
class UnsaidSchedule(Diagnostic):
    """The schedules of AWS Data Pipeline have a period and a start, and follow no calendar of a place.

    Instances need those of the same interval, those inside of it, or the one that contains it.
    """

    code = "P552"
    title = "Schedule without a word"
    message = "AWS Data Pipeline cannot say {what}"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: 'cron "0 6 * * 1-5" in Europe/Berlin from 2026-01-01T00:00Z'}    # P552 daily
        defaults: {schedule: daily}
        resources: {office: workers edge office}
        activities:
          mail:
            shell: ./mail
            runs_on: office
        """
    fixed = """
        pipeline: shop
        schedules: {daily: "every 1 day from 2026-01-01T05:00Z"}
        defaults: {schedule: daily}
        resources: {office: workers edge office}
        activities:
          mail:
            shell: ./mail
            runs_on: office
        """

    what: str
    near: str


@diagnostic
class NowhereToRun(Diagnostic):
    """AWS Data Pipeline has no machines of its own: work runs on a resource, or on workers.

    In Airflow it would run on the machines of Airflow itself.
    """

    code = "P553"
    title = "Nowhere to run"
    message = "`{name}` runs nowhere: AWS Data Pipeline has no machines of its own"
    help = "say where: `runs_on: box`, with `resources: {{box: {{ec2: m5.large}}}}`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:                     # P553 mail
            shell: ./mail
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily, runs_on: box}
        resources: {box: {ec2: m5.large}}
        activities:
          mail:
            shell: ./mail
        """

    name: str
