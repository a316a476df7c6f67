"""How each portal was found at its last crawl: a row each in ``archive.db``, public, in words of one list.

``verdict`` is one of the names the crawler knows (``complete``, ``dead name``, ``layout drift`` …); the site has its
sentences for them.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.queries.records import one, rows

CERTIFICATE_NEAR, CERTIFICATE_LATELY = timedelta(days=14), timedelta(days=30)
"""A TLS certificate is told of from so long before its end until so long after it; why, says the crawler's health room."""


RUN_COLUMNS = (
    "portal", "started_at", "finished_at", "verdict", "pages", "new", "revised", "unchanged", "files", "skipped",
    "failed", "bytes",
)  # fmt: skip


@dataclass(slots=True)
class Health:
    """One portal. Times are ISO 8601; ``since`` is when the verdict came first, ``well_at`` when all was well last."""

    portal: str
    title: str
    verdict: str
    since: str
    checked_at: str
    well_at: str | None
    is_well: bool
    waiting: int
    failed: int
    next_at: str | None
    certificate_ends: str | None = None
    """When the TLS certificate of its host ends, as its last connection showed it."""
    articles: int = 0
    not_seen: int = 0
    """Articles that their last look did not find, and that are not counted as gone."""
    gone: int = 0

    def certificate_is_near(self, now: datetime) -> bool:
        """Whether its certificate is about to end, or ended lately."""
        if self.certificate_ends is None:
            return False
        left = datetime.fromisoformat(self.certificate_ends) - now
        return -CERTIFICATE_LATELY < left < CERTIFICATE_NEAR


def save(
    conn: sqlite3.Connection,
    portal: str,
    verdict: str,
    *,
    at: str,
    well: bool,
    waiting: int = 0,
    failed: int = 0,
    next_at: str | None = None,
    certificate_ends: str | None = None,
) -> None:
    """Keep how a portal was found, inside the caller's batch; the same verdict as before keeps its ``since``."""
    conn.execute(
        """INSERT INTO health(portal, verdict, since, checked_at, well_at, is_well, waiting, failed, next_at,
                              certificate_ends)
           VALUES (?1, ?2, ?3, ?3, CASE WHEN ?4 THEN ?3 END, ?4, ?5, ?6, ?7, ?8)
           ON CONFLICT(portal) DO UPDATE SET
               since = CASE WHEN verdict = excluded.verdict THEN since ELSE excluded.since END,
               verdict = excluded.verdict, checked_at = excluded.checked_at,
               well_at = coalesce(excluded.well_at, well_at), is_well = excluded.is_well,
               waiting = excluded.waiting, failed = excluded.failed, next_at = excluded.next_at,
               certificate_ends = coalesce(excluded.certificate_ends, certificate_ends)""",
        (portal, verdict, at, int(well), waiting, failed, next_at, certificate_ends),
    )


def save_check(
    conn: sqlite3.Connection, portal: str, *, at: str, family: str, compared: int, differs: dict[str, int]
) -> None:
    """Keep on how many of the articles ``compared`` the software's selectors read a field otherwise than the learnt theme."""
    conn.execute(
        "INSERT INTO theme_check(portal, at, family, compared, differs) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT(portal) DO UPDATE SET at = ?2, family = ?3, compared = ?4, differs = ?5",
        (portal, at, family, compared, json.dumps(differs)),
    )


@dataclass(frozen=True, slots=True)
class ThemeCheck:
    """How a portal's articles are read by its software's selectors, beside the theme learnt of them."""

    portal: str
    at: str
    family: str
    compared: int
    differs: dict[str, int]
    """By field, on how many of the articles compared they read something else."""


def theme_checks(conn: sqlite3.Connection) -> dict[str, ThemeCheck]:
    """By portal, the checks that found something read otherwise."""
    found = rows(conn, "SELECT portal, at, family, compared, differs FROM theme_check WHERE differs != '{}'")
    return {row["portal"]: ThemeCheck(**{**row, "differs": json.loads(row["differs"])}) for row in found}


def all_portals(conn: sqlite3.Connection) -> list[Health]:
    """Every portal that was crawled, those that need a look first, then by when they were looked at."""
    found = rows(
        conn,
        """SELECT health.portal, coalesce(portal.title, health.portal) AS title, verdict, since, checked_at, well_at,
                  is_well, waiting, failed, next_at, certificate_ends,
                  coalesce((SELECT sum(articles) FROM portal_month WHERE portal_month.portal = portal.id), 0) AS articles,
                  (SELECT count(*) FROM article WHERE article.portal = portal.id AND last_checked > last_seen
                       AND gone_at IS NULL) AS not_seen,
                  (SELECT count(*) FROM article WHERE article.portal = portal.id AND last_checked > last_seen
                       AND gone_at IS NOT NULL) AS gone
           FROM health LEFT JOIN portal ON portal.name = health.portal
           ORDER BY is_well, checked_at DESC, health.portal""",
    )
    return [Health(**{**row, "is_well": bool(row["is_well"])}) for row in found]


def of_portal(conn: sqlite3.Connection, name: str) -> Health | None:
    """How one portal was found at its last crawl; None before its first. Its articles are not counted."""
    found = one(
        conn,
        """SELECT health.portal, coalesce(portal.title, health.portal) AS title, verdict, since, checked_at, well_at,
                  is_well, waiting, failed, next_at, certificate_ends
           FROM health LEFT JOIN portal ON portal.name = health.portal WHERE health.portal = ?""",
        (name,),
    )
    return Health(**{**found, "is_well": bool(found["is_well"])}) if found else None


def unjudged(conn: sqlite3.Connection) -> int:
    """How many portals have captures and no summary: an earlier version crawled them, and wrote none."""
    found = one(
        conn,
        """SELECT count(*) AS n FROM portal WHERE name NOT IN (SELECT portal FROM health)
           AND EXISTS (SELECT 1 FROM capture WHERE capture.portal = portal.name)""",
    )
    return found["n"] if found else 0


def never_reached(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """Name and title of the portals that have neither a capture nor a summary: no crawl asked them, or none got through."""
    found = rows(
        conn,
        """SELECT name, coalesce(title, name) AS title FROM portal WHERE name NOT IN (SELECT portal FROM health)
           AND NOT EXISTS (SELECT 1 FROM capture WHERE capture.portal = portal.name) ORDER BY name""",
    )
    return [(row["name"], row["title"]) for row in found]


def save_run(conn: sqlite3.Connection, run: dict[str, Any]) -> int:
    """Keep the summary of a crawl of one portal, inside the caller's transaction; answers its number.

    Its columns are taken by name (`started_at` is required), whatever else it holds is kept as JSON in ``detail``.
    """
    detail = {key: value for key, value in run.items() if key not in RUN_COLUMNS}
    cursor = conn.execute(
        f"INSERT INTO run({', '.join(RUN_COLUMNS)}, detail) VALUES ({', '.join('?' * len(RUN_COLUMNS))}, ?)",
        (*(run.get(name) for name in RUN_COLUMNS), json.dumps(detail, ensure_ascii=False)),
    )
    return cursor.lastrowid or 0
