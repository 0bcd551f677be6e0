"""A page in its place."""

import os
import tempfile


def keep_page(place, page):
    """Puts a page of HTML at `place`, or there as `index.html`, all of it at once."""
    if place.endswith("/"):
        place += "index.html"
    bucket, _, key = place.partition("://")[2].partition("/")
    if bucket:
        from airflow.providers.amazon.aws.hooks.s3 import S3Hook

        S3Hook().get_conn().put_object(
            Bucket=bucket,
            Key=key or "index.html",
            Body=page.encode(),
            ContentType="text/html; charset=utf-8",
        )
        return
    folder = os.path.dirname(os.path.abspath(place))
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as beside:
        draft = os.path.join(beside, "draft")
        with open(draft, "w", encoding="utf-8", newline="") as file:
            file.write(page)
        os.replace(draft, place)
