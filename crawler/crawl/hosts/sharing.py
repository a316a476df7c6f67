"""How the processes that crawl one archive share its hosts: each takes no more than an equal part, and gives up what is
beyond that when another has nothing to do.

A process says that it is there, which portals it crawls and whether it goes hungry. Only those that crawl some of the
same portals share; one that was not heard of for :data:`FRESH` seconds is left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.ledger.frontier import Ledger

FRESH = 5.0
ANNOUNCE_EVERY = 1.0
ASK_EVERY = 0.2  # seconds between two looks for one that goes hungry: two small reads


@dataclass(slots=True)
class Others:
    """The other processes that share hosts with this one."""

    count: int = 0
    hungry: bool = False
    """Whether one of them has nothing to do."""


class Sharing:
    """One process's part in the sharing. ``clock`` of the frontier gives Unix seconds."""

    def __init__(self, frontier: Ledger, worker: str, portals: Sequence[str]) -> None:
        self.frontier = frontier
        self.worker = worker
        self.portals = set(portals)
        self.others = Others()
        self._hungry: bool | None = None
        self._next_announce = self._next_ask = 0.0
        self._known: dict[str, set[str]] = {}

    def announce(self, hosts: int, hungry: bool) -> None:
        """Say how many hosts this process holds and whether it found nothing to lease: once a second, and on a change."""
        now = self.frontier.clock()
        if now < self._next_announce and hungry == self._hungry:
            return
        self._hungry, self._next_announce = hungry, now + ANNOUNCE_EVERY
        with self.frontier.write() as conn:
            conn.execute(
                "INSERT INTO worker (name, hosts, hungry, seen_at, portals) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET hosts = excluded.hosts, hungry = excluded.hungry,"
                " seen_at = excluded.seen_at",
                (self.worker, hosts, int(hungry), now, json.dumps(sorted(self.portals))),
            )

    def ask(self) -> Others:
        """Who else is there, as of a moment ago."""
        now = self.frontier.clock()
        if now >= self._next_ask:
            self._next_ask = now + ASK_EVERY
            rows = self.frontier.conn.execute(
                "SELECT name, hungry, portals FROM worker WHERE seen_at > ? AND name != ?", (now - FRESH, self.worker)
            ).fetchall()
            shared = [row for row in rows if self._shares(row["name"], row["portals"])]
            self.others = Others(len(shared), any(row["hungry"] for row in shared))
        return self.others

    def fair(self, portals: Sequence[str]) -> int | None:
        """How many hosts this process should hold at most; ``None`` when nobody shares them.

        An equal part of those that are leased now and those that could be.
        """
        count = self.ask().count
        return -(-self.frontier.hosts_with_work(portals) // (count + 1)) if count else None

    def _shares(self, worker: str, portals: str | None) -> bool:
        if worker not in self._known:
            self._known[worker] = set(json.loads(portals or "[]"))
        return bool(self._known[worker] & self.portals)
