"""What waits in the ledger: counts by state, when the next page is due, hosts that are left alone or held by others."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from crawler.addresses.roles import Role


class Waiting:
    """Questions to the ledger that change nothing; :class:`crawler.ledger.frontier.Ledger` answers them.

    ``roles`` narrows what is leased by this process; ``clock`` gives Unix seconds.
    """

    conn: sqlite3.Connection
    clock: Callable[[], float]
    roles: Sequence[Role]

    def left_alone(self, portals: Sequence[str]) -> dict[str, tuple[str, float]]:
        """Hosts that have something due and are not asked just now: why, and until when (Unix seconds)."""
        now = self.clock()
        rows = self.conn.execute(
            "SELECT origin, why, not_before FROM host WHERE not_before > ? AND why IS NOT NULL AND EXISTS"
            f" (SELECT 1 FROM page WHERE page.origin = host.origin AND due <= ? AND portal IN ({marks(portals)}))",
            (now, now, *portals),
        )
        return {row["origin"]: (row["why"], row["not_before"]) for row in rows}

    def hosts_with_work(self, portals: Sequence[str]) -> int:
        """How many hosts have pages of the portals under way or due now, whoever holds them."""
        now = self.clock()
        found: int = self.conn.execute(
            "SELECT count(*) FROM host WHERE (lease_until > ? OR not_before <= ?) AND EXISTS (SELECT 1 FROM page"
            f" WHERE page.origin = host.origin AND (due <= ? OR state = 'leased') AND portal IN ({marks(portals)}))",
            (now, now, now, *portals),
        ).fetchone()[0]
        return found

    def held_by_others(self, worker: str, portals: Sequence[str]) -> int:
        """How many hosts with work left other workers hold just now."""
        now = self.clock()
        found: int = self.conn.execute(
            "SELECT count(*) FROM host WHERE lease_until > ? AND leased_by IS NOT ? AND EXISTS (SELECT 1 FROM page"
            f" WHERE page.origin = host.origin AND (due <= ? OR state = 'leased') AND portal IN ({marks(portals)}))",
            (now, worker, now, *portals),
        ).fetchone()[0]
        return found

    def next_due(self, portals: Sequence[str]) -> float | None:
        """When the next page of a host not leased by others is due (Unix seconds); ``None`` when nothing waits."""
        row = self.conn.execute(
            "SELECT min(max(host.not_before, (SELECT due FROM page WHERE page.origin = host.origin AND due IS NOT NULL"
            f" AND portal IN ({marks(portals)}){self._only()} ORDER BY due LIMIT 1))) FROM host WHERE lease_until <= ?",
            (*portals, self.clock()),
        ).fetchone()
        due: float | None = row[0]
        return due

    def counts(self, portals: Sequence[str]) -> dict[str, int]:
        """Rows by state."""
        rows = self.conn.execute(
            f"SELECT state, count(*) FROM page WHERE portal IN ({marks(portals)}) GROUP BY state", tuple(portals)
        )
        return dict(rows.fetchall())

    def _only(self) -> str:
        if not self.roles:
            return ""
        # what the home page links is looked at even where its address says nothing: it may be a list
        return f" AND (role IN ({', '.join(repr(role) for role in self.roles)}) OR (role = 'page' AND depth <= 1))"


def marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
