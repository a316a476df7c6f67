"""Neighbours by number: articles that no list, feed or sitemap names any more, asked for by the gaps between known numbers.

Only for software that numbers its articles densely and shows one by its number alone; only where a portal's settings ask
for it (``neighbours = true``); at most :data:`MOST` a crawl, the newest gaps first.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from crawler.cms.family import Family

MOST = 100
"""Numbers tried in one crawl of a portal: under two minutes at one request a second."""
WIDEST = 50
"""A gap wider than this is no gap but another way of counting."""


def gaps(family: Family, urls: Iterable[str], known: set[str], most: int = MOST) -> Iterator[str]:
    """Addresses for the numbers that lie between those of ``urls`` and are not ``known`` (canonical addresses)."""
    numbered: dict[int, str] = {}
    for url in urls:
        number = family.number(url)
        if number is not None:
            numbered.setdefault(number, url)
    order, left = sorted(numbered, reverse=True), most
    for higher, lower in itertools.pairwise(order):
        if not 1 < higher - lower <= WIDEST:
            continue
        for number in range(higher - 1, lower, -1):
            address = family.numbered(numbered[higher], number)
            if address is None or family.canonical(address) in known:
                continue
            if not left:
                return
            left -= 1
            yield address
