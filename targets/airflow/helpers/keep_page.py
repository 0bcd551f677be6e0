"""A page in its place."""

from helpers.new_file import new_file


def keep_page(place, page):
    """Puts a page of HTML at `place`, or there as `index.html`, all of it at once."""
    bucket, slash, _ = place.partition("://")[2].partition("/")
    if bucket and not slash:
        place += "/"
    if place.endswith("/"):
        place += "index.html"
    with new_file(place, ContentType="text/html; charset=utf-8") as draft:
        with open(draft, "w", encoding="utf-8", newline="") as file:
            file.write(page)
