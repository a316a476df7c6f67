"""Roles of addresses: what each is expected to be before it is fetched, and which of them is fetched first."""

from __future__ import annotations

from typing import Literal, NamedTuple

from crawler.reasons.reason import Reason

Role = Literal["home", "feed", "sitemap", "article", "listing", "page", "file", "requisite"]
"""What a URL is expected to be, by what is known before it is fetched. ``page`` is: not known."""

PRIORITY: dict[str, int] = {
    "home": 100,
    "sitemap": 90,
    "feed": 90,
    "article": 70,  # before lists: a crawl that ends early has kept news, not lists
    "listing": 60,
    "page": 50,
    "file": 20,
    "requisite": 10,
}

Promise = Literal["article", "listing", "skip"]
"""What the shape of an address promises."""


class LinkKind(NamedTuple):
    """What an address promises: an article, a list of them, or something not worth fetching, and why."""

    kind: Promise
    reason: Reason
