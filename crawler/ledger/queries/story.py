"""The history of one URL in plain words, from its row in the ledger: what ``tinhuyen why URL`` prints."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from archive.ids import url_key
from archive.text.plurals import counted
from archive.text.vietnam_time import VIETNAM
from crawler.addresses.urls import absolute, canonical
from crawler.cms.recognise import FAMILIES

METHODS = {
    "seed": "it is the portal's own address",
    "feed": "a feed names it",
    "sitemap": "a sitemap names it",
    "robots": "robots.txt names it as a sitemap",
    "guess": "portals often have a sitemap there",
    "link": "a page links it",
    "form": "a list goes on there by a form that scripts send; the form is posted as they would",
    "page head": "a page announces it as its feed",
    "redirect": "a page redirects to it",
    "neighbour": "its number lies between those of known articles",
    "settings": "tinhuyen.toml names it",
    "attachment": "an article offers it as a file",
    "image": "an article shows it",
    "requisite": "a page needs it to be shown",
    "archive": "it is held: crawl.db was lost and made again from archive.db",
    "style": "a style sheet names it",
}

STATES = {
    "new": "Not fetched yet",
    "leased": "Being fetched by a crawl, or a crawl was killed meanwhile",
    "stored": "Kept as an article",
    "unchanged": "Kept as an article, unchanged at the last visit",
    "listed": "Read for its links",
    "file": "Kept as a file",
    "failed": "Failed",
    "skipped": "Skipped",
    "suspect": "Its article answers 404, which is not yet counted as removed",
    "gone": "Its article answers 404; the kept copy stays",
}


@dataclass(slots=True)
class Story:
    """A row of the ledger, told."""

    row: dict[str, Any]
    host: dict[str, Any] = field(default_factory=dict)
    """What is known of the page's host; empty when nothing of note."""
    looks: list[str] = field(default_factory=list)
    """What ``archive.db`` says of its article or file: when it was seen, in which versions, which looks did not find it."""
    versions: int = 0
    """Versions kept of its article; 0 when none is, or it was not looked up."""
    changed_at: str | None = None
    """When the newest of several versions was first seen (ISO 8601)."""

    def as_dict(self) -> dict[str, Any]:
        shown = {k: v for k, v in self.row.items() if k not in ("key", "epoch", "was")}
        shown["reason_facts"] = json.loads(shown["reason_facts"] or "{}")
        for name in ("found_at", "visited_at", "due", "suspect_since", "unseen_since"):
            shown[name] = "now" if name == "due" and (shown[name] or 0) < 0 else _time(shown[name])
        return shown | {"looks": [" ".join(line.split()) for line in self.looks]}

    def lines(self) -> list[str]:
        row = self.row
        if row["form"] is not None:
            return self._posted_lines()
        lines = [row["url"]]
        how = METHODS.get(row["method"], row["method"])
        where = f" ({row['found_on']})" if row["found_on"] else ""
        lines.append(f"  found     {_time(row['found_at'])}: {how}{where}; portal {row['portal']}")
        state, reason = STATES[row["state"]], row["reason"]
        if self.versions:
            lines.append(f"  state     {self._kept()}: /bai/{row['article_id']}")
        if not self.versions or row["state"] not in ("stored", "unchanged"):
            lines.append(f"  state     {state}: {reason}" if reason else f"  state     {state}.")
        if row["visited_at"]:
            status = f", answered {row['status']}" if row["status"] else ", no answer"
            status += ", unchanged" if row["state"] == "unchanged" else ""
            times = f"{row['visits']} visit{'s' if row['visits'] != 1 else ''}"
            lines.append(f"  visited   {_time(row['visited_at'])}{status}; {times}")
        if row["record_id"]:
            lines.append(f"  capture   {row['warc']}, record {row['record_id']}")
        if row["article_id"]:
            lines.append(f"  article   {row['article_id']}")
        lines += self.looks
        if row["due"] is not None:
            when = (
                "as soon as its turn comes" if row["due"] < 0 else f"{_time(row['due'])}, or the first crawl after it"
            )
            lines.append(f"  next      {when}")
        elif row["state"] not in ("new", "leased"):
            lines.append("  next      not by itself; tinhuyen retry URL asks for it again")
        if self.host.get("why"):
            lines.append(f"  host      left alone until {_time(self.host['not_before'])}: {self.host['why']}")
        if self.host.get("tls") in ("unverified", "legacy") and row["url"].startswith("https:"):
            why = f" ({self.host['tls_why']})" if self.host.get("tls_why") else ""
            lines.append(f"  host      its TLS is {self.host['tls']}{why}: reached all the same, recorded as insecure")
        return lines

    def _kept(self) -> str:
        """How the article of the page is kept: ``Kept as an article, 2 versions (changed 2026-11-28 18:48)``."""
        kept = STATES["stored"]
        if self.versions == 1 or self.changed_at is None:
            return kept
        changed = datetime.fromisoformat(self.changed_at).astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")
        return f"{kept}, {counted(self.versions, 'version')} (changed {changed})"

    def _posted_lines(self) -> list[str]:
        """A page of a list, of which there are many at one address: told in two lines."""
        row = self.row
        answered = f", answered {row['status']}" if row["status"] else ", no answer"
        when = f" {_time(row['visited_at'])}{answered}." if row["visited_at"] else ""
        what = f"{STATES[row['state']]}: {row['reason']}" if row["reason"] else STATES[row["state"]]
        kept = f" Capture: {row['warc']}, record {row['record_id']}." if row["record_id"] else ""
        waits = (
            " Its turn comes by itself."
            if row["due"] is not None
            else " It is posted for again when the first page of the list gives out its form."
        )
        return [
            f"{row['url']} — {row['form']}, the form of {row['found_on']}, posted as the scripts of the page would",
            f"  {what}.{when}{kept}{waits}",
        ]


def stories_named(conn: sqlite3.Connection, text: str) -> list[Story]:
    """The rows of an address as a person writes it, with or without its scheme."""
    if "://" in text:
        return stories_of(conn, text)
    return stories_of(conn, f"http://{text}") or stories_of(conn, f"https://{text}")


def stories_containing(conn: sqlite3.Connection, part: str, most: int) -> tuple[list[Story], int]:
    """Up to ``most`` rows whose address contains ``part``, articles first, and how many more there are.

    A part is compared without regard to case, as it is written and percent-encoded.
    """
    part = part.strip()
    forms = {part.lower(), quote(part, safe="/:?&=%#.-_~+,;@!$'()*[]").lower()} - {""}
    if not forms:
        return [], 0
    which = " OR ".join("instr(lower(url), ?) > 0" for _ in forms)
    total = conn.execute(f"SELECT count(*) FROM page WHERE {which}", (*forms,)).fetchone()[0]
    rows = conn.execute(
        f"SELECT * FROM page WHERE {which} ORDER BY article_id IS NULL, state = 'skipped', length(url), url LIMIT ?",
        (*forms, most),
    ).fetchall()
    return [Story(dict(row), _host(conn, row["origin"])) for row in rows], total - len(rows)


def stories_of(conn: sqlite3.Connection, url: str) -> list[Story]:
    """The rows of a URL: written just so, or by its canonical form, the general one or that of a CMS family (an article
    has many addresses there). Empty when it was never discovered."""
    address = absolute(url, url)
    if address is None:
        return []
    forms = {canonical(address), *(family.canonical(address) or "" for family in FAMILIES)} - {""}
    keys = [url_key(form) for form in forms]
    rows = conn.execute(
        f"SELECT * FROM page WHERE key IN ({', '.join('?' * len(keys))}) OR url IN (?, ?)"
        " ORDER BY form IS NOT NULL, found_at",
        (*keys, address, url),
    ).fetchall()
    # pages of one list by their number, as they were found: a form is given out in that order
    return [Story(dict(row), _host(conn, row["origin"])) for row in rows]


def note_versions(archive: sqlite3.Connection, stories: Iterable[Story]) -> None:
    """Complete stories by what ``archive.db`` keeps of their articles."""
    for story in stories:
        row = archive.execute(
            "SELECT revisions, version_seen FROM article WHERE id = ?", (story.row["article_id"],)
        ).fetchone()
        if row is not None:
            story.versions, story.changed_at = row[0] + 1, row[1]


def _host(conn: sqlite3.Connection, origin: str) -> dict[str, Any]:
    row = conn.execute(
        "SELECT tls, tls_why, not_before, CASE WHEN not_before > unixepoch() THEN why END AS why FROM host WHERE origin = ?",
        (origin,),
    ).fetchone()
    return dict(row) if row else {}


def _time(unix: float | None) -> str | None:
    return None if unix is None else datetime.fromtimestamp(unix, VIETNAM).strftime("%Y-%m-%d %H:%M:%S +07:00")
