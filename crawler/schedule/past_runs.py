"""What ran and what did not, newest first: runs with their portals and verdicts, and occurrences left out."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive.text.plurals import counted
from archive.text.vietnam_time import local_time
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.verdict import NOTHING_TO_DO
from crawler.ledger.processes import alive_workers
from crawler.schedule.due import span

MOST_PORTALS = 12
"""Portals of a run whose lines are shown when none is asked for; those with trouble first."""


def entries(conn: sqlite3.Connection, portal: str | None, limit: int, folder: ArchiveFolder) -> list[dict[str, Any]]:
    """Runs and left-out occurrences of one portal or all, as plain data; times as Vietnam's clock shows them."""
    alive = set(alive_workers(folder.workers))
    runs = conn.execute(
        "SELECT * FROM run WHERE ? IS NULL OR EXISTS (SELECT 1 FROM json_each(run.portals) WHERE value = ?)"
        " ORDER BY id DESC LIMIT ?",
        (portal, portal, limit),
    ).fetchall()
    oldest = runs[-1]["started_at"] if len(runs) == limit else 0.0
    left_out = conn.execute(
        "SELECT * FROM run_due WHERE state NOT IN ('claimed', 'done') AND at >= ? AND (? IS NULL OR portal = ?)"
        " ORDER BY id DESC LIMIT ?",
        (oldest, portal, portal, 20 * limit),
    ).fetchall()
    found = [(row["started_at"], _run(conn, row, alive, portal)) for row in runs]
    found += [(row["at"], _left_out(row)) for row in left_out]
    return [entry for _, entry in sorted(found, key=lambda pair: -pair[0])]


def lines(found: list[dict[str, Any]], portal: str | None = None) -> list[str]:
    """The same for people. Occurrences left out for the same reason at the same look share a line."""
    shown: list[str] = []
    together: list[dict[str, Any]] = []
    for entry in [*found, {"kind": "end"}]:
        same = together and entry["kind"] == "occurrence" and _same(entry) == _same(together[0])
        if together and not same:
            shown.append(_occurrences(together))
            together = []
        if entry["kind"] == "occurrence":
            together.append(entry)
        elif entry["kind"] == "run":
            shown += _run_lines(entry, portal)
    return shown


def _run(conn: sqlite3.Connection, row: sqlite3.Row, alive: set[str], portal: str | None) -> dict[str, Any]:
    counts = json.loads(row["counts"] or "{}")
    portals = conn.execute(
        "SELECT portal, verdict, why, advice, counts FROM portal_run WHERE run = ? AND (? IS NULL OR portal = ?)"
        " ORDER BY portal",
        (row["id"], portal, portal),
    ).fetchall()
    due = conn.execute("SELECT portal, missed, deep FROM run_due WHERE run = ?", (row["id"],)).fetchall()
    ended = row["finished_at"]
    outcome = row["outcome"] or ("running" if row["worker"] in alive else "killed")
    return {
        "kind": "run",
        "run": row["id"],
        "started_at": local_time(row["started_at"]),
        "finished_at": local_time(ended) if ended else None,
        "seconds": round(ended - row["started_at"], 1) if ended else None,
        "outcome": outcome,
        "by_schedule": sorted(one["portal"] for one in due),
        "deep": sorted(one["portal"] for one in due if one["deep"]),
        "caught_up": sum(one["missed"] for one in due),
        "portals": json.loads(row["portals"]),
        "requests": counts.get("requests", 0),
        "articles": counts.get("articles", {}),
        "lists": counts.get("kinds", {}),
        "files": counts.get("files", 0),
        "skipped": counts.get("skipped", {}),
        "failed": counts.get("failed", 0),
        "bytes": counts.get("bytes", 0),
        "settings": json.loads(row["settings"]),
        "software": row["software"],
        "verdicts": [
            {
                **{name: one[name] for name in ("portal", "verdict", "why", "advice")},
                "counts": json.loads(one["counts"]),
            }
            for one in portals
        ],
    }


def _left_out(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "kind": "occurrence",
        "at": local_time(row["at"]),
        "portal": row["portal"],
        "occurrence": local_time(row["occurrence"]),
        "state": row["state"],
        "reason": row["reason"],
        "missed": row["missed"],
        "deep": bool(row["deep"]),
        "run": row["run"],
    }


def _same(entry: dict[str, Any]) -> tuple[str, ...]:
    reason = (entry["reason"] or "").replace(entry["portal"], "PORTAL")
    return (entry["at"], entry["state"], reason, str(entry["deep"]))


def _occurrences(together: list[dict[str, Any]]) -> str:
    first = together[0]
    names = ", ".join(entry["portal"] for entry in together[:4])
    more = f" and {len(together) - 4} more" if len(together) > 4 else ""
    since = f" (from {first['occurrence']} on)" if first["state"] == "missed" else ""
    reason = f": {first['reason']}" if first["reason"] else ""
    what = "deep look of " if first["deep"] else ""
    return f"{first['at']}  {first['state']:11}  {what}{names}{more}{since}{reason}"


def _run_lines(entry: dict[str, Any], portal: str | None) -> list[str]:
    got = entry["articles"]
    took = f" in {span(entry['seconds'])}" if entry["seconds"] is not None else ""
    how = "by schedule" if entry["by_schedule"] else "by hand"
    if entry["deep"]:
        how += f", a deep look of {', '.join(entry['deep'][:4])}{' and others' if len(entry['deep']) > 4 else ''}"
    caught = f", catching up {entry['caught_up']:,} missed" if entry["caught_up"] else ""
    skipped = sum(entry["skipped"].values())
    shown = [
        f"{entry['started_at']}  {entry['outcome']:11}  run {entry['run']} {how}{caught}: {len(entry['portals']):,} "
        f"portal{'' if len(entry['portals']) == 1 else 's'}, {counted(entry['requests'], 'request')}{took}, "
        f"{got.get('new', 0):,} new, {got.get('revised', 0):,} revised, {got.get('gone', 0):,} gone, "
        f"{skipped:,} skipped, {entry['failed']:,} failed, {entry['bytes'] / 1e6:.1f} MB"
    ]
    verdicts = sorted(entry["verdicts"], key=lambda one: (one["verdict"] == "complete", one["portal"]))
    width = max((len(one["portal"]) for one in verdicts[:MOST_PORTALS]), default=0)
    for one in verdicts if portal else verdicts[:MOST_PORTALS]:
        shown.append(f"{'':18}{one['portal']:{width}}  {one['verdict']}: {one['why']}")
        if one["verdict"] not in NOTHING_TO_DO:
            shown.append(f"{'':18}{'':{width}}  {one['advice']}")
        if portal and one["counts"].get("skipped_why"):
            reasons = "; ".join(f"{n:,} {reason}" for reason, n in one["counts"]["skipped_why"].items())
            shown.append(f"{'':18}{'':{width}}  skipped: {reasons}")
    if not portal and len(verdicts) > MOST_PORTALS:
        shown.append(f"{'':18}and {len(verdicts) - MOST_PORTALS:,} more: tinhuyen schedule history PORTAL")
    return shown
