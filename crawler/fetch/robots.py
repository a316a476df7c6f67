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

import codecs
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from crawler.addresses.urls import absolute
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_INVISIBLE = re.compile("[\ufeff\u200b\u200e\u200f\u2060\0]")
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
    target = absolute(url, location)
    if target is None or target == url or urlsplit(url).hostname != urlsplit(target).hostname:
        return None
    return target


def rules_of(status: int, body: bytes, content_type: str | None) -> tuple[str | None, Reason]:
    """The text of the rules, ``None`` when robots.txt is unreachable, and what was found."""
    if status >= 500 or status == 429:
        return None, Reason(Code.ROBOTS_ANSWERS, status=status)
    if status >= 400:
        return "", Reason(Code.NO_ROBOTS, status=status)
    if status != 200:
        return "", Reason(Code.ROBOTS_ANSWERS, status=status)
    text = text_of(body)
    head = text[:1024].lstrip().lower()
    if head.startswith(("<!doctype", "<html", "<?xml")) or ("<body" in head or "<head" in head):
        return "", Reason(Code.ROBOTS_IS_A_PAGE)
    return text, Reason(Code.ROBOTS_READ)


def text_of(body: bytes) -> str:
    """The rules as text: UTF-8 or, with a byte-order mark or zero bytes that betray it, UTF-16; every line end a newline.

    A mark, a blank that does not break, a zero-width character before ``User-agent`` would hide the first group.
    """
    body = body[:MAX_BYTES]
    encoding = "utf-8"
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16-le" if body.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    elif b"\0" in body[:200]:
        encoding = "utf-16-le" if body[1:2] == b"\0" else "utf-16-be"
    text = _INVISIBLE.sub("", body.decode(encoding, "replace")).replace("\xa0", " ")
    return re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
