"""Alerts: one message for all that is new, by mail, to a webhook and by apprise, and each cause at most once a day.

A cause is a portal with its verdict, or the archive as a whole. What could not be told waits for the next occasion. When
almost everything fails alike, the likeliest cause is our own connection, and that is said once instead.

Mail and webhook are sent by the standard library and not by apprise: it says only whether a message was sent, where a mail
server's own words ("password refused") are what a person needs; it writes a mail to each of several people; its JSON cannot
hold the list of alerts that a webhook is promised, and it drops what stands behind ``?`` in a webhook's address.
"""

from __future__ import annotations

import json
import logging
import os
import smtplib
import sqlite3
import ssl
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial
from http.client import HTTPException
from typing import Any
from urllib.parse import unquote, urlsplit

from archive.model import Portal
from archive.text.plurals import counted
from archive.text.vietnam_time import DAY
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import Alerts, Config
from crawler.health import certificates
from crawler.health.alerting import notify
from crawler.health.verdict import WELL
from crawler.ledger.frontier import Ledger
from crawler.ledger.verifications import verifications
from crawler.reasons.codes import OVERLAPPING, Code

logger = logging.getLogger(__name__)

TIMEOUT = 30.0
PASSWORD = "TINHUYEN_SMTP_PASSWORD"

OURS = ("dead name", "DNS failure", "dead server", "no answer")
OURS_SHARE, OURS_LEAST = 0.8, 5
"""Share of a run's portals, and their least number, that fail so at once when it is our own connection that is down."""

NO_ROOM = ("disk full", "quota reached")
"""Verdicts of a run that are told once for the archive, not for each of its portals."""

CERTIFICATE_ADVICE = (
    "Write to the portal; it is crawled on without a valid certificate, and all of it is captured soon."
)

UNVERIFIED_ADVICE = (
    "See in a browser whose certificate it is: if it is not the portal's own, pause it with  tinhuyen pause NAME  until "
    "the portal has been told."
)

QUIET = frozenset({*WELL, "lost"})
"""Verdicts nobody is woken for: a killed crawl is taken up by the next one; if it dies again and again, that is told."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to be told: what it is about, and one or two plain sentences."""

    cause: str
    text: str
    every: float = DAY
    """Seconds within which it is told once."""


Channel = Callable[[list[Alert]], None]
UNSENT = (OSError, smtplib.SMTPException, HTTPException, ValueError)
"""What a channel raises when it could not send."""


def channels_of(config: Config) -> dict[str, Channel]:
    """The channels that ``tinhuyen.toml`` sets, by name."""
    channels: dict[str, Channel] = {}
    if config.alerts.mail:
        channels["mail"] = lambda alerts: send_mail(config.alerts, config.name, alerts)
    if config.alerts.webhook:
        channels["webhook"] = lambda alerts: post(config.alerts.webhook or "", config.name, alerts)
    return channels | {notify.channel_of(one): partial(_notify, one, config.name) for one in config.alerts.notify}


def _notify(address: str, archive: str, alerts: list[Alert]) -> None:
    notify.send(address, _one_line(f"[{archive}] {headline(alerts)}"), plain(archive, alerts))


def try_channels(config: Config) -> dict[str, str | None]:
    """Send a test alert through each channel; by channel what went wrong, ``None`` when it was sent."""
    alert = Alert("test", "This is a test alert: nothing is wrong. It was asked for with  tinhuyen alerts test.")
    outcome: dict[str, str | None] = {}
    for channel, send in channels_of(config).items():
        try:
            send([alert])
            outcome[channel] = None
        except UNSENT as error:
            outcome[channel] = " ".join(str(error).split()) or type(error).__name__
    return outcome


def tell(folder: ArchiveFolder, *, clock: Callable[[], float] = time.time) -> list[str]:
    """Tell what is new since the last time; answers what could not be told, line by line. Never raises for that."""
    config = folder.config()
    channels = channels_of(config)
    if not channels:
        return []
    frontier = Ledger(folder.ledger, clock=clock)
    with closing(frontier.conn):
        found = current(frontier.conn, frontier.clock())
        found += ending_certificates(frontier.conn, config.portals.values(), frontier.clock())
        failed = []
        for channel, send in channels.items():
            mine = take(frontier, channel, found)
            if not mine:
                continue
            try:
                send(mine)
            except UNSENT as error:
                give_back(frontier, channel, mine)
                failed.append(f"the {channel} alert could not be sent: {error}")
                logger.warning(failed[-1])
    return failed


def current(conn: sqlite3.Connection, now: float) -> list[Alert]:
    """What is wrong now: by the last verdict of each portal, and by what the schedules could not do today."""
    rows = conn.execute(
        "SELECT portal, verdict, why, advice, ended_at FROM portal_run JOIN (SELECT portal, max(run) AS run FROM"
        " portal_run GROUP BY portal) USING (portal, run) WHERE ended_at > ?",
        (now - DAY,),
    ).fetchall()
    alerts = _offline(conn, now)
    for verdict, times in Counter(row["verdict"] for row in rows).items():
        if verdict in OURS and times >= max(OURS_LEAST, OURS_SHARE * len(rows)):
            text = (
                f"{times} of {len(rows)} portals could not be reached ({verdict}). Check this machine's own connection "
                "and name server first."
            )
            alerts.append(Alert("the archive: connection", text))
            rows = [row for row in rows if row["verdict"] != verdict]
    for full in NO_ROOM:
        here = [row for row in rows if row["verdict"] == full]
        if here:
            text = f"Nothing more can be kept: {here[0]['why']}. {here[0]['advice']}"
            alerts.append(Alert(f"the archive: {full}", text))
    alerts += [
        Alert(
            f"{row['portal']}: {row['verdict']}",
            f"{row['portal']}: {row['verdict']}. {_sentence(row['why'])} {row['advice']}",
        )
        for row in rows
        if row["verdict"] not in QUIET and row["verdict"] not in NO_ROOM
    ]
    return alerts + _not_run(conn, now) + _faults(conn, now)


def _faults(conn: sqlite3.Connection, now: float) -> list[Alert]:
    """What the last verification of the archive found, where it was today."""
    last = next(reversed(verifications(conn, now - DAY)), None)
    if last is None or not last["faults_found"]:
        return []
    first = last["faults"][0]["text"]
    text = f"The archive was verified and {counted(last['faults_found'], 'fault')} found. {_sentence(first)} All of them: tinhuyen verify"
    return [Alert("the archive: verification", text)]


def _offline(conn: sqlite3.Connection, now: float) -> list[Alert]:
    """The last crawl of today found no network. Its portals have no verdict of it, so nothing else would tell."""
    row = conn.execute(
        "SELECT outcome FROM run WHERE finished_at IS NOT NULL AND finished_at > ? ORDER BY id DESC LIMIT 1",
        (now - DAY,),
    ).fetchone()
    if row is None or row["outcome"] != "offline":
        return []
    text = (
        "The last crawl found no network: no portal could be reached. Check this machine's connection and name server."
    )
    return [Alert("the archive: connection", text)]


def ending_certificates(conn: sqlite3.Connection, portals: Iterable[Portal], now: float) -> list[Alert]:
    """Portals whose TLS certificate is about to end, ended lately or is not trusted any more; told once a week each."""
    alerts = []
    for portal in portals:
        ends = certificates.ends_of(conn, portal.url)
        if ends is not None and certificates.is_near(ends, now):
            why = f"{portal.name}: {certificates.sentence(ends, now)}."
            alerts.append(Alert(f"{portal.name}: certificate", f"{why} {CERTIFICATE_ADVICE}", 7 * DAY))
        elif (bad := certificates.turned_bad(conn, portal.url)) is not None:
            alerts.append(Alert(f"{portal.name}: not verified", f"{portal.name}: {bad}. {UNVERIFIED_ADVICE}", 7 * DAY))
    return alerts


def _not_run(conn: sqlite3.Connection, now: float) -> list[Alert]:
    """Occurrences of the last day that did not come about, and should have."""
    rows = conn.execute(
        "SELECT state, reason, count(DISTINCT portal) AS portals, min(portal) AS portal FROM run_due WHERE at > ?"
        " AND (state = 'missed' OR state = 'skipped' OR (state = 'lost' AND reason_code = ?))"
        f" AND reason_code NOT IN ({', '.join('?' * len(_AS_ASKED))}) GROUP BY state,"
        " CASE state WHEN 'missed' THEN '' ELSE reason END",
        (now - DAY, Code.DIED_IN_A_ROW, *_AS_ASKED),
    ).fetchall()
    alerts = []
    for row in rows:
        who = row["portal"] if row["portals"] == 1 else f"{row['portals']} portals"
        what = "were missed and are caught up" if row["state"] == "missed" else "did not come about"
        cause = "the archive: missed" if row["state"] == "missed" else f"the archive: {row['reason']}"
        alerts.append(Alert(cause, f"Crawls of {who} {what}. {_sentence(row['reason'])}"))
    return alerts


_AS_ASKED = (Code.PAUSED, *sorted(OVERLAPPING))
"""Why an occurrence did not come about that nobody needs to be told."""


def take(frontier: Ledger, channel: str, found: list[Alert]) -> list[Alert]:
    """Those not told on this channel within a day, or what their kind has; from now on they count as told, so that nobody else tells them."""
    now, mine = frontier.clock(), []
    with frontier.write() as conn:
        for alert in found:
            row = conn.execute(
                "INSERT INTO alert (cause, channel, first_at, told_at, text) VALUES (?1, ?2, ?3, ?3, ?4)"
                " ON CONFLICT (cause, channel) DO UPDATE SET told_at = excluded.told_at, text = excluded.text"
                " WHERE told_at IS NULL OR told_at <= ?3 - ?5 RETURNING 1",
                (alert.cause, channel, now, alert.text, alert.every),
            ).fetchone()
            if row is not None:
                mine.append(alert)
        conn.execute("DELETE FROM alert WHERE told_at < ?", (now - 30 * DAY,))
    return mine


def give_back(frontier: Ledger, channel: str, alerts: list[Alert]) -> None:
    """They could not be told after all."""
    with frontier.write() as conn:
        conn.executemany(
            "UPDATE alert SET told_at = NULL WHERE cause = ? AND channel = ?", [(one.cause, channel) for one in alerts]
        )


def send_mail(alerts_to: Alerts, archive: str, alerts: list[Alert]) -> None:
    """Send one mail. Raises what smtplib raises."""
    deliver(alerts_to, mail(alerts_to, archive, alerts))


def deliver(alerts_to: Alerts, message: EmailMessage) -> None:
    """Hand a mail to the mail server that is set. Raises what smtplib raises."""
    parts = urlsplit(alerts_to.smtp)
    secure = ssl.create_default_context()
    host, kind = parts.hostname or "localhost", parts.scheme
    if kind == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=secure)
    else:
        server = smtplib.SMTP(host, parts.port or (587 if kind == "smtp+starttls" else 25), timeout=TIMEOUT)
    with server:
        if kind == "smtp+starttls":
            server.starttls(context=secure)
        if parts.username:
            server.login(unquote(parts.username), os.environ.get(PASSWORD, ""))
        server.send_message(message)


def mail(alerts_to: Alerts, archive: str, alerts: list[Alert]) -> EmailMessage:
    """The mail that tells ``alerts``."""
    message = EmailMessage()
    message["Subject"] = _one_line(f"[{archive}] {headline(alerts)}")
    message["From"] = alerts_to.sender or alerts_to.mail[0]
    message["To"] = ", ".join(alerts_to.mail)
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain="tinhuyen.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(plain(archive, alerts))
    return message


def post(url: str, archive: str, alerts: list[Alert]) -> None:
    """Post JSON: ``text`` is the whole message, as many chats take it; ``alerts`` its parts. Raises `OSError`."""
    told = {
        "text": plain(archive, alerts),
        "archive": archive,
        "alerts": [{"cause": alert.cause, "text": alert.text} for alert in alerts],
    }
    post_json(url, told)


def post_json(url: str, told: dict[str, Any]) -> None:
    """Post JSON to a webhook. Raises `OSError`."""
    data = json.dumps(told, ensure_ascii=False).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", "User-Agent": "tinhuyen"})
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        answer.read(1000)


def headline(alerts: list[Alert]) -> str:
    return alerts[0].cause if len(alerts) == 1 else f"{len(alerts)} things need attention: {alerts[0].cause} …"


def plain(archive: str, alerts: list[Alert]) -> str:
    """The message in plain words."""
    body = "\n\n".join(alert.text for alert in alerts)
    return (
        f"{body}\n\nSent by the archive {archive}, at most once a day for each alert. See all of it with\n"
        "  tinhuyen status\n  tinhuyen schedule history\n"
    )


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
