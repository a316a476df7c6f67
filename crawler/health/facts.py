"""What the run and the ledger know of a portal after a run, gathered into :class:`crawler.health.verdict.Facts`."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from archive.model import Portal
from crawler.addresses.traps import series
from crawler.addresses.urls import origin
from crawler.health import certificates
from crawler.health.causes import cause_of
from crawler.health.drift import RUNS, drifts
from crawler.health.fill import Fill
from crawler.health.verdict import Facts
from crawler.ledger.forms import is_refused
from crawler.reasons.codes import LEFT_OUT, REDIRECTS, TRAPS, Code
from crawler.reasons.reason import Reason, reason_of

SAME_LISTS = 3
"""Numbered pages of one list with the very same bytes that are no chance: first pages have two addresses, never three."""

DATED_LEAST, DATED_MOST = 10, 200
NEW_NORMAL = 10
"""Runs in a row that drifted, after which that is how the portal is now."""

_PARTS = ("file", "requisite")
_LEADS = (Code.REDIRECTS, Code.PORTAL_REDIRECTS)
_NOT_OF_THE_LIST = TRAPS | REDIRECTS | LEFT_OUT | {Code.ROBOTS_FORBIDS}
"""Why a numbered page was left out that says nothing about the list it belongs to."""


@dataclass(slots=True)
class RunFacts:
    """What the run as a whole knows: the same for all its portals. Times are Unix seconds."""

    started_at: float
    now: float
    outcome: str
    paused: frozenset[str] = frozenset()
    fatal: str | None = None
    hosts_failed: dict[str, Reason] = field(default_factory=dict)
    """By origin, why it was given up."""
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """By portal: new, revised and so on."""
    fills: dict[str, Fill] = field(default_factory=dict)


def gather(ledger: sqlite3.Connection, archive: sqlite3.Connection, portal: Portal, run: RunFacts) -> Facts:
    """The facts of one portal after a run."""
    counts = run.counts.get(portal.name, Counter())
    facts = Facts(
        portal.name,
        portal.url,
        run.outcome,
        run.now,
        paused=portal.name in run.paused,
        host_reason=run.hosts_failed.get(origin(portal.url)),
        new=counts["new"],
        revised=counts["revised"],
        fatal=run.fatal,
    )
    facts.certificate_ends = certificates.ends_of(ledger, portal.url)
    _read_home(ledger, facts, run)
    _read_pages(ledger, facts, run)
    _repeated_lists(archive, facts, run)
    _read_articles(archive, facts)
    facts.watched_since = ledger.execute(
        "SELECT min(ended_at) FROM portal_run WHERE portal = ? AND json_extract(counts, '$.held') > 0", (portal.name,)
    ).fetchone()[0]
    fill = run.fills.get(portal.name)
    if fill is not None:
        facts.drifts = drifts(history(ledger, portal.name), fill)
    return facts


def history(ledger: sqlite3.Connection, portal: str) -> list[Fill]:
    """The fills of a portal's runs, newest first; runs that drifted are left out, unless that is how it is now."""
    rows = ledger.execute(
        "SELECT fill, verdict FROM portal_run WHERE portal = ? AND fill IS NOT NULL ORDER BY run DESC LIMIT ?",
        (portal, 3 * RUNS),
    ).fetchall()
    newest = rows[:NEW_NORMAL]
    if len(newest) == NEW_NORMAL and all(row[1] == "layout drift" for row in newest):
        return [Fill.of_json(row[0]) for row in newest]
    return [Fill.of_json(row[0]) for row in rows if row[1] != "layout drift"][:RUNS]


def _read_home(ledger: sqlite3.Connection, facts: Facts, run: RunFacts) -> None:
    home = ledger.execute(
        "SELECT state, reason, reason_code, reason_facts, visited_at, origin, kind FROM page WHERE portal = ? AND role = 'home' ORDER BY found_at LIMIT 1",
        (facts.portal,),
    ).fetchone()
    if home is None:
        return
    facts.home_state, facts.home_reason = home["state"], _reason(home)
    if (taken_for := _HOME_KINDS.get(home["kind"])) is not None:  # a home page is read for its links whatever it is
        facts.home_state, facts.home_reason = "skipped", Reason(taken_for, why=facts.home_reason or "")
    facts.home_visited = (home["visited_at"] or 0.0) >= run.started_at
    if not facts.home_visited and facts.host_reason is None:
        told = ledger.execute(
            "SELECT why, why_code, why_facts FROM host WHERE origin = ? AND not_before > ?", (home["origin"], run.now)
        ).fetchone()
        facts.host_reason = reason_of(told["why_code"], told["why_facts"], told["why"]) if told else None
        facts.left_alone = facts.host_reason is not None
        if home["state"] not in ("new", "failed"):
            facts.home_reason = None  # a word of an earlier run
    if facts.home_state == "failed" and facts.home_reason is not None and facts.home_reason.code in _LEADS:
        facts.moved_to = facts.home_reason.facts["target"]


_HOME_KINDS = {"login": Code.LOGIN_PAGE, "spam": Code.SPAM_PAGE}


def _reason(row: sqlite3.Row) -> Reason | None:
    return reason_of(row["reason_code"], row["reason_facts"], row["reason"])


def _read_pages(ledger: sqlite3.Connection, facts: Facts, run: RunFacts) -> None:
    rows = ledger.execute(
        "SELECT url, role, state, kind, status, reason, reason_code, reason_facts, form, found_on FROM page WHERE portal = ? AND visited_at >= ?",
        (facts.portal, run.started_at),
    )
    broken = []
    for row in rows:
        if row["role"] in _PARTS:
            continue
        facts.visited += 1
        failed, cause = _failure(row)
        if failed:
            facts.failures[cause] += 1
            facts.examples.setdefault(cause, f"{row['url']}: {row['reason']}")
        if row["form"] is not None:  # one of many at its address: by its own word
            if failed or is_refused(row["state"], _reason(row)):
                facts.broken_lists.append(f"{row['found_on']}, {row['form']} ({row['reason']})")
        elif row["role"] in ("listing", "page") and row["state"] in ("failed", "skipped", "new") and series(row["url"]):
            broken.append(row)
    facts.waiting = ledger.execute(
        "SELECT count(*) FROM page WHERE portal = ? AND state = 'new' AND role NOT IN ('file', 'requisite')"
        " AND due IS NOT NULL",
        (facts.portal,),
    ).fetchone()[0]
    facts.unreached = ledger.execute(
        "SELECT count(*) FROM page WHERE portal = ? AND due <= ? AND coalesce(visited_at, 0) < ?"
        " AND role NOT IN ('file', 'requisite')",
        (facts.portal, run.now, run.started_at),
    ).fetchone()[0]
    if broken:
        facts.broken_lists += _broken_lists(ledger, facts.portal, broken)


def _failure(row: sqlite3.Row) -> tuple[bool, str]:
    """Whether a page failed, or something else than it was there; and its cause."""
    reason = _reason(row) or Reason(Code.NOT_SAID)
    cause = cause_of(reason) or "other"
    if row["state"] == "failed" or reason.has(Code.LAST_VISIT_FAILED):
        return True, cause
    if row["state"] == "new" or (
        reason.notes and reason.notes[-1].code is Code.TRIED
    ):  # by a later crawl: this one gave its host up
        return True, cause
    return row["state"] == "skipped" and cause != "other", cause


def _broken_lists(ledger: sqlite3.Connection, portal: str, rows: list[sqlite3.Row]) -> list[str]:
    """List pages that could not be read although the list goes on after them, or whose server failed."""
    numbers: dict[str, list[int]] = defaultdict(list)
    listed: set[str] = set()
    known = ledger.execute(
        "SELECT url, state FROM page WHERE portal = ? AND role IN ('listing', 'page') AND form IS NULL",
        (portal,),
    )
    for page in known:
        run = series(page["url"])
        if run is not None:
            numbers[run].append(number_of(page["url"]))
            if page["state"] == "listed":
                listed.add(run)
    found = []
    for row in sorted(rows, key=lambda row: number_of(row["url"])):
        run = series(row["url"]) or ""
        if row["state"] == "skipped" and (reason := _reason(row)) is not None and reason.code in _NOT_OF_THE_LIST:
            continue
        goes_on = max(numbers[run], default=0) > number_of(row["url"]) and (run in listed or row["role"] == "listing")
        is_list = row["role"] == "listing" or run in listed
        if (row["state"] in ("failed", "new") and is_list) or (row["state"] == "skipped" and goes_on and is_list):
            found.append(f"{row['url']} ({row['reason'] or ''})")
    return found


def number_of(url: str) -> int:
    """The number by which a page of a series differs from the others: the last that :func:`series` takes out."""
    run = series(url)
    if run is None:
        return 0
    pattern = re.escape(run).replace(re.escape("#"), r"(\d+)")
    match = re.fullmatch(pattern, url)
    return int(match.groups()[-1][:15]) if match and match.groups() else 0


def _repeated_lists(archive: sqlite3.Connection, facts: Facts, run: RunFacts) -> None:
    rows = archive.execute(
        "SELECT url, digest FROM capture WHERE portal = ? AND fetched_at >= ? AND kind IN ('page', 'listing')"
        " AND status = 200 ORDER BY url",
        (facts.portal, datetime.fromtimestamp(run.started_at, UTC).strftime("%Y-%m-%dT%H:%M:%S")),
    ).fetchall()
    same: dict[tuple[str, str], list[str]] = defaultdict(list)
    for url, digest in rows:
        if (list_ := series(url)) is not None and url not in same[list_, digest]:
            same[list_, digest].append(url)
    facts.repeated_lists = max(same.values(), key=len, default=[])
    if len(facts.repeated_lists) < SAME_LISTS:
        facts.repeated_lists = []


def _read_articles(archive: sqlite3.Connection, facts: Facts) -> None:
    """How many are held, and how regularly the portal published: by the dates it prints."""
    row = archive.execute("SELECT id FROM portal WHERE name = ?", (facts.portal,)).fetchone()
    if row is None:
        return
    facts.held = archive.execute("SELECT count(*) FROM article WHERE portal = ?", (row[0],)).fetchone()[0]
    dates = archive.execute(
        "SELECT DISTINCT substr(published, 1, 10) FROM article WHERE portal = ? AND length(published) >= 10"
        " ORDER BY published DESC LIMIT ?",
        (row[0], DATED_MOST),
    ).fetchall()
    days = sorted({day for (text,) in dates if (day := _unix(text)) is not None and day <= facts.now})
    if days:
        facts.last_new = days[-1]
    if len(days) >= DATED_LEAST:
        facts.longest_gap = max(later - earlier for earlier, later in itertools.pairwise(days))


def _unix(day: str) -> float | None:
    try:
        return datetime.fromisoformat(f"{day}T00:00:00+07:00").timestamp()
    except ValueError:
        return None
