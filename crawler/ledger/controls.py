"""Commands to crawls that may be running: pause, resume, stop, retry, remove. Kept in the ledger, so that every process
of the archive sees them within a second or so. Times are Unix seconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from crawler.ledger.forms import forget_forms, retry_lists, retry_page
from crawler.ledger.frontier import Ledger

ALL = "*"
"""Stands for every portal: what ``stop`` without a name asks for."""


@dataclass(slots=True)
class Control:
    """A standing request about a portal. ``until`` is ``None`` until it is taken back."""

    portal: str
    state: Literal["paused", "stopped"]
    since: float
    until: float | None = None


def controls(conn: sqlite3.Connection, now: float) -> dict[str, Control]:
    """The standing requests, by portal; those whose time is over are left out."""
    rows = conn.execute("SELECT portal, state, since, until FROM control WHERE until IS NULL OR until > ?", (now,))
    return {row[0]: Control(*row) for row in rows}


def pause(frontier: Ledger, portals: Iterable[str], until: float | None) -> None:
    """Ask crawls to leave portals alone until ``until``, or until they are resumed."""
    _set(frontier, portals, "paused", until)


def stop(frontier: Ledger, portals: Iterable[str]) -> None:
    """Ask the crawls that run now to leave portals alone; crawls begun later do not heed it."""
    _set(frontier, portals, "stopped", None)


def resume(frontier: Ledger, portals: Iterable[str]) -> int:
    """Take back what was asked of portals; returns of how many something was."""
    with frontier.write() as conn:
        return sum(conn.execute("DELETE FROM control WHERE portal = ?", (name,)).rowcount for name in portals)


@dataclass(slots=True)
class Retried:
    """What a retry made due: ``pages``, and ``hosts`` whose back-off it ended. ``asked_to_wait`` (Unix seconds, by origin)
    are hosts that sent Retry-After: they are waited for."""

    pages: int = 0
    hosts: int = 0
    asked_to_wait: dict[str, float] = field(default_factory=dict)

    def __add__(self, other: Retried) -> Retried:
        waits = {**self.asked_to_wait, **other.asked_to_wait}
        return Retried(self.pages + other.pages, self.hosts + other.hosts, waits)


def retry(frontier: Ledger, portal: str, *, skipped: bool = False) -> Retried:
    """Make every failed page of a portal due, and its hosts asked at once; with ``skipped`` what was skipped after a
    visit too."""
    states = ("failed", "skipped") if skipped else ("failed",)
    with frontier.write() as conn:
        done = conn.execute(
            "UPDATE page SET due = -priority * 1e7 + found_at / 1e3, tries = 0 WHERE portal = ? AND due IS NULL AND"
            f" state IN ({', '.join('?' * len(states))}) AND (state = 'failed' OR visited_at IS NOT NULL) AND form IS NULL",
            (portal, *states),
        ).rowcount
        done += retry_lists(conn, portal, states)
        done += conn.execute(
            "UPDATE page SET due = ?, tries = 0 WHERE portal = ? AND state = 'failed' AND due > ?",
            (frontier.clock(), portal, frontier.clock()),
        ).rowcount
        return _with_hosts(frontier, conn, done, [portal])


def retry_url(frontier: Ledger, key: bytes) -> Retried:
    """Make one page due in any state; no page when the ledger has no such row, or it is being fetched."""
    with frontier.write() as conn:
        done = (
            retry_page(conn, key)
            or conn.execute(
                "UPDATE page SET due = -priority * 1e7 + found_at / 1e3, tries = 0 WHERE key = ? AND state != 'leased'",
                (key,),
            ).rowcount
        )
        portals = [row[0] for row in conn.execute("SELECT portal FROM page WHERE key = ?", (key,))]
        return _with_hosts(frontier, conn, int(bool(done)), portals)


def remove(frontier: Ledger, portal: str) -> int:
    """Take a portal out of the ledger: running crawls leave it, its rows go. Returns how many rows went. What is kept of
    it in the archive stays."""
    stop(frontier, [portal])
    with frontier.write() as conn:
        rows = conn.execute("DELETE FROM page WHERE portal = ?", (portal,)).rowcount
        forget_forms(conn)
        return rows


def _set(frontier: Ledger, portals: Iterable[str], state: str, until: float | None) -> None:
    now = frontier.clock()
    with frontier.write() as conn:
        conn.executemany(
            "INSERT INTO control (portal, state, since, until) VALUES (?, ?, ?, ?) ON CONFLICT (portal)"
            " DO UPDATE SET state = excluded.state, since = excluded.since, until = excluded.until",
            [(name, state, now, until) for name in portals],
        )


def _with_hosts(frontier: Ledger, conn: sqlite3.Connection, pages: int, portals: list[str]) -> Retried:
    """End the back-off of the portals' hosts; those that sent Retry-After keep their wait."""
    hosts = frontier.lift(portals)
    of_portals = f"SELECT origin FROM page WHERE portal IN ({', '.join('?' * len(portals))})"
    conn.execute(f"UPDATE host SET failures = 0 WHERE origin IN ({of_portals})", portals)
    waiting = conn.execute(
        f"SELECT origin, firm_until FROM host WHERE firm_until > ? AND why IS NOT NULL AND origin IN ({of_portals})",
        (frontier.clock(), *portals),
    ).fetchall()
    return Retried(pages, hosts, {row[0]: row[1] for row in waiting})
