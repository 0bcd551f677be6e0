"""The records of text files."""


def text_records(file, end="\n"):
    """Yields each record of an open text file, and what ends it.

    That is `end`; a line may end in other ways too. At the end of the file it is none.
    """
    if end == "\n":
        for line in file:
            record = line.rstrip("\r\n")
            yield record, line[len(record) :]
        return
    rest = ""
    while chunk := file.read(max(65536, len(rest))):
        *records, rest = (rest + chunk).split(end)
        for record in records:
            yield record, end
    if rest:
        yield rest, ""
