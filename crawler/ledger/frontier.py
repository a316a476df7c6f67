"""The frontier on SQLite: rows in ``crawl.db``, short immediate transactions, hosts leased and fenced by an epoch."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from archive.database.database import refuse_newer
from archive.database.sqlite_file import connect, migrate
from crawler.addresses.roles import PRIORITY, Role
from crawler.addresses.urls import origin
from crawler.folder.own_files import make_private
from crawler.ledger.forms import Forms
from crawler.ledger.lost import make_again_if_lost
from crawler.ledger.migrations.schema import migrations
from crawler.ledger.rows import Ack, Found, HostState, Lease, Page, rank
from crawler.ledger.waiting import Waiting, marks
from crawler.reasons.reason import Reason, columns_of

_PAGE_COLUMNS = "key, url, portal, role, depth, tries, was, etag, last_modified, record_id, article_id, suspect_since, found_on, form, unseen_since"
_REASON = "reason = ?, reason_code = ?, reason_facts = ?"
_WHY = "why = ?, why_code = ?, why_facts = ?"


class Ledger(Waiting):
    """The ledger of one archive in one SQLite file. ``clock`` gives Unix seconds; all processes share the machine's."""

    def __init__(self, path: Path | str, *, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        if isinstance(path, Path):
            make_private(path)
        self.conn = connect(path)
        self.conn.row_factory = sqlite3.Row
        try:
            refuse_newer(Database(self.conn), migrations, Path(path))
            migrate(Database(self.conn), migrations)
            if isinstance(path, Path):
                make_again_if_lost(self.conn, self.write, path, clock())
        except BaseException:
            self.conn.close()
            raise
        self.forms = Forms(self.conn, clock, self.write)
        self._last: set[str] = set()  # roles that wait until nothing else does
        self._origins: set[str] = set()  # hosts that surely have a row
        self.roles: Sequence[Role] = ()
        """Roles whose pages alone, and what home pages link, are leased by this process; all when empty."""
        self.first: Sequence[str] = ()
        """Hosts that are leased before all others: those of portals that are closing."""

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
            self.conn.execute("COMMIT")
        except BaseException:
            if self.conn.in_transaction:  # after a full disk SQLite has rolled back by itself
                self.conn.execute("ROLLBACK")
            raise

    def add(self, found: Iterable[Found]) -> int:
        """Make rows of the URLs that have none; returns how many were new. Known ones stay as they are."""
        now, new = self.clock(), 0
        with self.write() as conn:
            # inserted in the order of their keys, given out in the order they stand on their page
            for nth, entry in sorted(enumerate(found), key=lambda pair: pair[1].key):
                home, priority, found_at = origin(entry.url), PRIORITY[entry.role], now + nth * 1e-3
                state, due = ("skipped", None) if entry.skip else ("new", rank(priority, found_at))
                if entry.role in self._last and due is not None:
                    due = -1.0
                row = (
                    *(entry.key, entry.url, home, entry.portal, entry.role, state, *columns_of(entry.skip)),
                    *(entry.method, entry.found_on, found_at, entry.depth, priority, due),
                )
                inserted = conn.execute(
                    "INSERT INTO page (key, url, origin, portal, role, state, reason, reason_code, reason_facts, method,"
                    " found_on, found_at, depth, priority, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (key) DO NOTHING",
                    row,
                ).rowcount
                new += inserted
                if inserted and not entry.skip and home not in self._origins:
                    conn.execute("INSERT INTO host (origin) VALUES (?) ON CONFLICT (origin) DO NOTHING", (home,))
                    self._origins.add(home)
        return new

    def judge_again(self, verdicts: Iterable[tuple[bytes, Reason | None]]) -> None:
        """Rows that were skipped without being asked for: each with the reason it is left out by now, or ``None``, and
        then it waits as if it had just been found."""
        now = self.clock()
        with self.write() as conn:
            for nth, (key, reason) in enumerate(verdicts):
                if reason is not None:
                    conn.execute(
                        f"UPDATE page SET {_REASON} WHERE key = ? AND state = 'skipped'", (*reason.columns, key)
                    )
                    continue
                row = conn.execute("SELECT origin, priority FROM page WHERE key = ?", (key,)).fetchone()
                due = rank(row["priority"], now + nth * 1e-3)
                conn.execute(
                    f"UPDATE page SET state = 'new', {_REASON}, due = ? WHERE key = ?", (*columns_of(None), due, key)
                )
                conn.execute("INSERT INTO host (origin) VALUES (?) ON CONFLICT (origin) DO NOTHING", (row["origin"],))

    def claim(self, worker: str, hosts: int, pages: int, lease: float, portals: Sequence[str]) -> list[Lease]:
        """Lease up to ``hosts`` hosts that have something due, ``pages`` pages each, for ``lease`` seconds."""
        now, leases = self.clock(), []
        mine = marks(portals)
        with self.write() as conn:
            rows = conn.execute(
                "SELECT * FROM host WHERE lease_until <= ? AND not_before <= ? AND ("
                f" EXISTS (SELECT 1 FROM page WHERE page.origin = host.origin AND due <= ? AND portal IN ({mine}){self._only()})"
                " OR EXISTS (SELECT 1 FROM page WHERE page.origin = host.origin AND state = 'leased'"
                f" AND portal IN ({mine}))) ORDER BY origin IN ({marks(self.first)}) DESC, leased_at LIMIT ?",
                (now, now, now, *portals, *portals, *self.first, hosts),
            ).fetchall()
            for row in rows:
                epoch, until = row["epoch"] + 1, now + lease
                conn.execute(
                    "UPDATE host SET leased_by = ?, lease_until = ?, leased_at = ?, epoch = ? WHERE origin = ?",
                    (worker, until, now, epoch, row["origin"]),
                )
                # pages still leased belong to a worker that is gone: only the holder of the host leases any
                self._return_pages(conn, row["origin"], now)
                claimed = self._lease_pages(conn, row["origin"], epoch, pages, portals, now)
                leases.append(Lease(HostState.of_row(row), epoch, until, claimed))
        return leases

    def bind(self, lease: Lease, server: str) -> bool:
        """Say which server (address and port) the host is; False when another lease has that server just now, or it
        is to be left alone a while."""
        now = self.clock()
        with self.write() as conn:
            taken = conn.execute(
                "SELECT 1 FROM host WHERE server = ? AND origin != ? AND (lease_until > ? OR not_before > ?)",
                (server, lease.host.origin, now, now),
            ).fetchone()
            if taken:
                return False
            conn.execute(
                "UPDATE host SET server = ? WHERE origin = ? AND epoch = ?", (server, lease.host.origin, lease.epoch)
            )
        return True

    def hold(self, lease: Lease, not_before: float, why: Reason | None = None, *, firm: bool = False) -> None:
        """Note that the lease's server is asked nothing before ``not_before``, whoever asks and whatever becomes of us.

        A ``firm`` wait (Retry-After, the delay between requests) outlasts :meth:`lift`.
        """
        with self.write() as conn:
            held = conn.execute("SELECT epoch, server FROM host WHERE origin = ?", (lease.host.origin,)).fetchone()
            if held is not None and held["epoch"] == lease.epoch:
                conn.execute(
                    f"UPDATE host SET not_before = max(not_before, ?), firm_until = max(firm_until, ?), {_WHY}"
                    " WHERE origin = ? OR server = ?",
                    (not_before, not_before if firm else 0.0, *columns_of(why), lease.host.origin, held["server"]),
                )

    def lift(self, portals: Sequence[str]) -> int:
        """End the back-off of the portals' hosts; returns of how many. Firm waits stay."""
        of_portals = f"SELECT origin FROM page WHERE portal IN ({marks(portals)})"
        with self.write() as conn:
            return conn.execute(
                "UPDATE host SET not_before = firm_until, why = iif(firm_until > ?1, why, NULL),"
                " why_code = iif(firm_until > ?1, why_code, NULL), why_facts = iif(firm_until > ?1, why_facts, NULL)"
                f" WHERE not_before > max(firm_until, ?) AND (origin IN ({of_portals}) OR server IN"
                f" (SELECT server FROM host WHERE server IS NOT NULL AND origin IN ({of_portals})))",
                (self.clock(), self.clock(), *portals, *portals),
            ).rowcount

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
        """Lease more pages of a host already held; none when the lease was lost, or another host of the same server
        waits and this one had its slice."""
        now = self.clock()
        with self.write() as conn:
            held = conn.execute("SELECT * FROM host WHERE origin = ?", (lease.host.origin,)).fetchone()
            if held is None or held["epoch"] != lease.epoch or self._others_wait(conn, held, portals, now):
                return []
            return self._lease_pages(conn, lease.host.origin, lease.epoch, pages, portals, now)

    def ack(self, acks: Iterable[Ack]) -> None:
        """Note what became of pages. An ack under an epoch that has passed is ignored."""
        acks, now = list(acks), self.clock()
        with self.write() as conn:
            for moved in (a for a in acks if a.outcome.url):  # another scheme or name is another host to be polite to
                home = origin(moved.outcome.url or "")
                conn.execute("INSERT INTO host (origin) VALUES (?) ON CONFLICT (origin) DO NOTHING", (home,))
                conn.execute("UPDATE page SET origin = ? WHERE key = ? AND epoch = ?", (home, moved.key, moved.epoch))
            conn.executemany(
                f"UPDATE page SET state = ?, was = NULL, {_REASON}, due = ?, status = ?, kind = coalesce(?, kind),"
                " etag = ?, last_modified = ?, record_id = coalesce(?, record_id), warc = coalesce(?, warc),"
                " article_id = coalesce(?, article_id), url = coalesce(?, url), tries = ?, suspect_since = ?,"
                " unseen_since = ?, visits = visits + 1, visited_at = ?, epoch = NULL WHERE key = ? AND epoch = ?",
                [_acked(ack, now) for ack in acks],
            )

    def release(self, lease: Lease, not_before: float, firm: float = 0.0) -> None:
        """Give the host back; its unacknowledged pages are due again. Nobody leases its server before ``not_before``,
        nor before ``firm``, which outlasts :meth:`lift`."""
        now = self.clock()
        with self.write() as conn:
            held = conn.execute("SELECT epoch, server FROM host WHERE origin = ?", (lease.host.origin,)).fetchone()
            if held is None or held["epoch"] != lease.epoch:
                return
            self._return_pages(conn, lease.host.origin, now)
            conn.execute("UPDATE host SET lease_until = 0, leased_by = NULL WHERE origin = ?", (lease.host.origin,))
            conn.execute(
                "UPDATE host SET not_before = max(not_before, ?), firm_until = max(firm_until, ?)"
                " WHERE origin = ? OR server = ?",
                (max(not_before, firm), firm, lease.host.origin, held["server"]),
            )

    def put_back(self, lease: Lease, pages: Iterable[Page]) -> None:
        """Give leased pages back that will not be asked for now; they are due as before."""
        now = self.clock()
        with self.write() as conn:
            conn.executemany(
                "UPDATE page SET state = was, was = NULL, epoch = NULL,"
                " due = CASE was WHEN 'new' THEN -priority * 1e7 + found_at / 1e3 ELSE ? END"
                " WHERE key = ? AND epoch = ?",
                [(now, page.key, lease.epoch) for page in pages],
            )

    def orphans(self, workers: Sequence[str]) -> list[tuple[int, Page]]:
        """What workers known to be dead still held: the epoch and page of each lease."""
        rows = self.conn.execute(
            f"SELECT page.epoch AS held, {', '.join('page.' + name for name in _PAGE_COLUMNS.split(', '))} FROM page"
            f" JOIN host USING (origin) WHERE page.state = 'leased' AND leased_by IN ({marks(workers)})",
            tuple(workers),
        ).fetchall()
        return [(row[0], Page(*tuple(row)[1:])) for row in rows]

    def end_leases(self, workers: Sequence[str]) -> None:
        """End the leases of workers known to be dead, without waiting for their time to run out."""
        with self.write() as conn:
            conn.execute(f"UPDATE host SET lease_until = 0 WHERE leased_by IN ({marks(workers)})", tuple(workers))

    def leave(self, worker: str) -> None:
        """A worker ends."""
        with self.write() as conn:
            conn.execute("DELETE FROM worker WHERE name = ?", (worker,))

    def save_host(self, host: HostState) -> None:
        """Keep what was learnt of a host."""
        with self.write() as conn:
            conn.execute(
                f"UPDATE host SET robots = ?, robots_at = ?, crawl_delay = ?, tls = ?, failures = ?, {_WHY},"
                " certificate_ends = ?, tls_at = ?, tls_held = ?, tls_why = ?, verified_at = ? WHERE origin = ?",
                (
                    *(host.robots, host.robots_at, host.crawl_delay, host.tls, host.failures, *columns_of(host.why)),
                    *(host.certificate_ends, host.tls_at, host.tls_held, host.tls_why, host.verified_at, host.origin),
                ),
            )

    def begin(self, portals: Sequence[str], *, full: bool = False) -> None:
        """Make due what every crawl reads and what failed; with ``full`` all that is kept, files of articles included.

        Every crawl reads home pages, feeds and sitemaps, and the first pages of lists not read for half their time: a
        daily crawl that begins a little early must not put them off to the next day.
        """
        now = self.clock()
        what = (
            "role IN ('home', 'feed', 'sitemap') OR state = 'failed'"
            f" OR (state = 'listed' AND due IS NOT NULL AND visited_at < {now!r} - (due - visited_at) / 2)"
        )
        if full:
            what = (
                "state IN ('stored', 'unchanged', 'listed', 'failed', 'suspect', 'gone')"
                " OR role IN ('home', 'feed', 'sitemap') OR (state = 'file' AND role != 'requisite')"
            )
        with self.write() as conn:
            conn.execute(
                "UPDATE page SET tries = 0, due = CASE WHEN role IN ('home', 'feed', 'sitemap')"
                " THEN -priority * 1e7 + found_at / 1e3 ELSE ? END"
                f" WHERE state != 'leased' AND portal IN ({marks(portals)}) AND ({what}) AND form IS NULL",
                (now, *portals),
            )
            if full:
                self.forms.read_all_again(portals)

    def ask_files(self, keys: Iterable[bytes], before: float) -> None:
        """Make kept files due that were last asked for before ``before``: their articles are looked at again."""
        now = self.clock()
        with self.write() as conn:
            conn.executemany(
                "UPDATE page SET due = ?, tries = 0 WHERE key = ? AND state = 'file' AND visited_at < ?",
                [(now, key, before) for key in keys],
            )

    def read_lists(self, portal: str) -> None:
        """Make the first pages of a portal's lists due: its home page, feed or sitemap named something new."""
        with self.write() as conn:
            conn.execute(
                "UPDATE page SET due = -priority * 1e7 + found_at / 1e3"
                " WHERE portal = ? AND state = 'listed' AND depth <= 1 AND role = 'listing' AND due > ?",
                (portal, self.clock()),
            )

    def put_last(self, role: str) -> None:
        """Move the pages of one role that wait for their first visit behind all others, and those added from now on."""
        self._last.add(role)
        with self.write() as conn:
            conn.execute("UPDATE page SET due = -1 WHERE role = ? AND state = 'new' AND due < -1", (role,))

    def tell_waiting(self, origin_: str, reason: Reason) -> None:
        """A host that failed too often: its pages wait for a later crawl, and say why."""
        with self.write() as conn:
            conn.execute(
                f"UPDATE page SET {_REASON} WHERE origin = ? AND due IS NOT NULL AND state = 'new'",
                (*reason.columns, origin_),
            )

    def _others_wait(self, conn: sqlite3.Connection, held: sqlite3.Row, portals: Sequence[str], now: float) -> bool:
        """Whether another host of the same server has something due that came later in turn."""
        waiting = conn.execute(
            "SELECT 1 FROM host WHERE server = ? AND origin != ? AND leased_at < ? AND EXISTS (SELECT 1 FROM page"
            f" WHERE page.origin = host.origin AND due <= ? AND portal IN ({marks(portals)}))",
            (held["server"], held["origin"], held["leased_at"], now, *portals),
        ).fetchone()
        return waiting is not None

    def _return_pages(self, conn: sqlite3.Connection, origin_: str, now: float) -> None:
        conn.execute(
            "UPDATE page SET state = was, was = NULL, epoch = NULL,"
            " due = CASE was WHEN 'new' THEN -priority * 1e7 + found_at / 1e3 ELSE ? END"
            " WHERE origin = ? AND state = 'leased'",
            (now, origin_),
        )

    def _lease_pages(
        self, conn: sqlite3.Connection, origin_: str, epoch: int, n: int, portals: Sequence[str], now: float
    ) -> list[Page]:
        """Lease ``n`` pages in their order; a tenth is kept for revisits, which a long first crawl would put off."""
        pages = self._lease_due(conn, origin_, epoch, max(1, n // 10), portals, 0.0, now) if n > 1 else []
        return self._lease_due(conn, origin_, epoch, n - len(pages), portals, -1e12, now) + pages

    def _lease_due(
        self,
        conn: sqlite3.Connection,
        origin_: str,
        epoch: int,
        n: int,
        portals: Sequence[str],
        since: float,
        until: float,
    ) -> list[Page]:
        rows = conn.execute(
            f"UPDATE page SET state = 'leased', was = state, due = NULL, epoch = ? WHERE key IN ("
            f"SELECT key FROM page WHERE origin = ? AND due BETWEEN ? AND ? AND portal IN ({marks(portals)}){self._only()}"
            f" ORDER BY due LIMIT ?) RETURNING priority, found_at, {_PAGE_COLUMNS}",
            (epoch, origin_, since, until, *portals, n),
        ).fetchall()
        rows.sort(key=lambda row: (row["role"] in self._last, -row["priority"], row["found_at"]))
        return [Page(*tuple(row)[2:]) for row in rows]


def _acked(ack: Ack, now: float) -> tuple[object, ...]:
    """What an acknowledgement writes into its row, in the order of the statement."""
    outcome = ack.outcome
    return (
        outcome.state, *outcome.reason.columns, outcome.due, ack.status, outcome.kind, outcome.validators.etag,
        outcome.validators.last_modified, ack.record_id, ack.warc, ack.article_id, outcome.url, outcome.tries,
        outcome.suspect_since, outcome.unseen_since, now, ack.key, ack.epoch,
    )  # fmt: skip
