"""The month of a portal: what was published, changed and not found again, and when nobody looked or nothing answered."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from archive.changes.listing import Change, changes
from archive.queries.coverage_by_month import DOWN
from archive.queries.records import rows, seen_through
from archive.text.vietnam_time import VIETNAM, utc


@dataclass(frozen=True, slots=True)
class Published:
    """An article the portal dates into the month; ``dated`` is false for one without a day that was first seen in it."""

    article: int
    title: str | None
    url: str
    day: str
    dated: bool
    first_seen: str
    capture: str
    through: str | None = None
    """Who captured it first, where that was not the archive."""


@dataclass(frozen=True, slots=True)
class Look:
    """One crawl of the portal: when, what it found, how many pages it asked for."""

    started_at: str
    finished_at: str | None
    verdict: str
    pages: int

    @property
    def was_down(self) -> bool:
        return self.verdict in DOWN


@dataclass(frozen=True, slots=True)
class Month:
    """A portal's month as the archive saw it. ``month`` is ``YYYY-MM``, Vietnam's."""

    portal: str
    month: str
    published: tuple[Published, ...]
    changes: tuple[Change, ...]
    looks: tuple[Look, ...]
    days_not_looked: tuple[str, ...]
    """Days (``YYYY-MM-DD``) without a crawl, up to the day the report is made: what happened on them was not watched."""

    @property
    def first_day(self) -> str:
        return f"{self.month}-01"

    @property
    def last_day(self) -> str:
        return (bounds(self.month)[1] - timedelta(days=1)).date().isoformat()

    @property
    def undated(self) -> int:
        """How many of the articles bear no day: they were first seen in the month, and may have been published long before."""
        return sum(not one.dated for one in self.published)

    @property
    def spans_not_looked(self) -> list[tuple[str, str]]:
        """The same as the first and the last day of each row of days."""
        spans: list[tuple[str, str]] = []
        for day in self.days_not_looked:
            if spans and date.fromisoformat(spans[-1][1]) + timedelta(days=1) == date.fromisoformat(day):
                spans[-1] = (spans[-1][0], day)
            else:
                spans.append((day, day))
        return spans


def bounds(month: str) -> tuple[datetime, datetime]:
    """When a month begins and ends in Vietnam. Raises `ValueError` for what is no ``YYYY-MM``."""
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, time(), VIETNAM), datetime.combine(following, time(), VIETNAM)


def month_of(conn: sqlite3.Connection, portal: str, month: str, *, now: datetime | None = None) -> Month:
    """What the archive saw of a portal in one month. Raises `ValueError` for what is no ``YYYY-MM``."""
    begins, ends = bounds(month)
    since, until = utc(begins), utc(ends)
    looks = _looks(conn, portal, since, until)
    return Month(
        portal,
        month,
        tuple(_published(conn, portal, month, since, until)),
        tuple(sorted(changes(conn, [portal], since, until), key=lambda one: (one.at, one.article))),
        looks,
        _days_not_looked(begins, min(ends, now or datetime.now(UTC)), looks),
    )


def _published(conn: sqlite3.Connection, portal: str, month: str, since: str, until: str) -> list[Published]:
    found = rows(
        conn,
        """SELECT article.id, article.title, article.url, published, first_seen, first_capture FROM article_shown AS article
           JOIN portal ON portal.id = article.portal WHERE portal.name = ? AND
           (substr(published, 1, 7) = ? OR (published IS NULL AND first_seen >= ? AND first_seen < ?))
           ORDER BY coalesce(published, first_seen), article.id""",
        (portal, month, since, until),
    )
    held = list(found)
    others = seen_through(conn, (row["first_capture"] for row in held))
    return [
        Published(
            row["id"], row["title"], row["url"], row["published"] or row["first_seen"], row["published"] is not None,
            row["first_seen"], row["first_capture"], others.get(row["first_capture"]),
        )
        for row in held
    ]  # fmt: skip


def _looks(conn: sqlite3.Connection, portal: str, since: str, until: str) -> tuple[Look, ...]:
    found = rows(
        conn,
        """SELECT started_at, finished_at, verdict, coalesce(pages, 0) AS pages FROM run
           WHERE portal = ? AND started_at < ? AND coalesce(finished_at, started_at) >= ? ORDER BY started_at""",
        (portal, until, since),
    )
    return tuple(Look(row["started_at"], row["finished_at"], row["verdict"] or "", row["pages"]) for row in found)


def _days_not_looked(begins: datetime, ends: datetime, looks: tuple[Look, ...]) -> tuple[str, ...]:
    """The days of a month, up to ``ends``, on which no crawl asked the portal for anything."""
    seen: set[date] = set()
    for look in looks:
        first = datetime.fromisoformat(look.started_at).astimezone(VIETNAM).date()
        last = datetime.fromisoformat(look.finished_at or look.started_at).astimezone(VIETNAM).date()
        seen.update(first + timedelta(days=at) for at in range((last - first).days + 1))
    days = ((begins + timedelta(days=at)).date() for at in range((ends - begins).days + 1))
    return tuple(day.isoformat() for day in days if day not in seen and day < ends.astimezone(VIETNAM).date())
