"""Events of a search: articles that came, were changed, were removed or came back, as the journal has them, newest last seen first.

Feeds and alerts are made of them. An article that is suspended or was withdrawn has none.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from archive.changes.kinds import Edit, edit_between
from archive.changes.seen import pair_of
from archive.queries.full_text.matching import Query, match
from archive.queries.full_text.search import matching_ids
from archive.queries.records import Version, one, record, rows

What = Literal["new", "changed", "removed", "returned"]
WHATS: tuple[What, ...] = ("new", "changed", "removed", "returned")

_CHANGES = "what IN ('changed', 'removed', 'returned')"

FOLLOWED = 10_000
"""The newest matches whose events are told."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one article. ``at`` is when it was seen (UTC), ``cursor`` rises with every event."""

    cursor: int
    what: What
    at: str
    article: int
    url: str
    title: str | None
    portal: str
    portal_title: str
    section: str | None
    published: str | None
    lead: str
    """The lead, or the beginning of the text."""
    version: int | None = None
    """Of a change: the version that came."""
    edit: Edit | None = None
    gone_status: int | None = None
    """Of a removal: what the portal answered at the last look."""

    @property
    def id(self) -> str:
        """A name that stays: the same event has it in every feed, on every site that serves the archive."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.url}#{self.what}-{self.at}").urn


def events(
    conn: sqlite3.Connection, query: Query, *, limit: int = 50, after: int = 0, upto: int | None = None
) -> list[Event]:
    """The newest events of the articles that match, those behind a cursor alone where one is given."""
    sql, params = match(conn, query).sql()
    if query.exact:  # which no index knows
        sql, params = "SELECT value AS id FROM json_each(?)", (json.dumps(matching_ids(conn, query, FOLLOWED)),)
    found = rows(
        conn,
        f"""WITH match AS MATERIALIZED ({sql} ORDER BY 1 DESC LIMIT {FOLLOWED})
            SELECT seq, what, at, journal.article FROM match CROSS JOIN journal ON journal.article = match.id
            WHERE seq > ? AND seq <= ? AND what IN ('new', 'changed', 'removed', 'returned')
            ORDER BY at DESC, seq DESC LIMIT ?""",
        (*params, after, upto if upto is not None else 2**62, limit),
    )
    return [
        event for row in list(found) if (event := event_of(conn, row["seq"], row["what"], row["at"], row["article"]))
    ]


def latest_changes(conn: sqlite3.Connection, limit: int, portals: Sequence[int] | None = None) -> list[Event]:
    """The edits, removals and returns seen last, of all portals or of some (by their ids)."""
    if portals is None:
        found = conn.execute(
            f"SELECT seq, what, at, article FROM journal WHERE {_CHANGES} ORDER BY at DESC, seq DESC LIMIT ?",
            (3 * limit,),
        )
    else:
        found = conn.execute(
            f"""SELECT seq, what, at, journal.article FROM article_facet CROSS JOIN journal ON journal.article = article_facet.article
                WHERE portal IN (SELECT value FROM json_each(?)) AND (changed OR removed OR returned) AND {_CHANGES}
                ORDER BY at DESC, seq DESC LIMIT ?""",
            (json.dumps(list(portals)), 3 * limit),
        )
    events: list[Event] = []
    for seq, what, at, article in found.fetchall():
        event = event_of(conn, seq, what, at, article)
        if event is not None and (event.what != "changed" or (event.edit is not None and event.edit.kinds)):
            events.append(event)
        if len(events) == limit:
            break
    return events


def cursor_of(conn: sqlite3.Connection) -> int:
    """The cursor of the journal's last line."""
    return int(conn.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()[0])


def event_of(conn: sqlite3.Connection, seq: int, what: What, at: str, article: int) -> Event | None:
    """The event of one thing that was seen of an article; None for an article that was withdrawn or suspended since."""
    shown = record(conn, article)
    if shown is None:
        return None
    version, edit = _change(shown.versions, at) if what == "changed" else (None, None)
    said, portal = shown.article, shown.portal
    last = one(conn, "SELECT status FROM observation WHERE article = ? ORDER BY at DESC LIMIT 1", (article,))
    return Event(
        seq, what, at, article, said.url, said.title, portal.name, portal.title or portal.name, said.section,
        said.published.value if said.published else None, (said.lead or said.text[:400]), version, edit,
        last["status"] if last and what == "removed" else None,
    )  # fmt: skip


def _change(versions: Sequence[Version], at: str) -> tuple[int | None, Edit | None]:
    """The version that came at a moment and what differs from the one before it."""
    for before, after in pairwise(versions):
        if after.first_seen == at:
            return after.number, _edit(_Pair(pair_of(before, after), before, after))
    return None, None


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two versions, known by what an edit is made of."""

    key: str
    before: Version = field(compare=False)
    after: Version = field(compare=False)


@lru_cache(maxsize=256)
def _edit(pair: _Pair) -> Edit:
    """What differs: feeds and lists tell the same edits again and again, each a millisecond or two of comparing."""
    return edit_between(pair.before.article, pair.after.article)
