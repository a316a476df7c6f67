"""Certificate of completeness of a portal: what its own lists name, what of that is held, what is not and why; signed."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from archive.model import Portal
from archive.proof.heads import Head
from archive.proof.log_entries import canonical
from archive.text.vietnam_time import local_time
from crawler.health.list_coverage import STATES, WAYS, Coverage, coverage, judged, reason_in

FORMAT = "tinhuyen-certificate-1"

WHY = {
    "missing": "named, and not fetched yet",
    "failing": "does not answer well",
    "gone before us": "already missing when we came",
    "closed to us": "forbidden by robots.txt, or left out by the settings",
}
"""Why an article is not held, where its row has no reason of its own."""


@dataclass(slots=True)
class Certificate:
    """What is certified of a portal. ``lists_read_at`` is when one of its lists was read last, in Vietnam's time."""

    portal: Portal
    made_at: str
    lists_read_at: str | None
    found: Coverage
    held: list[dict[str, Any]]
    not_held: list[dict[str, Any]]
    head: Head | None

    def as_dict(self) -> dict[str, Any]:
        told = self.found.as_dict()
        return {
            "format": FORMAT,
            "portal": self.portal.name,
            "url": self.portal.url,
            "made_at": self.made_at,
            "lists_read_at": self.lists_read_at,
            "listed": told["listed"],
            "held": told["held"],
            "whole": told["whole"],
            "states": {name: told[name.replace(" ", "_")] for name in STATES},
            "lists": told["lists"],
            "may_be_articles": told["may_be_articles"],
            "by_way": told["by_way"],
            "ids": told["ids"],
            "held_articles": self.held,
            "not_held": self.not_held,
            "head": json.loads(self.head.line()) if self.head is not None else None,
        }

    def message(self) -> bytes:
        """What is signed: canonical JSON of all of it."""
        return canonical(self.as_dict())

    def lines(self) -> list[str]:
        found, head = self.found, self.head
        if not found.lists_read and not found.listed:
            return found.lines()
        about = "" if found.is_whole else "at least "
        lines = [
            f"{self.portal.name}, {self.portal.url}",
            f"by its own lists, as read until {self.lists_read_at}, it names {about}{found.listed:,} articles:",
            f"  held            {found.states['held']:7,}",
        ]
        lines += [f"  {name:15} {found.states[name]:7,}  {WHY[name]}" for name in STATES[1:] if found.states[name]]
        lines += [f"    {one['url']}\n      {one['state']}: {one['why']}" for one in self.not_held]
        if found.ids is not None and found.ids.unseen:
            lines.append(f"  of its numbers {found.ids.lowest:,} to {found.ids.highest:,} it lists {found.ids.unseen:,} nowhere: nothing is said of them")  # fmt: skip
        if not found.is_whole:
            lines.append("  its lists are not read to their end: there may be more")
        if head is not None:
            lines.append(f"head {head.number} of {head.size:,} entries, signed at {head.time}")
            lines.append(f"  root {head.root}")
            lines.append(f"  key  {head.key}")
        return lines


def certificate(conn: sqlite3.Connection, portal: Portal, head: Head | None, now: float) -> Certificate:
    """The certificate of a portal, from its rows of the ledger as they are now."""
    held, missing = [], []
    for row, state in judged(conn, portal.name):
        if state == "held":
            held.append({"url": row["url"], "article": row["article_id"]})
        elif state is not None:
            missing.append(_not_held(row, state))
    read = conn.execute(
        "SELECT max(visited_at) FROM page WHERE portal = ? AND state = 'listed'", (portal.name,)
    ).fetchone()[0]
    return Certificate(
        portal,
        local_time(now),
        local_time(read) if read else None,
        coverage(conn, portal.name),
        sorted(held, key=lambda one: one["url"]),
        sorted(missing, key=lambda one: (STATES.index(one["state"]), one["url"])),
        head,
    )


def _not_held(row: sqlite3.Row, state: str) -> dict[str, Any]:
    reason = reason_in(row)
    return {
        "url": row["url"],
        "state": state,
        "why": str(reason) if reason is not None else WHY[state],
        "named_by": WAYS.get(row["method"], "lists and links"),
        "named_at": local_time(row["found_at"]),
        "asked_at": local_time(row["visited_at"]) if row["visited_at"] else None,
    }
