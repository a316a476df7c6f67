"""Signs that a portal is closing. At the first one of a kind all of it is asked for again, attachments included.

| sign | told by |
|---|---|
| ``reform`` | the registry: its authority ended, and another portal went on with its news on a day that is past |
| ``moved`` | its home page leads to another address; the history stays under the old one, linked to the new |
| ``quiet`` | nothing new for much longer than it is used to |
| ``notice`` | one of its newest titles announces that it is closed, merged or moved |
| ``certificate`` | its TLS certificate is about to end, or ended lately, and was not renewed |
| ``failing`` | most crawls of the last two weeks could not reach it, and it was reached again |
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.model import PortalLink
from archive.text.vietnam_time import DAY, local_day
from crawler.addresses.scope import portal_name
from crawler.health import certificates
from crawler.health.verdict import Facts, Verdict
from crawler.ledger.frontier import Ledger
from crawler.words.tables import words

FORTNIGHT = 14 * DAY
NEWEST = 40
"""Titles that are looked at for a notice."""

JUST_CAPTURED = 0.8
"""Share of the articles held that a run brought, from which it was a full capture itself."""

FAILED = ("dead name", "dead server", "no answer", "server errors", "TLS broken", "robots unreachable")
FAILED_SHARE, FAILED_LEAST = 0.5, 4

_NOTICES = words("closing_notices", "title")


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: its kind, and a sentence with the evidence."""

    kind: str
    why: str


def signs(
    ledger: sqlite3.Connection,
    archive: sqlite3.Connection,
    facts: Facts,
    verdict: Verdict,
    successors: list[PortalLink],
) -> list[Sign]:
    """What tells, after a run, that a portal is closing; ``successors`` is what the registry knows."""
    found = []
    for link in successors:
        if link.since and link.since <= local_day(facts.now):
            document = f" ({link.document})" if link.document else ""
            found.append(Sign("reform", f"its news goes on at {link.new} since {link.since}{document}"))
            break
    if verdict.name == "moved":
        found.append(Sign("moved", verdict.why))
    if verdict.name == "idle":
        found.append(Sign("quiet", verdict.why))
    if (title := _notice(archive, facts.portal)) is not None:
        found.append(Sign("notice", f"it announces: “{title}”"))
    if facts.certificate_ends is not None and certificates.is_near(facts.certificate_ends, facts.now):
        found.append(Sign("certificate", certificates.sentence(facts.certificate_ends, facts.now)))
    if verdict.name not in FAILED and (why := _failing(ledger, facts)) is not None:
        found.append(Sign("failing", why))
    return found


def moved_link(facts: Facts, verdict: Verdict) -> PortalLink | None:
    """Where a portal's news goes on, by its own redirect."""
    if verdict.name != "moved" or facts.moved_to is None:
        return None
    new = portal_name(facts.moved_to)
    day = local_day(facts.now)
    return PortalLink(facts.portal, new, since=day) if new != facts.portal else None


def note(frontier: Ledger, facts: Facts, found: list[Sign]) -> None:
    """Keep the signs; one seen before stays as it is. What this very run captured anew needs no second capture."""
    captured = facts.now if facts.held and facts.new >= JUST_CAPTURED * facts.held else None
    with frontier.write() as conn:
        conn.executemany(
            "INSERT INTO sunset (portal, sign, why, first_at, captured_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(facts.portal, sign.kind, sign.why, facts.now, captured) for sign in found],
        )


def begin_captures(frontier: Ledger, portals: list[str]) -> list[str]:
    """Make all that is known of closing portals due, once for each sign, their files that were not kept included; answers
    which portals. Called before they are crawled."""
    marks = ", ".join("?" * len(portals))
    with frontier.write() as conn:
        rows = conn.execute(
            f"UPDATE sunset SET captured_at = ? WHERE captured_at IS NULL AND portal IN ({marks}) RETURNING portal",
            (frontier.clock(), *portals),
        ).fetchall()
        closing = sorted({row[0] for row in rows})
        if closing:
            frontier.begin(closing, full=True)
            conn.execute(
                "UPDATE page SET due = ?, tries = 0 WHERE state IN ('failed', 'new') AND role IN ('file', 'requisite')"
                f" AND portal IN ({', '.join('?' * len(closing))})",
                (frontier.clock(), *closing),
            )
    return closing


def forget(frontier: Ledger, portal: str, sign: str) -> None:
    """Take a sign back that was mended: a certificate was renewed after all."""
    with frontier.write() as conn:
        conn.execute("DELETE FROM sunset WHERE portal = ? AND sign = ?", (portal, sign))


def closing(conn: sqlite3.Connection) -> dict[str, str]:
    """Portals that show signs of closing, with the reasons."""
    found: dict[str, str] = {}
    for portal, why in conn.execute("SELECT portal, why FROM sunset ORDER BY portal, first_at"):
        found[portal] = f"{found[portal]}; {why}" if portal in found else why
    return found


def _notice(archive: sqlite3.Connection, portal: str) -> str | None:
    rows = archive.execute(
        "SELECT article.title FROM article JOIN portal ON portal.id = article.portal WHERE portal.name = ?"
        " ORDER BY article.id DESC LIMIT ?",
        (portal, NEWEST),
    )
    return next((title for (title,) in rows if title and _NOTICES.find(title)), None)


def _failing(ledger: sqlite3.Connection, facts: Facts) -> str | None:
    rows = ledger.execute(
        "SELECT verdict FROM portal_run WHERE portal = ? AND ended_at > ?", (facts.portal, facts.now - FORTNIGHT)
    ).fetchall()
    failed = sum(row[0] in FAILED for row in rows)
    if len(rows) < FAILED_LEAST or failed < FAILED_SHARE * len(rows):
        return None
    return f"{failed} of {len(rows)} crawls of the last two weeks could not reach it"
