"""What is known of an address a reader pastes: its article, its file, its captures, its portal, or nothing.

The scheme, ``www.``, a stroke at the end, the fragment and what trackers add do not matter. Of a suspended address no more
is said than that it is suspended.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from archive.ids import url_key
from archive.queries.records import rows
from archive.queries.suspensions import Suspension, suspension

MOST_CAPTURES = 10
LONGEST = 2_000

_ADDRESS = re.compile(r"(?P<scheme>https?:/{1,2})?(?P<host>(?:[\w-]+\.)+[a-z]{2,24}|localhost|\d{1,3}(?:\.\d{1,3}){3})(?P<port>:\d{1,5})?(?P<rest>[/?#]\S*)?", re.IGNORECASE)  # fmt: skip
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|zarsrc|mibextid|igshid|yclid|msclkid|_ga|_gl|ref_src|spm", re.IGNORECASE)
_SAFE = "/%:@!$&'()*+,;=~-._"


@dataclass(slots=True)
class KnownAddress:
    """What the archive knows of one address."""

    shown: str
    articles: list[dict[str, Any]] = field(default_factory=list)
    """Id and title of the articles at that address, or that offer the file there."""
    is_file: bool = False
    captures: list[dict[str, Any]] = field(default_factory=list)
    """The newest captures of the address: ``record_id``, ``fetched_at``, ``status``, ``kind``."""
    suspended: Suspension | None = None
    portals: list[dict[str, Any]] = field(default_factory=list)
    """Name and title of the portals of that host."""


def is_address(text: str) -> bool:
    """Whether a whole query is an address: with a scheme, ``www.`` or a path behind a host, or a host below ``.vn``."""
    found = _ADDRESS.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if found is None:
        return False
    host = found["host"].lower()
    return bool(found["scheme"] or host.startswith("www.") or host.endswith(".vn") or (found["rest"] and "." in host))


def known(conn: sqlite3.Connection, text: str) -> KnownAddress:
    """What is known of an address as typed (`is_address`)."""
    typed = text.strip()
    found = KnownAddress(typed)
    forms = list(writings(typed))
    keys = [url_key(form).hex() for form in forms]
    found.suspended = _suspended(conn, keys)
    if found.suspended is not None:
        return found
    marks = ",".join("?" * len(forms))
    of_ids = "SELECT id, title FROM article_shown WHERE id IN ({}) ORDER BY id DESC LIMIT 20"
    by_key = f"SELECT id FROM article_id WHERE url_key IN ({marks})"
    by_capture = f"SELECT article FROM capture WHERE url IN ({marks}) AND article IS NOT NULL"
    found.articles = list(rows(conn, of_ids.format(by_key), keys)) or list(rows(conn, of_ids.format(by_capture), forms))
    if not found.articles:
        offers = f"SELECT article FROM attachment WHERE url IN ({marks})"
        found.articles = list(rows(conn, of_ids.format(offers), forms))
        found.is_file = bool(found.articles)
    found.captures = list(
        rows(
            conn,
            f"""SELECT record_id, fetched_at, status, kind FROM capture WHERE url IN ({marks})
                ORDER BY fetched_at DESC LIMIT {MOST_CAPTURES}""",
            forms,
        )
    )
    host = _host(urlsplit(forms[0]))
    found.portals = [
        row
        for row in rows(conn, "SELECT name, coalesce(title, name) AS title, url FROM portal")
        if _host(_split(row["url"])) == host
    ]
    return found


def writings(typed: str) -> Iterator[str]:
    """The forms an address can be kept under, the likeliest first."""
    found = _ADDRESS.fullmatch(typed)
    if found is None:
        return
    bare = found["host"].lower().removeprefix("www.") + (found["port"] or "")
    parts = _split("http://x" + (found["rest"] or "/"))
    wanted = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(name)
    ]
    asked = [parts.query] if len(wanted) == len(parts.query.split("&")) else [urlencode(wanted)]
    path = parts.path or "/"
    paths = [
        path,
        quote(unquote(path), safe=_SAFE),
        path.rstrip("/") or "/",
        path if path.endswith("/") else f"{path}/",
    ]
    schemes = ("http", "https") if (found["scheme"] or "").lower().startswith("http:") else ("https", "http")
    for query in asked:
        for scheme in schemes:
            for host in (bare, f"www.{bare}"):
                for one in dict.fromkeys(paths):
                    yield f"{scheme}://{host}{one}" + (f"?{query}" if query else "")


def _suspended(conn: sqlite3.Connection, keys: list[str]) -> Suspension | None:
    marks = ",".join("?" * len(keys))
    row = conn.execute(f"SELECT article FROM suspended_address WHERE key IN ({marks})", keys).fetchone()
    return suspension(conn, row[0]) if row else None


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # an unclosed bracket, for one
        return urlsplit("")


def _host(parts: SplitResult) -> str:
    return parts.netloc.lower().removeprefix("www.")
