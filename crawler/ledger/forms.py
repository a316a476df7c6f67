"""The forms that lists go on by: which pages they lead to, and what is posted to come there.

A posted page is a row of the ledger like any other; beside it stands its event (page 7 of this pager) and, while it waits,
the state it is sent with: the hidden fields of the page that leads to it. Up to ten pages share one state, and it goes when
the last of them is answered: page by page the ledger stays as small as it was, and a page asked for in the usual way meets
none of this. A posted page is never due by itself. Its form grows old, so it is given out anew by the list's first page.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import Any

from archive.ids import url_key
from archive.text.vietnam_time import DAY
from crawler.addresses.roles import PRIORITY
from crawler.addresses.urls import origin
from crawler.ledger.revisits import DEEP_PAGE
from crawler.ledger.rows import Ack, Page, rank
from crawler.reasons.codes import REDIRECTS, TRAPS, Code
from crawler.reasons.reason import Reason

MAX_STATE = 1_000_000
"""Bytes a form may have: five times the largest view state usually met (200 kB), and each page of the list sends it again.
ASP.NET itself takes no more than 4 MB."""

ONCE_MORE = -1.0
"""``again`` of a page whose form had grown old: its list's first page may give it out at once, even in the same crawl."""

_LABEL = re.compile(r"page (\d+) by (.*)", re.S)


@dataclass(slots=True)
class State:
    """What a form is sent with. ``fields`` as in :mod:`crawler.discovery.forms.postback`; ``source`` is the digest of the
    entries on the page it came from, by which that page is known again when it comes instead of another one."""

    url: str
    fields: list[Any]
    content_type: str = "application/x-www-form-urlencoded"
    charset: str = "utf-8"
    fragment: bool = False
    template: dict[str, str] = field(default_factory=dict)
    highest: int | None = None
    cookie: str | None = None
    source: str | None = None


@dataclass(slots=True)
class Offer:
    """Pages of one pager that can be asked for with one state."""

    portal: str
    list_key: bytes
    list_url: str
    depth: int
    pager: str
    state: State
    pages: list[tuple[int, list[Any]]]
    """(number, event) of each."""


@dataclass(slots=True)
class Form:
    """A posted page's event and state; ``made_at`` (Unix seconds) is when its state was read."""

    list_key: bytes
    pager: str
    number: int
    event: list[Any]
    state: State
    made_at: float


def is_refused(state: str, reason: Reason | None) -> bool:
    """Whether a posted page was passed over because the server takes its form no more: its list broke off there."""
    return state == "skipped" and (reason is None or reason.code not in _NOT_REFUSED)


_NOT_REFUSED = TRAPS | REDIRECTS | {Code.ROBOTS_FORBIDS}


def label(number: int, pager: str) -> str:
    """How a posted page is told from others of its address, in the ledger and in WARC."""
    return f"page {number} by {pager}"


def parts_of(told: str) -> tuple[int, str]:
    """The number and the pager of a label."""
    found = _LABEL.fullmatch(told)
    return (int(found.group(1)), found.group(2)) if found else (0, told)


def key_of(list_key: bytes, pager: str, number: int) -> bytes:
    """The key of a posted page: page 7 of a list is one row, however its form was found."""
    return url_key(f"{list_key.hex()}#{pager}#{number}")


class Forms:
    """The forms of one ledger. Writes join the transaction they are called in."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        clock: Callable[[], float],
        write: Callable[[], AbstractContextManager[sqlite3.Connection]],
    ) -> None:
        self.conn, self.clock, self.write = conn, clock, write

    def offer(self, offer: Offer, since: float) -> int:
        """Make rows of the pages that have none, and give those that may be read again their new form. Returns how many
        wait now. Pages visited at or after ``since`` (the crawl's start) are not given out twice."""
        now, wanted = self.clock(), []
        with self.write() as conn:
            for number, event in offer.pages:
                key = key_of(offer.list_key, offer.pager, number)
                if self._may_wait(conn, key, now, since):
                    wanted.append((key, number, event))
            if not wanted:
                return 0
            data = zlib.compress(json.dumps(asdict(offer.state), ensure_ascii=False).encode(), 1)
            state = conn.execute("INSERT INTO form_state (made_at, data) VALUES (?, ?)", (now, data)).lastrowid
            for nth, (key, number, event) in enumerate(wanted):
                self._wait(conn, offer, key, number, now + nth * 1e-3)
                conn.execute(
                    "INSERT INTO form (key, list, pager, number, event, state) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key)"
                    " DO UPDATE SET event = excluded.event, state = excluded.state",
                    (key, offer.list_key, offer.pager, number, json.dumps(event, ensure_ascii=False), state),
                )
            conn.execute(
                "INSERT INTO host (origin) VALUES (?) ON CONFLICT (origin) DO NOTHING", (origin(offer.state.url),)
            )
            self._clear(conn)
        return len(wanted)

    def _may_wait(self, conn: sqlite3.Connection, key: bytes, now: float, since: float) -> bool:
        row = conn.execute(
            "SELECT page.state, page.visited_at, form.again, made_at FROM page JOIN form USING (key)"
            " LEFT JOIN form_state ON form_state.id = form.state WHERE key = ?",
            (key,),
        ).fetchone()
        if row is None:
            return True
        again = row["again"] or 0.0
        visited = row["visited_at"] is not None and row["visited_at"] >= since
        if row["state"] == "leased" or (again >= 0 and visited):
            return False
        if row["state"] == "new":  # it waits: a form of an earlier crawl is better replaced
            return row["made_at"] is None or row["made_at"] < since
        # a day's grace, so that the pages of a list are read in one sweep and not each on a day of its own
        return again <= now + DAY

    def _wait(self, conn: sqlite3.Connection, offer: Offer, key: bytes, number: int, found_at: float) -> None:
        priority = PRIORITY["listing"]
        due = rank(priority, found_at)
        row = (
            *(key, offer.state.url, origin(offer.state.url), offer.portal, "listing", "new", "form", offer.list_url),
            *(found_at, offer.depth, priority, due, label(number, offer.pager)),
        )
        conn.execute(
            "INSERT INTO page (key, url, origin, portal, role, state, method, found_on, found_at, depth, priority, due, form)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key)"
            " DO UPDATE SET due = excluded.due, tries = 0, url = excluded.url, origin = excluded.origin",
            row,
        )

    def of(self, key: bytes) -> Form | None:
        """What a posted page is asked for with; ``None`` when its form is gone."""
        row = self.conn.execute(
            "SELECT list, pager, number, event, made_at, data FROM form JOIN form_state ON form_state.id = form.state"
            " WHERE key = ?",
            (key,),
        ).fetchone()
        if row is None:
            return None
        state = State(**json.loads(zlib.decompress(row["data"])))
        return Form(row["list"], row["pager"], row["number"], json.loads(row["event"]), state, row["made_at"])

    def waits(self, key: bytes) -> bool:
        """Whether a posted page has the form it is to be asked for with."""
        row = self.conn.execute("SELECT 1 FROM form WHERE key = ? AND state IS NOT NULL", (key,)).fetchone()
        return row is not None

    def settle(self, page: Page, ack: Ack, again: float | None) -> None:
        """A posted page was answered for this time: its form goes. ``again`` (Unix seconds) is when it may be given out
        anew; by default what was read, and what is a trap, after the days of a deep list page, anything else when its list
        is read next. Call before the ack."""
        if again is None:
            done = ack.outcome.state == "listed" or ack.outcome.reason.code in TRAPS
            again = self.clock() + DEEP_PAGE if done else 0.0
        with self.write() as conn:
            conn.execute(
                "UPDATE form SET state = NULL, again = ? WHERE key = ?"
                " AND EXISTS (SELECT 1 FROM page WHERE page.key = form.key AND page.epoch = ?)",
                (again, page.key, ack.epoch),
            )
            self._clear(conn)

    def read_list(self, list_key: bytes) -> None:
        """Make the first page of a list due: what it led to has grown old."""
        with self.write() as conn:
            conn.execute(
                "UPDATE page SET due = -priority * 1e7 + found_at / 1e3 WHERE key = ? AND state != 'leased'",
                (list_key,),
            )

    def read_all_again(self, portals: Iterable[str]) -> None:
        """Let the first pages of all lists give their later pages out anew."""
        with self.write() as conn:
            for portal in portals:
                conn.execute(
                    "UPDATE form SET again = 0 WHERE key IN (SELECT key FROM page WHERE portal = ?)", (portal,)
                )

    def _clear(self, conn: sqlite3.Connection) -> None:
        conn.execute("DELETE FROM form_state WHERE NOT EXISTS (SELECT 1 FROM form WHERE form.state = form_state.id)")


def retry_lists(conn: sqlite3.Connection, portal: str, states: Iterable[str]) -> int:
    """Have the lists of a portal read whose posted pages ended in one of ``states``, so that these are given out anew.
    Returns how many pages that are."""
    states = list(states)
    marks = ", ".join("?" * len(states))
    ended = f"SELECT key FROM page WHERE portal = ? AND form IS NOT NULL AND due IS NULL AND state IN ({marks})"
    done = conn.execute(f"UPDATE form SET again = {ONCE_MORE} WHERE key IN ({ended})", (portal, *states)).rowcount
    conn.execute(
        "UPDATE page SET due = -priority * 1e7 + found_at / 1e3 WHERE state != 'leased' AND key IN"
        f" (SELECT list FROM form WHERE key IN ({ended}))",
        (portal, *states),
    )
    return done


def retry_page(conn: sqlite3.Connection, key: bytes) -> bool:
    """Have the list of one posted page read, so that it is given out anew; False when the row is no posted page."""
    row = conn.execute(f"UPDATE form SET again = {ONCE_MORE} WHERE key = ? RETURNING list", (key,)).fetchone()
    if row is None:
        return False
    conn.execute(
        "UPDATE page SET due = -priority * 1e7 + found_at / 1e3, tries = 0 WHERE key = ? AND state != 'leased'",
        (row[0],),
    )
    return True


def forget_forms(conn: sqlite3.Connection) -> None:
    """Drop the forms of rows that are gone."""
    conn.execute("DELETE FROM form WHERE NOT EXISTS (SELECT 1 FROM page WHERE page.key = form.key)")
    conn.execute("DELETE FROM form_state WHERE NOT EXISTS (SELECT 1 FROM form WHERE form.state = form_state.id)")
