"""robots.txt: what an answer means, and the rules it holds (RFC 9309).

| answer | policy |
|---|---|
| 200 and text | its rules |
| 200 and a page of HTML | no rules: the server answers every address with a page |
| 300-399 | followed up to five times within the host (http to https, another path); else no rules |
| 400-499 | no rules: the server has no robots.txt |
| 429, 500-599, time-out, no connection | unreachable: nothing of the host is fetched until it answers |
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from protego import Protego

MAX_BYTES = 500 * 1024  # RFC 9309 asks parsers to read at least this much
MAX_REDIRECTS = 5
MAX_CRAWL_DELAY = 60.0
"""Seconds. A larger Crawl-delay would take years for a portal; it is noted, and this is kept."""


@dataclass(slots=True)
class Robots:
    """The rules of one host for one user agent. ``text`` is what is stored; empty text allows everything."""

    text: str
    agent: str
    _rules: Protego | None = None

    @property
    def rules(self) -> Protego:
        if self._rules is None:
            self._rules = Protego.parse(self.text)
        return self._rules

    def allows(self, url: str) -> bool:
        return not self.text or self.rules.can_fetch(url, self.agent)

    @property
    def crawl_delay(self) -> float | None:
        """Seconds the host asks between two requests, capped at :data:`MAX_CRAWL_DELAY`."""
        delay = self.rules.crawl_delay(self.agent) if self.text else None
        return None if delay is None else min(float(delay), MAX_CRAWL_DELAY)

    @property
    def sitemaps(self) -> list[str]:
        return list(self.rules.sitemaps) if self.text else []


def moved_to(url: str, location: str | None, hops: int) -> str | None:
    """Where to look for a robots.txt that was moved (RFC 9309, 2.3.1.2); ``None`` where that is not followed.

    Another host is asked nothing in passing: it may not be one of ours, and somebody else may hold it just now.
    """
    if location is None or hops >= MAX_REDIRECTS:
        return None
    target = urljoin(url, location)
    here, there = urlsplit(url), urlsplit(target)
    same = here.hostname == there.hostname and there.scheme in ("http", "https")
    return target if same and target != url else None


def rules_of(status: int, body: bytes, content_type: str | None) -> tuple[str | None, str]:
    """The text of the rules, ``None`` when robots.txt is unreachable, and in words what was found."""
    if status >= 500 or status == 429:
        return None, f"robots.txt answers {status}"
    if status >= 400:
        return "", f"no robots.txt ({status})"
    if status != 200:
        return "", f"robots.txt answers {status}"
    head = body[:1024].lstrip().lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml")) or (b"<body" in head or b"<head" in head):
        return "", "robots.txt is a page of HTML: taken as none"
    return body[:MAX_BYTES].decode("utf-8", "replace"), "robots.txt read"
