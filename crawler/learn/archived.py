"""The pages of a portal that its archive holds, read from WARC: what there is to learn from, and to read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from archive.model import Capture
from archive.queries import records
from archive.queries.records import capture_from_row, rows
from archive.warc.read import CaptureUnreadable, read_exchange
from crawler.learn.signs.held import HeldPage

MOST_ARTICLES, MOST_OTHERS = 80, 80
"""Pages that are learnt from: more tell hardly more, and these fit into 200 MB."""

LARGEST, MOST_TAGS = 600_000, 8_000
"""Bytes and tags of a page that is learnt from; an article's page has a tenth of either."""

_NEWEST = """SELECT record_id FROM (
    SELECT record_id, article, fetched_at, row_number() OVER (PARTITION BY url ORDER BY fetched_at DESC) AS place FROM capture
    WHERE portal = ? AND kind IN ('page', 'listing') AND status = 200 AND record_type = 'response' AND truncated IS NULL
      AND (content_type LIKE '%html%' OR content_type LIKE '%xml%' OR content_type IS NULL)
) WHERE place = 1"""


def to_learn_from(conn: sqlite3.Connection, warc: Path, portal: str) -> list[HeldPage]:
    """Articles spread over the portal's time; lists, feeds and other pages, half of them those nearest to the home page."""
    articles = _newest(conn, "article IS NOT NULL ORDER BY article", portal)
    others = _newest(conn, "article IS NULL ORDER BY fetched_at", portal)
    first = others[: MOST_OTHERS // 2]
    chosen = (*_spread(articles, MOST_ARTICLES), *first, *_spread(others[len(first) :], MOST_OTHERS - len(first)))
    captures = (records.capture(conn, record_id) for record_id in chosen)
    pages = (held_page(conn, warc, capture) for capture in captures if capture is not None)
    return [held for held in pages if held is not None and _is_ordinary(held)]


def _is_ordinary(held: HeldPage) -> bool:
    """Whether a page is no larger than pages are: what is made to be slow teaches nothing."""
    return len(held.body) <= LARGEST and held.body.count(b"<") <= MOST_TAGS


def _spread(chosen: list[str], most: int) -> list[str]:
    step = max(1.0, len(chosen) / most)
    return [chosen[int(at * step)] for at in range(min(len(chosen), most))]


def held_page(conn: sqlite3.Connection, warc: Path, capture: Capture) -> HeldPage | None:
    """A capture's page, a revisit's by the payload it repeats; ``None`` where a file is missing or torn."""
    found = original_of(conn, warc, capture)
    return found[0] if found is not None else None


def original_of(conn: sqlite3.Connection, warc: Path, capture: Capture) -> tuple[HeldPage, Capture] | None:
    """As :func:`held_page`, with the capture whose record holds the payload: the page's own, or the one a revisit repeats."""
    try:
        exchange = read_exchange(warc, capture.file, capture.offset, capture.length)
        original: Capture | None = capture
        if capture.record_type == "revisit":
            named = exchange.refers_to or ""
            original = records.capture(conn, named) or records.capture(conn, f"<{named}>")
            if original is None:
                return None
            exchange = read_exchange(warc, original.file, original.offset, original.length)
    except CaptureUnreadable:
        return None
    assert original is not None
    return HeldPage(capture.url, exchange.body, capture.content_type, capture.fetched_at), original


def read_from(conn: sqlite3.Connection, portal: str) -> Iterator[tuple[int, Capture]]:
    """The articles of a portal, each with the capture its text stands by."""
    found = rows(
        conn,
        """SELECT article.id AS identifier, capture.* FROM article
           JOIN portal ON portal.id = article.portal JOIN capture ON capture.record_id = article.capture
           WHERE portal.name = ? ORDER BY article.id""",
        (portal,),
    )
    for row in found:
        yield row["identifier"], capture_from_row(row)


def without_article(conn: sqlite3.Connection, portal: str) -> list[Capture]:
    """The newest captures of pages that were taken for something else than an article."""
    found = (records.capture(conn, one) for one in _newest(conn, "article IS NULL ORDER BY fetched_at", portal))
    return [capture for capture in found if capture is not None]


def _newest(conn: sqlite3.Connection, which: str, portal: str) -> list[str]:
    """The record ids of the newest captures of pages; no more of each, for a portal may have a hundred thousand."""
    return [row[0] for row in conn.execute(f"{_NEWEST} AND {which}", (portal,))]
