"""What is kept of a run, portal by portal: privately with its evidence in ``crawl.db``, a summary in ``archive.db``."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive import portal_health as health
from archive.model import Portal
from crawler.health import certificates, sunset
from crawler.health.facts import RunFacts, gather
from crawler.health.verdict import ADVICE, Facts, Verdict, judge
from crawler.portals.registry import registry

if TYPE_CHECKING:
    from crawler.crawl.session import Session


def record(session: Session, outcome: str, finished: float) -> dict[str, Verdict]:
    """Judge every portal of a run that ends and keep that; the verdicts by portal."""
    run = RunFacts(
        session.started_at,
        finished,
        outcome,
        frozenset(session.paused_before),
        session.fatal.text if session.fatal else None,
        session.tally.hosts_failed,
        session.tally.by_portal,
        session.tally.fills,
    )
    verdicts, ends, not_asked = {}, {}, set()
    ledger, archive = session.frontier.conn, session.store.conn
    for portal in session.portals.values():
        if portal.name in session.offline and not session.tally.by_portal.get(portal.name, Counter())["bytes"]:
            continue  # it was not reached, which says nothing about it
        facts = gather(ledger, archive, portal, run)
        facts.network_lost = portal.name in session.offline
        verdicts[portal.name], ends[portal.name] = judge(facts), facts.certificate_ends
        if facts.left_alone and not (facts.visited or facts.paused):
            earlier = verdicts[portal.name]
            verdicts[portal.name] = replace(earlier, why=f"not asked in this crawl; earlier: {earlier.why}")
            not_asked.add(portal.name)
        _keep_private(session, facts, verdicts[portal.name], finished)
        if portal.name not in not_asked:
            _look_for_sunset(session, portal, facts, verdicts[portal.name])
    with session.store.batch():
        for name, verdict in verdicts.items():
            if name not in not_asked:  # readers are told what was found, and when
                _keep_public(session, name, verdict, finished, ends[name])
    return verdicts


def bury(conn: sqlite3.Connection, runs: Iterable[int]) -> None:
    """Give the portals of runs whose process died the verdict ``lost``, inside the caller's transaction."""
    for run in runs:
        conn.execute(
            "INSERT OR IGNORE INTO portal_run (run, portal, ended_at, verdict, why, advice, counts)"
            " SELECT run.id, value, run.finished_at, 'lost', 'the process that crawled it was killed', ?, '{}'"
            " FROM run, json_each(run.portals) WHERE run.id = ?",
            (ADVICE["lost"], run),
        )


def _look_for_sunset(session: Session, portal: Portal, facts: Facts, verdict: Verdict) -> None:
    """Keep the signs that a portal is closing, and where its news goes on."""
    successors = registry().successors(portal.name)
    found = sunset.signs(session.frontier.conn, session.store.conn, facts, verdict, successors)
    if found:
        sunset.note(session.frontier, facts, found)
    if facts.certificate_ends is not None and facts.certificate_ends - facts.now >= certificates.NEAR:
        sunset.forget(session.frontier, portal.name, "certificate")
    if (link := sunset.moved_link(facts, verdict)) is not None:
        session.store.add_portal(portal, [link])


def _keep_private(session: Session, facts: Facts, verdict: Verdict, finished: float) -> None:
    fill = session.tally.fills.get(facts.portal)
    counts = {
        **session.tally.by_portal.get(facts.portal, Counter()),
        "held": facts.held,
        "failures": dict(facts.failures),
        "skipped_why": _skipped(session.frontier.conn, facts.portal, session.started_at),
        "waiting": facts.waiting,
    }
    with session.frontier.write() as conn:
        conn.execute(
            "INSERT OR REPLACE INTO portal_run (run, portal, ended_at, verdict, why, advice, counts, fill)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(session.run_id, facts.portal, finished, verdict.name, verdict.why, verdict.advice),
                json.dumps(counts, ensure_ascii=False),
                fill.as_json() if fill is not None and (fill.articles or fill.unread) else None,
            ),
        )


def _skipped(conn: sqlite3.Connection, portal: str, since: float) -> dict[str, int]:
    """Pages of this run that were left out, by reason."""
    rows = conn.execute(
        "SELECT reason, count(*) FROM page WHERE portal = ? AND state = 'skipped' AND visited_at >= ? GROUP BY reason"
        " ORDER BY count(*) DESC LIMIT 20",
        (portal, since),
    )
    return dict(rows.fetchall())


def _keep_public(
    session: Session, name: str, verdict: Verdict, finished: float, certificate_ends: float | None
) -> None:
    """The run's summary, with why pages were not kept as articles, and the portal's health."""
    counts = session.tally.by_portal.get(name, Counter())
    conn = session.frontier.conn
    reasons = conn.execute(
        "SELECT reason, count(*) FROM page WHERE portal = ? AND state = 'skipped' GROUP BY reason"
        " ORDER BY count(*) DESC LIMIT 12",
        (name,),
    ).fetchall()
    session.store.record_run(
        {
            "portal": name,
            "started_at": iso(session.started_at),
            "finished_at": iso(finished),
            "verdict": verdict.name,
            "pages": counts["visits"],
            "new": counts["new"],
            "revised": counts["revised"],
            "unchanged": counts["unchanged"],
            "files": counts["file"],
            "skipped": counts["skipped"],
            "failed": counts["failed"],
            "bytes": counts["bytes"],
            "skipped_why": dict(reasons),
        }
    )
    following = conn.execute("SELECT min(next_at) FROM schedule WHERE portal = ?", (name,)).fetchone()
    states = dict(
        conn.execute(
            "SELECT state, count(*) FROM page WHERE portal = ? AND role NOT IN ('file', 'requisite') GROUP BY state",
            (name,),
        ).fetchall()
    )
    health.save(
        session.store.conn,
        name,
        verdict.name,
        at=iso(finished),
        well=verdict.is_well,
        waiting=states.get("new", 0) + states.get("leased", 0),
        failed=states.get("failed", 0),
        next_at=iso(following[0]) if following[0] is not None else None,
        certificate_ends=iso(certificate_ends) if certificate_ends is not None else None,
    )


def iso(unix: float) -> str:
    """Unix seconds as the archive writes times (UTC)."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
