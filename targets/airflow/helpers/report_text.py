"""A report without HTML."""


def report_text(about):
    """The tables of a report as plain text."""
    start, end = (f"{about[one]:%Y-%m-%d %H:%M %Z}" for one in ("start", "end"))
    parts = [about["title"], start if start == end else f"{start} to {end}"]
    for table in about["tables"]:
        columns, cells = table["columns"], table["cells"]
        wide = [max(map(len, texts)) for texts in zip(columns, *cells)]
        aligned = [str.rjust if number else str.ljust for number in table["numbers"]]
        lines = [
            "  ".join(map(lambda text, to, size: to(text, size), row, aligned, wide))
            for row in (columns, ["-" * size for size in wide], *cells)
        ]
        parts += [table["title"], "\n".join(line.rstrip() for line in lines)]
        if not cells:
            parts.append("No rows.")
        if table["more"]:
            parts.append(f"The first {len(cells):,} rows; there are more.")
    return "\n\n".join(filter(None, parts)) + "\n"
