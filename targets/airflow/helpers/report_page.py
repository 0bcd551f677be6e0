"""The page of a report."""

from base64 import b64encode


def report_page(template, about, chart=None, source=None):
    """The HTML that `template` makes of what is said `about` the report.

    The picture of the chart is in the page, unless there is another `source` of it.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    image = ""
    if chart:
        inside = "data:image/svg+xml;base64," + b64encode(chart["svg"]).decode()
        image = Markup('<img src="{}" alt="{}" width="768">').format(
            source or inside, chart["shows"]
        )
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.from_string(template).render(**about, chart=image)
