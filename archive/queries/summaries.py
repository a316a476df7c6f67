"""What home and portal pages show, read from the small summary tables: cheap at any size of the archive."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archive.queries.records import UNSTEADY, one, rows

MOST_YEARS = 60
"""Years of a timeline, the latest: a misprinted date must not draw one of centuries."""


@dataclass(slots=True)
class PortalSummary:
    """A portal in a list. ``first_year`` and ``last_year`` are those of publication, None when no article has one."""

    name: str
    title: str
    url: str
    articles: int
    first_year: int | None
    last_year: int | None
    last_capture: str | None


@dataclass(slots=True)
class Completeness:
    """How much is kept, over all portals."""

    articles: int
    undated: int
    gone: int
    portals: int
    captures: int
    first_year: int | None
    last_year: int | None
    last_capture: str | None


@dataclass(slots=True)
class Run:
    """The public summary of one crawl; ``skipped_why`` counts reasons when the run recorded them."""

    started_at: str
    finished_at: str | None
    verdict: str | None
    pages: int | None
    new: int | None
    revised: int | None
    skipped: int | None
    failed: int | None
    skipped_why: dict[str, int]


@dataclass(slots=True)
class PortalCounts:
    """A portal's articles by section (name or None, most first) and by year: twelve months and the year's total."""

    sections: list[tuple[str | None, int]]
    years: list[tuple[int, list[int], int]]
    undated: int


def portal_summaries(conn: sqlite3.Connection) -> list[PortalSummary]:
    """Every portal with its counts, in no particular order."""
    found = rows(
        conn,
        """SELECT name, coalesce(title, name) AS title, url,
                  coalesce(sum(articles), 0) AS articles,
                  min(nullif(year, 0)) AS first_year, max(nullif(year, 0)) AS last_year,
                  (SELECT max(fetched_at) FROM capture WHERE capture.portal = portal.name) AS last_capture
           FROM portal LEFT JOIN portal_year ON portal_year.portal = portal.id GROUP BY portal.id""",
    )
    return [PortalSummary(**row) for row in found]


def completeness(conn: sqlite3.Connection, portals: list[PortalSummary]) -> Completeness:
    """The whole archive in a few numbers; ``portals`` are those of `portal_summaries`."""
    undated = one(conn, "SELECT coalesce(sum(articles), 0) AS n FROM portal_year WHERE year = 0")
    gone = one(conn, "SELECT count(*) AS n FROM article_facet WHERE removed")
    captures = one(conn, "SELECT count(*) AS n FROM capture")
    return Completeness(
        articles=sum(portal.articles for portal in portals),
        undated=undated["n"] if undated else 0,
        gone=gone["n"] if gone else 0,
        portals=len(portals),
        captures=captures["n"] if captures else 0,
        first_year=min((portal.first_year for portal in portals if portal.first_year), default=None),
        last_year=max((portal.last_year for portal in portals if portal.last_year), default=None),
        last_capture=max((portal.last_capture for portal in portals if portal.last_capture), default=None),
    )


def portal_counts(conn: sqlite3.Connection, name: str) -> PortalCounts:
    """By section and month of publication."""
    sections: dict[str | None, int] = {}
    years: dict[int, list[int]] = {}
    undated = 0
    found = rows(
        conn,
        """SELECT month, section.name AS section, articles FROM portal_month
           JOIN portal ON portal.id = portal_month.portal LEFT JOIN section ON section.id = portal_month.section
           WHERE portal.name = ?""",
        (name,),
    )
    for row in found:
        sections[row["section"]] = sections.get(row["section"], 0) + row["articles"]
        year, month = divmod(row["month"], 100)
        if not 1 <= month <= 12:
            undated += row["articles"]
            continue
        years.setdefault(year, [0] * 12)[month - 1] += row["articles"]
    return PortalCounts(
        sorted(sections.items(), key=lambda item: -item[1]),
        [(year, months, sum(months)) for year, months in sorted(years.items(), reverse=True)],
        undated,
    )


def articles_by_portal(conn: sqlite3.Connection) -> list[tuple[int, int]]:
    """How many articles each portal has, by its id."""
    found = conn.execute("SELECT portal, sum(articles) FROM portal_year GROUP BY portal")
    return [(portal, articles) for portal, articles in found]


def years(conn: sqlite3.Connection, portals: Sequence[int] | None = None) -> list[tuple[int, int]]:
    """Articles by year of publication from the first to the last, of all portals or of some; empty years are there, too."""
    named, params = (
        ("", ())
        if portals is None
        else (" AND portal IN (SELECT value FROM json_each(?))", (json.dumps(list(portals)),))
    )
    found = dict(
        tuple(row)
        for row in conn.execute(
            f"SELECT year, sum(articles) FROM portal_year WHERE year > 0{named} GROUP BY year", params
        )
    )
    return (
        [(year, found.get(year, 0)) for year in range(max(min(found), max(found) - MOST_YEARS), max(found) + 1)]
        if found
        else []
    )


def months(conn: sqlite3.Connection, portals: Sequence[int]) -> list[tuple[int, list[int]]]:
    """Articles of some portals by year of publication, newest first, and month."""
    by_year: dict[int, list[int]] = {}
    found = conn.execute(
        "SELECT month, sum(articles) FROM portal_month WHERE portal IN (SELECT value FROM json_each(?)) GROUP BY month",
        (json.dumps(list(portals)),),
    )
    for at, articles in found:
        year, month = divmod(at, 100)
        if 1 <= month <= 12:
            by_year.setdefault(year, [0] * 12)[month - 1] += articles
    return sorted(by_year.items(), reverse=True)


def runs(conn: sqlite3.Connection, portal: str, limit: int = 10) -> list[Run]:
    """The latest crawls of a portal, and those of all portals at once, newest first."""
    found = rows(
        conn,
        """SELECT started_at, finished_at, verdict, pages, new, revised, skipped, failed, detail
           FROM run WHERE portal = ? OR portal IS NULL ORDER BY started_at DESC, id DESC LIMIT ?""",
        (portal, limit),
    )
    return [
        Run(**{key: value for key, value in row.items() if key != "detail"}, skipped_why=_reasons(row)) for row in found
    ]


def neighbours(conn: sqlite3.Connection, identifier: int) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The portal's next older and next newer article (id, title)."""
    older, newer = (
        one(
            conn,
            f"""SELECT id, title FROM article_shown WHERE portal = (SELECT portal FROM article WHERE id = ?1)
                AND id {sign} ?1 ORDER BY id {order} LIMIT 1""",
            (identifier,),
        )
        for sign, order in (("<", "DESC"), (">", "ASC"))
    )
    return older, newer


@dataclass(slots=True)
class KeptFile:
    """A copy of a file: its capture, when that was made, and whether its address gave the same at every look."""

    record_id: str
    content_type: str | None
    saved_at: str
    unsteady: bool = False


def file_captures(conn: sqlite3.Connection, files: list[tuple[str, str | None]]) -> list[KeptFile | None]:
    """For files by address and SHA-256, or by address alone: the capture that brought those very bytes."""
    return [_file_capture(conn, url, sha256) for url, sha256 in files]


def file_last_seen(conn: sqlite3.Connection, url: str) -> str:
    """When a file's address gave the file last; empty when it never did."""
    row = one(conn, "SELECT last_seen FROM file WHERE url = ?", (url,))
    return row["last_seen"] if row else ""


def _file_capture(conn: sqlite3.Connection, url: str, sha256: str | None) -> KeptFile | None:
    row = one(
        conn,
        """SELECT capture.record_id, capture.content_type, capture.fetched_at AS saved_at, kept.changes > ?3 AS unsteady
           FROM (SELECT capture, sha256, changes, fetched_at AS at FROM file WHERE url = ?1
                 UNION ALL SELECT capture, sha256, 0, last_seen FROM file_revision WHERE url = ?1) AS kept
           JOIN capture ON capture.record_id = kept.capture
           WHERE ?2 IS NULL OR kept.sha256 = ?2 ORDER BY kept.at DESC LIMIT 1""",
        (url, sha256, UNSTEADY),
    )
    return KeptFile(**{**row, "unsteady": bool(row["unsteady"])}) if row else None


def _reasons(row: dict[str, Any]) -> dict[str, int]:
    reasons = json.loads(row["detail"]).get("skipped_why", {})
    return reasons if isinstance(reasons, dict) else {}
