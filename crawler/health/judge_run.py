"""What is kept of a run, portal by portal: privately with its evidence in ``crawl.db``, a summary in ``archive.db``."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from archive.model import Portal
from archive.store import Store
from crawler.health import certificates, sunset
from crawler.health.facts import RunFacts, gather
from crawler.health.fill import Fill
from crawler.health.verdict import ADVICE, Facts, Verdict, judge
from crawler.ledger.frontier import Ledger
from crawler.portals.registry import registry
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run as its end leaves it: what its portals are judged by. Times are Unix seconds."""

    run_id: int
    started_at: float
    finished_at: float
    outcome: str
    portals: list[Portal]
    paused: frozenset[str]
    fatal: str | None
    """Why nothing more could be kept; ``None`` for a run that ended otherwise."""
    hosts_failed: dict[str, Reason]
    by_portal: dict[str, Counter]
    """Outcomes of each portal's visits."""
    fills: dict[str, Fill]
    offline: dict[str, Reason | None] = field(default_factory=dict)
    """Portals that were not reached because this machine had no network."""

    def counts(self, portal: str) -> Counter[str]:
        """Outcomes of the visits to one portal."""
        return self.by_portal.get(portal, Counter())


def judge_run(run: FinishedRun, ledger: Ledger, store: Store) -> dict[str, Verdict]:
    """Judge every portal of a run that ends and keep that; the verdicts by portal."""
    facts_of_run = RunFacts(
        run.started_at,
        run.finished_at,
        run.outcome,
        run.paused,
        run.fatal,
        run.hosts_failed,
        run.by_portal,
        run.fills,
    )
    verdicts, ends, not_asked = {}, {}, set()
    for portal in run.portals:
        if portal.name in run.offline and not run.counts(portal.name)["bytes"]:
            continue  # it was not reached, which says nothing about it
        facts = gather(ledger.conn, store.conn, portal, facts_of_run)
        facts.network_lost = portal.name in run.offline
        verdicts[portal.name], ends[portal.name] = judge(facts), facts.certificate_ends
        if facts.left_alone and not (facts.visited or facts.paused):
            earlier = verdicts[portal.name]
            verdicts[portal.name] = replace(earlier, why=f"not asked in this crawl; earlier: {earlier.why}")
            not_asked.add(portal.name)
        _keep_private(run, ledger, facts, verdicts[portal.name])
        if portal.name not in not_asked:
            _look_for_sunset(ledger, store, portal, facts, verdicts[portal.name])
    with store.batch():
        for name, verdict in verdicts.items():
            if name not in not_asked:  # readers are told what was found, and when
                _keep_public(run, ledger, store, name, verdict, ends[name])
    return verdicts


def mark_lost(conn: sqlite3.Connection, runs: Iterable[int]) -> None:
    """Give the portals of runs whose process died the verdict ``lost``, inside the caller's transaction."""
    for run in runs:
        conn.execute(
            "INSERT OR IGNORE INTO portal_run (run, portal, ended_at, verdict, why, advice, counts)"
            " SELECT run.id, value, run.finished_at, 'lost', 'the process that crawled it was killed', ?, '{}'"
            " FROM run, json_each(run.portals) WHERE run.id = ?",
            (ADVICE["lost"], run),
        )


def _look_for_sunset(ledger: Ledger, store: Store, portal: Portal, facts: Facts, verdict: Verdict) -> None:
    """Keep the signs that a portal is closing, and where its news goes on."""
    successors = registry().successors(portal.name)
    found = sunset.signs(ledger.conn, store.conn, facts, verdict, successors)
    if found:
        sunset.note(ledger, facts, found)
    if facts.certificate_ends is not None and facts.certificate_ends - facts.now >= certificates.NEAR:
        sunset.forget(ledger, portal.name, "certificate")
    if (link := sunset.moved_link(facts, verdict)) is not None:
        store.add_portal(portal, [link])


def _keep_private(run: FinishedRun, ledger: Ledger, facts: Facts, verdict: Verdict) -> None:
    fill = run.fills.get(facts.portal)
    counts = {
        **run.counts(facts.portal),
        "held": facts.held,
        "failures": dict(facts.failures),
        "skipped_why": _skipped(ledger.conn, facts.portal, run.started_at),
        "waiting": facts.waiting,
    }
    with ledger.write() as conn:
        conn.execute(
            "INSERT OR REPLACE INTO portal_run (run, portal, ended_at, verdict, why, advice, counts, fill)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(run.run_id, facts.portal, run.finished_at, verdict.name, verdict.why, verdict.advice),
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
    run: FinishedRun, ledger: Ledger, store: Store, name: str, verdict: Verdict, certificate_ends: float | None
) -> None:
    """The run's summary, with why pages were not kept as articles (by reason code), and the portal's health."""
    counts = run.counts(name)
    conn = ledger.conn
    reasons = conn.execute(
        "SELECT reason_code || CASE reason_code WHEN ? THEN ':' || json_extract(reason_facts, '$.status') ELSE '' END,"
        " count(*) FROM page WHERE portal = ? AND state = 'skipped' AND reason_code IS NOT NULL GROUP BY 1"
        " ORDER BY count(*) DESC LIMIT 12",
        (Code.SERVER_ANSWERS, name),
    ).fetchall()
    store.record_run(
        {
            "portal": name,
            "started_at": iso(run.started_at),
            "finished_at": iso(run.finished_at),
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
    store.save_health(
        name,
        verdict.name,
        at=iso(run.finished_at),
        well=verdict.is_well,
        waiting=states.get("new", 0) + states.get("leased", 0),
        failed=states.get("failed", 0),
        next_at=iso(following[0]) if following[0] is not None else None,
        certificate_ends=iso(certificate_ends) if certificate_ends is not None else None,
    )


def iso(unix: float) -> str:
    """Unix seconds as the archive writes times (UTC)."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
