"""Follows: what is new of a search or a portal, told by mail or webhook at once, once a day or once a week.

A follow is an address of the readers' site. What was told is remembered by the journal's cursor: nothing is told twice,
and what could not be sent waits for the next time. Portals that do not answer are named in every message, for of them
nothing new can be seen.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from archive.changes.events import Event, cursor_of, events
from archive.database.sqlite_file import connect_reading
from archive.queries.full_text.matching import Query
from archive.queries.full_text.search import facets
from archive.rows import portal_health
from archive.site.filters import asked
from archive.site.reader_feeds import entry_title, plain_runs
from archive.site.words.speaker import Speaker
from archive.text.vietnam_time import DAY
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import Alerts
from crawler.health.alerting import alert_messages
from crawler.ledger.frontier import Ledger

logger = logging.getLogger(__name__)

Every = Literal["once", "day", "week"]
PAUSES: dict[str, float] = {"once": 0.0, "day": DAY, "week": 7 * DAY}
EARLY = 0.05
"""Share of a pause by which a message may come too early: schedules do not run to the second."""
MOST_EVENTS = 50
_LONGEST_RUN = 300


@dataclass(frozen=True, slots=True)
class Follow:
    """One follow as kept. ``target`` is a mail address, or a webhook's address, which is a secret."""

    id: int
    address: str
    channel: str
    target: str
    every: str
    cursor: int
    told_at: float
    silent: str

    @property
    def shown(self) -> str:
        """Whom it tells, without a webhook's secrets."""
        return self.target if self.channel == "mail" else f"{urlsplit(self.target).hostname} (webhook)"


def query_of(address: str) -> Query:
    """The query of a page of the site: a search (``…/tim?q=…``) or a portal (``…/cong/NAME``); else the words themselves.

    Raises `UserError` for another page.
    """
    parts = urlsplit(address)
    path = parts.path.removesuffix(".atom").removesuffix(".feed.json")
    if "/" not in address and not parts.query:
        return asked({"q": address}).query
    if path.endswith("/tim"):
        given: dict[str, str] = {}
        for name, value in parse_qsl(parts.query):
            given.setdefault(name, value)
        return asked(given).query
    before, _, name = path.removesuffix("/bai").rpartition("/cong/")
    if name and "/" not in name and not before.endswith("/bai"):
        return Query(portal=name)
    raise UserError(
        f"{address} is no search and no portal of the site: give an address such as /tim?q=dat or /cong/NAME"
    )


def add(folder: ArchiveFolder, address: str, channel: str, target: str, every: Every) -> tuple[Follow, int]:
    """Follow from now on; answers the follow, and how many events there were before, which are not told."""
    query = query_of(address)
    with closing(connect_reading(folder.database)) as conn:
        if query.portal and conn.execute("SELECT 1 FROM portal WHERE name = ?", (query.portal,)).fetchone() is None:
            raise UserError(f"there is no portal {query.portal!r} in this archive: list them with  tinhuyen status")
        cursor, before = cursor_of(conn), len(events(conn, query, limit=MOST_EVENTS))
    ledger = Ledger(folder.ledger)
    with closing(ledger.conn), ledger.write() as conn:
        number = conn.execute(
            "INSERT INTO follow (address, channel, target, every, cursor, told_at) VALUES (?, ?, ?, ?, ?, ?)",
            (address, channel, target, every, cursor, ledger.clock()),
        ).lastrowid
    return Follow(number or 0, address, channel, target, every, cursor, ledger.clock(), ""), before


def follows(folder: ArchiveFolder) -> list[Follow]:
    """Every follow, the oldest first."""
    ledger = Ledger(folder.ledger)
    with closing(ledger.conn):
        return _kept(ledger.conn)


def remove(folder: ArchiveFolder, number: int) -> bool:
    """End a follow; False where there is none of that number."""
    ledger = Ledger(folder.ledger)
    with closing(ledger.conn), ledger.write() as conn:
        return bool(conn.execute("DELETE FROM follow WHERE id = ?", (number,)).rowcount)


def tell_followers(
    folder: ArchiveFolder, *, clock: Callable[[], float] = time.time, due_or_not: bool = False
) -> list[tuple[Follow, int, str | None]]:
    """Tell every follow that is due (or all of them) what is new; answers for each the events sent, or what went wrong.

    Never raises for what could not be sent: that is told next time.
    """
    ledger = Ledger(folder.ledger, clock=clock)
    outcome: list[tuple[Follow, int, str | None]] = []
    with closing(ledger.conn):
        kept = _kept(ledger.conn)
        if not kept or not folder.database.exists():
            return []
        for one in kept:
            if not due_or_not and clock() - one.told_at < PAUSES[one.every] * (1 - EARLY):
                continue
            outcome.append(_tell(folder, ledger, one))
    return outcome


def _tell(folder: ArchiveFolder, ledger: Ledger, one: Follow) -> tuple[Follow, int, str | None]:
    config = folder.config()
    with closing(connect_reading(folder.database)) as conn:
        conn.execute("BEGIN")
        query, upto = query_of(one.address), cursor_of(conn)
        found = events(conn, query, limit=MOST_EVENTS + 1, after=one.cursor, upto=upto)
        silent = _silent(conn, query)
    new_silence = silent if silent != one.silent else ""
    if not found and not new_silence:
        _remember(ledger, replace(one, cursor=upto, told_at=ledger.clock(), silent=silent))
        return one, 0, None
    try:
        _send(config.alerts, config.name, one, found, silent)
    except alert_messages.UNSENT as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        reason = reason if one.channel == "mail" else reason.replace(one.target, "…")
        logger.warning("follow %s could not be told: %s", one.id, reason)
        return one, 0, reason
    _remember(ledger, replace(one, cursor=upto, told_at=ledger.clock(), silent=silent))
    return one, len(found), None


def _send(alerts_to: Alerts, archive: str, one: Follow, found: list[Event], silent: str) -> None:
    speak = Speaker("vi")
    query = query_of(one.address)
    subject = speak.count("follow_subject", len(found[:MOST_EVENTS])) if found else speak("follow_silent_subject")
    title = f"[{archive}] {subject}: {query.text or query.portal or speak('all_articles')}"
    text = "\n\n".join(filter(None, [*(_told(event, one, speak) for event in found[:MOST_EVENTS]), _more(found, speak), silent, speak("follow_foot", x=one.address, n=one.id)]))  # fmt: skip
    if one.channel == "mail":
        alert_messages.deliver(alerts_to, _mail(alerts_to, one.target, title, text))
    else:
        told: dict[str, Any] = {"text": f"{title}\n\n{text}", "archive": archive, "address": one.address}
        told["events"] = [
            {"id": event.id, "what": event.what, "at": event.at, "article": event.article, "title": event.title, "url": event.url, "portal": event.portal}
            for event in found[:MOST_EVENTS]
        ]  # fmt: skip
        alert_messages.post_json(one.target, told)


def _more(found: list[Event], speak: Speaker) -> str:
    return speak("follow_more", n=MOST_EVENTS) if len(found) > MOST_EVENTS else ""


def _told(event: Event, one: Follow, speak: Speaker) -> str:
    """One event in plain text: what, whose, when, where it can be read, and what changed."""
    site = one.address.partition("/tim")[0].partition("/cong/")[0] if "://" in one.address else ""
    lines = [
        entry_title(event, speak),
        f"{event.portal_title} · {speak(f'event_{event.what}_at', d=speak.when(event.at))}",
        f"{site}/bai/{event.article}" + (f"?v={event.version}" if event.version else ""),
        event.url,
    ]
    if event.edit is not None:
        runs = [part.runs for part in event.edit.fields]
        runs += [part.runs for part in event.edit.paragraphs if part.fate != "kept"]
        lines += [f"  {plain_runs(part)[:_LONGEST_RUN]}" for part in runs[:5]]
    return "\n".join(lines)


def _silent(conn: sqlite3.Connection, query: Query) -> str:
    """A line for each portal that has to do with the query and does not answer, with the day since when."""
    speak = Speaker("vi")
    names = {query.portal} if query.portal else {name for name, _, _ in facets(conn, query).portals}
    return "\n".join(
        speak("follow_silent", x=one.title or one.portal, d=speak.day(one.since), why=speak.verdict(one.verdict))
        for one in portal_health.all_portals(conn)
        if one.portal in names and not one.is_well
    )


def _mail(alerts_to: Alerts, to: str, title: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = " ".join(title.split())[:200]
    message["From"] = alerts_to.sender or (alerts_to.mail[0] if alerts_to.mail else to)
    message["To"] = to
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain="tinhuyen.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text + "\n")
    return message


def _kept(conn: sqlite3.Connection) -> list[Follow]:
    columns = "id, address, channel, target, every, cursor, told_at, silent"
    return [Follow(*tuple(row)) for row in conn.execute(f"SELECT {columns} FROM follow ORDER BY id")]


def _remember(ledger: Ledger, one: Follow) -> None:
    with ledger.write() as conn:
        conn.execute(
            "UPDATE follow SET cursor = ?, told_at = ?, silent = ? WHERE id = ?",
            (one.cursor, one.told_at, one.silent, one.id),
        )
