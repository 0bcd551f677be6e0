"""A chart."""

from io import BytesIO

from helpers.chart_points import chart_points
from helpers.readable_column import readable_column


def draw_chart(kind, values, by, table):
    """The pictures of a chart of `values` over `by`, columns of a table.

    None if it has no rows. Bars over texts lie one below the other, the first fifty.
    """
    try:
        import matplotlib
        from matplotlib import dates, figure, ticker
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "A chart needs matplotlib where its task runs: pip install matplotlib"
        ) from missing

    scale, points = chart_points(values, by, table)
    lying = kind == "bar" and scale == "texts"
    points = points[:50] if lying else points
    if not points:
        return None
    over, labels, *series = zip(*points)
    at = dates.date2num(over) if scale == "dates" else over
    at = [float(one) for one in (range(len(over)) if scale == "texts" else at)]
    gaps = [after - one for one, after in zip(at, at[1:]) if after > one]
    wide = 0.8 * min(gaps, default=1) / len(series)
    settings = {
        "svg.fonttype": "none",  # Texts stay texts, which can be found and copied.
        "svg.hashsalt": "chart",  # The same chart is the same file.
        "text.parse_math": False,
    }
    with matplotlib.rc_context(settings):
        high = 0.8 + len(at) * max(0.3, 0.2 * len(series)) if lying else 4
        chart = figure.Figure(figsize=(8, high), layout="constrained")
        axes, drawn = chart.add_subplot(), []
        for number, heights in enumerate(series):
            color = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00")[number % 5]
            aside = [one + wide * (number - (len(series) - 1) / 2) for one in at]
            if kind == "line":
                mark = "o" if len(at) <= 40 else ""
                drawn += axes.plot(at, heights, color=color, marker=mark)
            elif lying:
                drawn.append(axes.barh(aside, heights, wide, color=color))
                axes.bar_label(drawn[-1], readable_column(heights)[0], padding=3)
            else:
                drawn.append(axes.bar(aside, heights, wide, color=color))
        axes.spines[["top", "right"]].set_visible(False)
        if lying:  # Each bar says its number.
            axes.spines["bottom"].set_visible(False)
            axes.xaxis.set_visible(False)
            axes.invert_yaxis()
            axes.set_yticks(at, labels)
        else:
            axes.set_xlabel(by)
            axes.yaxis.set_major_formatter(lambda one, _: readable_column([one])[0][0])
            axes.grid(axis="y", color="#dddddd")
            axes.set_axisbelow(True)
        if scale == "dates":
            axes.xaxis_date()
            form = dates.ConciseDateFormatter(axes.xaxis.get_major_locator())
            axes.xaxis.set_major_formatter(form)
        elif scale == "numbers":
            whole = all(one == int(one) for one in at)
            axes.xaxis.set_major_locator(ticker.MaxNLocator(integer=whole))
        elif not lying:
            step = 1 + len(at) // 20
            axes.set_xticks(at[::step], labels[::step], rotation=30, ha="right")
        chart.legend(drawn, values, loc="outside upper left", ncols=5, frameon=False)
        pictures = {}
        for form, left_out in (("svg", ("Date", "Creator")), ("png", ("Software",))):
            file = BytesIO()
            metadata = dict.fromkeys(left_out)
            chart.savefig(file, format=form, dpi=144, metadata=metadata)
            pictures[form] = file.getvalue()
    return {"shows": f"{', '.join(values)} by {by}", **pictures}
