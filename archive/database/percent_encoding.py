"""Addresses as they are fetched: percent-encoded, so that one written with blanks or Vietnamese letters is found again.

The crawl asks for addresses in this form, and so are those of attachments and pictures kept: they are joined by equality.
"""

from __future__ import annotations

import re
import sqlite3
from urllib.parse import quote, urlsplit, urlunsplit

from archive.queries import records as reading
from archive.queries.older_versions import content_hash

_KEEP = "/:@!$&'()*+,;=~-._%"
_ENCODED = re.compile(r"https?://[\w.:\[\]-]+/[\w/:@!$&'()*+,;=~.%-]*(?:\?[\w/:@!$&'()*+,;=~.%?\[\]|-]*)?", re.ASCII)


def percent_encoded(url: str) -> str:
    """An absolute http(s) address in the form it is fetched: path and query percent-encoded where they must be.

    What is encoded stays as it is, brackets and pipes of a query too, as browsers leave them. Done twice it changes nothing.
    """
    if _ENCODED.fullmatch(url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket out of place in the host: nothing that was ever fetched
        return url
    path, query = quote(parts.path, safe=_KEEP), quote(parts.query, safe=_KEEP + "?[]|")
    return urlunsplit((parts.scheme, parts.netloc, path or "/", query, ""))


def encode_addresses(conn: sqlite3.Connection) -> None:
    """Write the addresses of attachments and pictures as :func:`percent_encoded`, and let them meet the files kept.

    Archives made before kept them as the page wrote them: a file whose name holds a blank or a Vietnamese letter was
    captured and shown as not captured.
    """
    rehashed: set[int] = set()
    for table in ("attachment", "image"):
        odd = conn.execute(
            f"SELECT DISTINCT url FROM {table} WHERE url GLOB '*[^!-~]*' OR url GLOB '*[][|^{{}}\"<>`\\]*'"
        ).fetchall()
        changed = [(new, url) for (url,) in odd if (new := percent_encoded(url)) != url]
        if table == "attachment":
            rehashed = {
                row[0]
                for _, url in changed
                for row in conn.execute("SELECT article FROM attachment WHERE url = ?", (url,))
            }
        conn.executemany(f"UPDATE {table} SET url = ? WHERE url = ?", changed)
    # the addresses of attachments are part of what two versions are told apart by
    for identifier in rehashed:
        article = reading.article(conn, identifier)
        if article is not None:
            conn.execute("UPDATE article SET content_hash = ? WHERE id = ?", (content_hash(article), identifier))
    conn.execute(
        """UPDATE attachment SET sha256 = (SELECT sha256 FROM file WHERE file.url = attachment.url),
               bytes = (SELECT bytes FROM file WHERE file.url = attachment.url)
           WHERE sha256 IS NULL AND url IN (SELECT url FROM file)"""
    )
