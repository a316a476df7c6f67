"""The frontier on SQLite: rows in ``crawl.db``, short immediate transactions, hosts leased and fenced by an epoch."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from crawler.frontier.base import PRIORITY, Ack, Found, HostState, Lease, Page
from crawler.frontier.schema import migrations
from crawler.frontier.urls import origin

_PAGE_COLUMNS = "key, url, portal, role, depth, tries, was, etag, last_modified, record_id, article_id, suspect_since"


class SqliteFrontier:
    """The ledger of one archive in one SQLite file. ``clock`` gives Unix seconds; all processes share the machine's."""

    def __init__(self, path: Path | str, *, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.conn = sqlite3.connect(str(path), timeout=10, isolation_level=None)
        self.conn.row_factory = sqlite3.Row
        self.conn.execute("PRAGMA journal_mode = WAL")
        self.conn.execute("PRAGMA synchronous = NORMAL")
        migrations.apply(Database(self.conn))

    def close(self) -> None:
        self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.conn.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One write transaction; nested uses join the outer one. Immediate: a deferred one that upgrades fails at once."""
        if self.conn.in_transaction:
            yield self.conn
            return
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self.conn
        except BaseException:
            self.conn.execute("ROLLBACK")
            raise
        self.conn.execute("COMMIT")

    def add(self, found: Iterable[Found]) -> int:
        """Make rows of the URLs that have none; returns how many were new. Known ones stay as they are."""
        now, new = self.clock(), 0
        with self.write() as conn:
            # inserted in the order of their keys, given out in the order they stand on their page
            for nth, entry in sorted(enumerate(found), key=lambda pair: pair[1].key):
                home = origin(entry.url)
                state, due = ("skipped", None) if entry.skip else ("new", now)
                row = (
                    *(entry.key, entry.url, home, entry.portal, entry.role, state, entry.skip, entry.method),
                    *(entry.found_on, now + nth * 1e-6, entry.depth, PRIORITY[entry.role], due),
                )
                new += conn.execute(
                    "INSERT INTO page (key, url, origin, portal, role, state, reason, method, found_on, found_at, depth,"
                    " priority, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                    row,
                ).rowcount
                if not entry.skip:
                    conn.execute("INSERT INTO host (origin) VALUES (?) ON CONFLICT (origin) DO NOTHING", (home,))
        return new

    def claim(self, worker: str, hosts: int, pages: int, lease: float, portals: Sequence[str]) -> list[Lease]:
        """Lease up to ``hosts`` hosts that have something due, ``pages`` pages each, for ``lease`` seconds."""
        now, leases = self.clock(), []
        mine = _marks(portals)
        with self.write() as conn:
            rows = conn.execute(
                "SELECT * FROM host WHERE lease_until <= ? AND not_before <= ? AND ("
                f" EXISTS (SELECT 1 FROM page WHERE page.origin = host.origin AND due <= ? AND portal IN ({mine}))"
                " OR EXISTS (SELECT 1 FROM page WHERE page.origin = host.origin AND state = 'leased'"
                f" AND portal IN ({mine}))) ORDER BY not_before LIMIT ?",
                (now, now, now, *portals, *portals, hosts),
            ).fetchall()
            for row in rows:
                epoch, until = row["epoch"] + 1, now + lease
                conn.execute(
                    "UPDATE host SET leased_by = ?, lease_until = ?, epoch = ? WHERE origin = ?",
                    (worker, until, epoch, row["origin"]),
                )
                # pages still leased belong to a worker that is gone: only the holder of the host leases any
                self._return_pages(conn, row["origin"], now)
                claimed = self._lease_pages(conn, row["origin"], epoch, pages, portals, now)
                leases.append(Lease(_host(row), epoch, until, claimed))
        return leases

    def bind(self, lease: Lease, server: str) -> bool:
        """Say which server (address and port) the host is; False when another lease has that server just now."""
        with self.write() as conn:
            taken = conn.execute(
                "SELECT 1 FROM host WHERE server = ? AND origin != ? AND lease_until > ?",
                (server, lease.host.origin, self.clock()),
            ).fetchone()
            if taken:
                return False
            conn.execute(
                "UPDATE host SET server = ? WHERE origin = ? AND epoch = ?", (server, lease.host.origin, lease.epoch)
            )
        return True

    def renew(self, lease: Lease, seconds: float) -> bool:
        """Prolong a lease; False when it was lost, and nothing more may be sent under it."""
        until = self.clock() + seconds
        with self.write() as conn:
            kept = conn.execute(
                "UPDATE host SET lease_until = ? WHERE origin = ? AND epoch = ?",
                (until, lease.host.origin, lease.epoch),
            ).rowcount
        if kept:
            lease.until = until
        return bool(kept)

    def more(self, lease: Lease, pages: int, portals: Sequence[str]) -> list[Page]:
        """Lease more pages of a host already held; none when the lease was lost."""
        with self.write() as conn:
            held = conn.execute("SELECT epoch FROM host WHERE origin = ?", (lease.host.origin,)).fetchone()
            if held is None or held["epoch"] != lease.epoch:
                return []
            return self._lease_pages(conn, lease.host.origin, lease.epoch, pages, portals, self.clock())

    def ack(self, acks: Iterable[Ack]) -> None:
        """Note what became of pages. An ack under an epoch that has passed is ignored."""
        now = self.clock()
        with self.write() as conn:
            conn.executemany(
                "UPDATE page SET state = ?, was = NULL, reason = ?, due = ?, status = ?, kind = coalesce(?, kind),"
                " etag = ?, last_modified = ?, record_id = coalesce(?, record_id), warc = coalesce(?, warc),"
                " article_id = coalesce(?, article_id), url = coalesce(?, url), tries = ?, suspect_since = ?, visits = visits + 1,"
                " visited_at = ?, epoch = NULL WHERE key = ? AND epoch = ?",
                [
                    (
                        *(a.state, a.reason, a.due, a.status, a.kind, a.etag, a.last_modified, a.record_id, a.warc),
                        *(a.article_id, a.url, a.tries, a.suspect_since, now, a.key, a.epoch),
                    )
                    for a in acks
                ],
            )

    def release(self, lease: Lease, not_before: float) -> None:
        """Give the host back; its unacknowledged pages are due again. Nobody leases it before ``not_before``."""
        with self.write() as conn:
            held = conn.execute(
                "UPDATE host SET leased_by = NULL, lease_until = 0, not_before = ? WHERE origin = ? AND epoch = ?",
                (not_before, lease.host.origin, lease.epoch),
            ).rowcount
            if held:
                self._return_pages(conn, lease.host.origin, self.clock())

    def bury(self, workers: Sequence[str]) -> None:
        """End the leases of workers known to be dead, without waiting for their time to run out."""
        with self.write() as conn:
            conn.execute(f"UPDATE host SET lease_until = 0 WHERE leased_by IN ({_marks(workers)})", tuple(workers))

    def save_host(self, host: HostState) -> None:
        """Keep what was learnt of a host."""
        with self.write() as conn:
            conn.execute(
                "UPDATE host SET robots = ?, robots_at = ?, crawl_delay = ?, tls = ?, failures = ? WHERE origin = ?",
                (host.robots, host.robots_at, host.crawl_delay, host.tls, host.failures, host.origin),
            )

    def next_due(self, portals: Sequence[str]) -> float | None:
        """When the next page of a host not leased by others is due (Unix seconds); ``None`` when nothing waits."""
        row = self.conn.execute(
            "SELECT min(max(page.due, host.not_before)) FROM page JOIN host USING (origin)"
            f" WHERE page.due IS NOT NULL AND portal IN ({_marks(portals)}) AND lease_until <= ?",
            (*portals, self.clock()),
        ).fetchone()
        return row[0]

    def counts(self, portals: Sequence[str]) -> dict[str, int]:
        """Rows by state."""
        rows = self.conn.execute(
            f"SELECT state, count(*) FROM page WHERE portal IN ({_marks(portals)}) GROUP BY state", tuple(portals)
        )
        return dict(rows.fetchall())

    def begin(self, portals: Sequence[str], *, full: bool = False) -> None:
        """Make due what every crawl reads (home page, feeds, sitemaps) and what failed; with ``full`` all that is kept."""
        what = "role IN ('home', 'feed', 'sitemap') OR state IN ('failed', 'suspect')"
        if full:
            what = (
                "state IN ('stored', 'unchanged', 'listed', 'failed', 'suspect') OR role IN ('home', 'feed', 'sitemap')"
            )
        with self.write() as conn:
            conn.execute(
                f"UPDATE page SET due = ?, tries = 0 WHERE state != 'leased' AND portal IN ({_marks(portals)}) AND ({what})",
                (self.clock(), *portals),
            )

    def tell_waiting(self, origin_: str, reason: str) -> None:
        """A host that failed too often: its pages wait for a later crawl, and say why."""
        with self.write() as conn:
            conn.execute(
                "UPDATE page SET reason = ? WHERE origin = ? AND due IS NOT NULL AND state = 'new'", (reason, origin_)
            )

    def _return_pages(self, conn: sqlite3.Connection, origin_: str, now: float) -> None:
        conn.execute(
            "UPDATE page SET state = was, was = NULL, due = ?, epoch = NULL WHERE origin = ? AND state = 'leased'",
            (now, origin_),
        )

    def _lease_pages(
        self, conn: sqlite3.Connection, origin_: str, epoch: int, n: int, portals: Sequence[str], now: float
    ) -> list[Page]:
        rows = conn.execute(
            f"UPDATE page SET state = 'leased', was = state, due = NULL, epoch = ? WHERE key IN ("
            f"SELECT key FROM page WHERE origin = ? AND due <= ? AND portal IN ({_marks(portals)})"
            f" ORDER BY priority DESC, due LIMIT ?) RETURNING priority, found_at, {_PAGE_COLUMNS}",
            (epoch, origin_, now, *portals, n),
        ).fetchall()
        rows.sort(key=lambda row: (-row["priority"], row["found_at"]))
        return [Page(*tuple(row)[2:]) for row in rows]


def _host(row: sqlite3.Row) -> HostState:
    return HostState(row["origin"], row["robots"], row["robots_at"], row["crawl_delay"], row["tls"], row["failures"])


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
