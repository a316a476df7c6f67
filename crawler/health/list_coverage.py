"""What a portal lists against what is held of it: by its feeds, its sitemap, its lists and the numbers of its articles.

Read from the ledger alone, so it is exact for what was read so far; ``--survey`` has the portal's lists read first.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crawler.health.not_found import NotFound, not_found
from crawler.ledger.forms import is_refused
from crawler.reasons.codes import LEFT_OUT, Code
from crawler.reasons.reason import Reason, reason_of

STATES = ("held", "missing", "failing", "gone before us", "closed to us")
"""What became of an article the portal lists: kept (removed there since or not); not fetched yet; failing; already 404
when we came; forbidden by robots.txt or left out by settings."""

WAYS = {
    "feed": "feeds",
    "page head": "feeds",
    "sitemap": "sitemap",
    "robots": "sitemap",
    "guess": "sitemap",
    "link": "lists and links",
    "seed": "lists and links",
    "redirect": "lists and links",
}
_CLOSED = LEFT_OUT | {Code.ROBOTS_FORBIDS}
_ID = re.compile(r"(?<![\w.])(\d{1,9})(?=-|\.html?$|/?$|&)|(?<=-)(\d{1,9})(?=\.html?$|/?$)|(?<=id=)(\d{1,9})")
ID_SHARE, ID_LEAST = 0.8, 10


@dataclass(slots=True)
class Ids:
    """Numbers the portal gives its articles: the lowest and highest seen, how many between them nobody lists."""

    form: str
    lowest: int
    highest: int
    known: int

    @property
    def unseen(self) -> int:
        return self.highest - self.lowest + 1 - self.known


@dataclass(slots=True)
class Coverage:
    """Counts of articles. ``by_way`` counts each under the way it was first found; ``maybe`` are pages not looked at
    yet that may be articles, ``lists_waiting`` list pages not read yet, which may name more."""

    portal: str
    states: Counter[str] = field(default_factory=Counter)
    removed: int = 0
    """Of those held, how many answered 404 on every check over two weeks."""
    not_found: NotFound | None = None
    """Of those held, the ones that their last look did not find."""
    by_way: dict[str, Counter[str]] = field(default_factory=dict)
    maybe: int = 0
    lists_read: int = 0
    lists_waiting: int = 0
    lists_failed: int = 0
    lists_by_form: int = 0
    """Of those read, how many came by posting the form of their list."""
    ids: Ids | None = None

    @property
    def listed(self) -> int:
        """Every article the portal is known to name."""
        return sum(self.states.values())

    @property
    def is_whole(self) -> bool:
        """Whether all that may list or be an article was looked at."""
        return not (self.maybe or self.lists_waiting or self.lists_failed) and self.lists_read > 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "portal": self.portal,
            "listed": self.listed,
            **{name.replace(" ", "_"): self.states[name] for name in STATES},
            "removed_since": self.removed,
            "not_found": self.not_found.as_dict() if self.not_found else None,
            "whole": self.is_whole,
            "may_be_articles": self.maybe,
            "lists": {
                "read": self.lists_read,
                "waiting": self.lists_waiting,
                "failed": self.lists_failed,
                "by_form": self.lists_by_form,
            },
            "by_way": {way: {"listed": sum(n.values()), "held": n["held"]} for way, n in sorted(self.by_way.items())},
            "ids": None
            if self.ids is None
            else {
                "form": self.ids.form,
                "lowest": self.ids.lowest,
                "highest": self.ids.highest,
                "known": self.ids.known,
                "unseen": self.ids.unseen,
            },
        }

    def lines(self) -> list[str]:
        if not self.lists_read and not self.listed:
            return [f"{self.portal}: nothing of it was read yet. Look with  tinhuyen coverage {self.portal} --survey"]
        about = "" if self.is_whole else "at least "
        lines = [f"{self.portal}: {self.states['held']:,} held of {about}{self.listed:,} articles it lists"]
        notes = {
            "held": f": {self.not_found}" if self.not_found else "",
            "missing": ": named and not fetched yet; the next crawl goes on",
            "failing": f": tinhuyen status --failed tells why; tinhuyen retry {self.portal}",
            "gone before us": ": listed, and already missing (404) when we came",
            "closed to us": ": forbidden by robots.txt, or left out by the settings",
        }
        lines += [f"  {name:15} {self.states[name]:7,}{notes[name] if self.states[name] else ''}" for name in STATES]
        lines += [
            f"  by {way:12} {sum(n.values()):7,} listed, {n['held']:,} held" for way, n in sorted(self.by_way.items())
        ]
        if self.ids is not None:
            ids = self.ids
            lines.append(
                f"  by number       {ids.known:7,} of {ids.form} from {ids.lowest:,} to {ids.highest:,}; "
                f"{ids.unseen:,} between them are listed nowhere"
            )
        if self.lists_by_form:
            lines.append(
                f"  by form         {self.lists_by_form:7,} list page{'' if self.lists_by_form == 1 else 's'}, which only a form leads to"
            )
        if not self.is_whole:
            parts = [
                f"{n:,} {what}"
                for n, what in (
                    (self.lists_waiting, "list pages not read yet"),
                    (self.lists_failed, "list pages that failed"),
                    (self.maybe, "pages not looked at yet that may be articles"),
                )
                if n
            ]
            lines.append(f"  not all is known: {', '.join(parts) or 'no list was read'}")
        return lines


def coverage(conn: sqlite3.Connection, portal: str) -> Coverage:
    """The coverage of a portal, from its rows of the ledger."""
    found = Coverage(portal)
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    urls = []
    for row, state in judged(conn, portal):
        if state is not None:
            found.states[state] += 1
            found.removed += row["state"] == "gone"
            ways[WAYS.get(row["method"], "lists and links")][state] += 1
            urls.append(row["url"])
        else:
            _count_list(found, row)
    found.by_way = dict(ways)
    found.not_found = not_found(conn, [portal]).get(portal)
    found.ids = ids_of(urls)
    return found


def judged(conn: sqlite3.Connection, portal: str) -> Iterator[tuple[sqlite3.Row, str | None]]:
    """The rows of a portal's pages, each with what became of it if it is, or should be, an article."""
    rows = conn.execute(
        "SELECT url, role, state, reason, reason_code, reason_facts, method, article_id, kind, visited_at, tries, form,"
        " found_at, record_id FROM page WHERE portal = ? AND role NOT IN ('file', 'requisite')",
        (portal,),
    )
    for row in rows:
        yield row, _state(row)


def reason_in(row: sqlite3.Row) -> Reason | None:
    """Why a row is in its state."""
    return reason_of(row["reason_code"], row["reason_facts"], row["reason"])


def _state(row: sqlite3.Row) -> str | None:
    """What became of a row that is, or should be, an article; ``None`` for any other."""
    if row["article_id"] is not None:
        return "held"
    if row["role"] != "article":
        return None
    if row["state"] in ("new", "leased"):
        return "failing" if row["tries"] else "missing"
    if row["state"] == "failed":
        return "failing"
    if row["state"] == "skipped":
        reason = reason_in(row) or Reason(Code.NOT_SAID)
        if reason.facts.get("status") in (404, 410):
            return "gone before us"
        if reason.code in _CLOSED:
            return "closed to us"
    return None  # a trap, a redirect, or looked at and no article


def _count_list(found: Coverage, row: sqlite3.Row) -> None:
    waits = row["state"] in ("new", "leased") and row["visited_at"] is None
    if row["role"] == "page":
        found.maybe += waits
    elif row["role"] == "article":
        return
    elif waits:
        found.lists_waiting += 1
    elif row["state"] == "failed" or (row["form"] is not None and is_refused(row["state"], reason_in(row))):
        found.lists_failed += 1
    elif row["state"] == "listed":
        found.lists_read += 1
        found.lists_by_form += row["form"] is not None


def ids_of(urls: list[str]) -> Ids | None:
    """The numbering of article addresses: that of the commonest form, where most share one."""
    forms: dict[str, set[int]] = defaultdict(set)
    for url in urls:
        matches = list(_ID.finditer(url.split("://", 1)[-1].partition("/")[2]))
        if matches:
            match = matches[-1] if len(matches) == 1 else matches[0]
            path = match.string
            branch = re.sub(r"[^/?&=]*$", "", path[: match.start()])
            forms[f"/{re.sub(r'^.*/', '', branch.rstrip('/'))}/N" if branch else "N"].add(int(match.group()))
    if not forms:
        return None
    form, numbers = max(forms.items(), key=lambda pair: len(pair[1]))
    if len(numbers) < ID_LEAST or len(numbers) < ID_SHARE * len(urls):
        return None
    return Ids(form, min(numbers), max(numbers), len(numbers))
