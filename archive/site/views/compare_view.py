"""Comparison of two versions of an article: what was added and cut between them, inline or side by side."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette.utils.asgi import Response

from archive.queries import records as reading
from archive.queries.suspensions import suspension
from archive.site.comparison import Comparison, compare
from archive.site.server.frame import Page, record_path
from archive.site.shown import LIST_ITEMS
from archive.site.words.speaker import Speaker

Gathered = tuple[reading.Record, int, int, Comparison]


async def comparison(datasette: Any, request: Any) -> Response:
    """Versions ``from`` and ``to``, else the newest and the one before it; ``view=side`` puts them side by side."""
    page = Page(datasette, request)
    identifier = int(request.url_vars["id"])

    def read(conn: sqlite3.Connection) -> Gathered | None:
        record = reading.record(conn, identifier)
        if record is None:
            return None
        newest = len(record.versions)
        newer = _number(request.args.get("to"), newest)
        older = _number(request.args.get("from"), max(1, newer - 1))
        older, newer = sorted((older, newer))
        if not 1 <= older <= newer <= newest:
            return None
        return record, older, newer, compare(record.versions[older - 1].article, record.versions[newer - 1].article)

    gathered = await page.read(read)
    if gathered is None:
        stone = await page.read(lambda conn: suspension(conn, identifier))
        return await (page.suspended(stone) if stone is not None else page.not_found())
    record, older, newer, found = gathered
    return await page.render(
        "compare.html",
        record=record,
        title=(record.article.title or page.speak("untitled"))[:500],
        older=record.versions[older - 1],
        newer=record.versions[newer - 1],
        choices=record.versions[-LIST_ITEMS:],
        raw=[page.tool(record_path(record.versions[one - 1].record_id)) for one in (older, newer)],
        found=found,
        summary=summary(found, page.speak),
        side=request.args.get("view") == "side",
    )


def _number(asked: str | None, otherwise: int) -> int:
    """A version's number as asked for; one that cannot be for what is none."""
    if not asked:
        return otherwise
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else -1


def summary(found: Comparison, speak: Speaker) -> str:
    """One sentence: how many places were changed, and of which kinds."""
    if not found.spots:
        return speak("diff_none")
    kinds = [f"{speak.number(n)} {speak.edit_kind(kind)}" for kind, n in found.kinds]
    return f"{speak.count('diff_spots', len(found.spots))}: {', '.join(kinds)}."
