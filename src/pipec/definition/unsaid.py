"""What AWS Data Pipeline cannot say of an expression, by its own words."""

from __future__ import annotations

from pipec.diagnostic import Diagnostic, diagnostic


@diagnostic
class UnsaidValue(Diagnostic):
    """An expression uses a value that AWS Data Pipeline does not know while it runs.

    It knows the start and the end of the interval, parameters, and fields of linked objects; inside
    of a notification, also the name, the status and the message of what it is about.
    """

    code = "P540"
    title = "Value without a word"
    message = "AWS Data Pipeline has no word for `{name}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --attempt ${{ run.attempt }}     # P540 run.attempt
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start }}
        """

    name: str
    near: str


@diagnostic
class UnsaidPart(Diagnostic):
    """A format has a letter that the patterns of AWS Data Pipeline have not.

    They are those of Joda-Time, which count weeks as ISO does, and days of the week from 1.
    """

    code = "P541"
    title = "Format letter without a pattern"
    message = "AWS Data Pipeline has no letter for `{letter}`"
    help = "{near}"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --week ${{ start:%U }}     # P541 start:%U
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --week ${{ start:%V }}
        """

    letter: str
    near: str


@diagnostic
class UnsaidMove(Diagnostic):
    """A datetime is moved in a way that AWS Data Pipeline has no function for.

    Its functions move by whole minutes and longer units, to and fro; by a period that is a parameter
    only to a later datetime.
    """

    code = "P542"
    title = "Datetime that cannot be reached"
    message = "AWS Data Pipeline cannot move a datetime {how}"
    help = "move it by minutes, hours, days, weeks, months or years"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start - 30 seconds }}     # P542 start - 30 seconds
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --since ${{ start - 1 minute }}
        """

    how: str


@diagnostic
class UnsaidNumber(Diagnostic):
    """A number with a fraction is computed while a pipeline runs, and becomes text.

    The guide of AWS Data Pipeline writes one half as `.5` and four as `4.0`, and says no more. Whole
    numbers, and numbers that are known beforehand, are written as everywhere.
    """

    code = "P543"
    title = "Number with a fraction in a text"
    message = "nobody knows how AWS Data Pipeline writes this number"
    help = "compute with whole numbers, or give the result as a parameter"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --part ${{ hour(start) / 24.0 }}     # P543 hour(start) / 24.0
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail --hour ${{ hour(start) }}
        """


@diagnostic
class UnsaidText(Diagnostic):
    """A text inside of an expression has a character that could end it, or stand for another one.

    No guide says how AWS Data Pipeline reads a backslash, a line break or a curly bracket inside of
    quotes. Outside of the expression they are ordinary text.
    """

    code = "P544"
    title = "Character inside an expression"
    message = "AWS Data Pipeline may read `{character}` in its own way there"
    help = "move the text out of the braces: `a ${{{{ start }}}}`"
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail ${{ '{' + year(start) }}     # P544 '{'
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: ./mail {${{ year(start) }}
        """

    character: str


@diagnostic
class EvaluatedText(Diagnostic):
    """A text holds `#{`, with which expressions of AWS Data Pipeline begin.

    For the language of this file it is text like any other, and there is no way to tell the service
    the same.
    """

    code = "P545"
    title = "Text that would be evaluated"
    message = "AWS Data Pipeline would evaluate the `#{{` of this text"
    help = 'put something between the two characters; in a shell, `#"{{"`'
    fails = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: "echo #{orders}"     # P545 "echo #{orders}"
        """
    fixed = """
        pipeline: shop
        schedules: {daily: every 1 day from 2026-01-01T00:00Z}
        defaults: {schedule: daily}
        activities:
          mail:
            shell: 'echo #"{"orders}'
        """
