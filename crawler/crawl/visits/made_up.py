"""Pages made up: a portal that answers every address with the same article, each with links to further ones.

Such a portal has no end, and each of its addresses looks like news. What gives it away is both at once: texts that are the
same but for their numbers, and addresses that nothing but these pages names, more of them with each page. Notices that
look alike, or bulletins in which only numbers differ, are named by lists, and name each other: their addresses run out.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass, field

from archive.model import Article
from crawler.ledger.rows import Found
from crawler.ledger.rows import Page as Row
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

MADE_UP_PAGES = 100
"""Articles of one text, found on each other alone, before what only they name is left."""

GROWTH = 5.0
"""Further articles, new to the crawl, that each of them names on average. Bulletins that link the ten before them name one."""

TEXTS = 2_000
"""Texts of each portal that are remembered, the last ones seen."""

_NUMBER = re.compile(r"\d+")


@dataclass(slots=True)
class _Group:
    """Articles of one text: where they are, how many were found on one another, and how many new ones those named."""

    urls: set[str] = field(default_factory=set)
    chained: int = 0
    named: int = 0
    is_made_up: bool = False


class MadeUp:
    """Tells the pages of one crawl that are made up."""

    def __init__(self) -> None:
        self._groups: dict[str, OrderedDict[bytes, _Group]] = {}
        self._made_up: dict[str, set[str]] = {}

    def note(self, row: Row, article: Article, found: list[Found]) -> None:
        """Note an article that was read for the first time, with what was found on its page."""
        groups = self._groups.setdefault(row.portal, OrderedDict())
        text = _NUMBER.sub("#", "\n".join(article.paragraphs))
        key = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
        group = groups.get(key)
        if group is None:
            groups[key] = group = _Group()
            if len(groups) > TEXTS:
                groups.popitem(last=False)
        groups.move_to_end(key)
        if row.found_on in group.urls:  # else a list, a feed or another article vouches for it
            group.chained += 1
            group.named += sum(entry.role == "article" and entry.skip is None for entry in found)
        group.urls.add(row.url)
        if group.chained >= MADE_UP_PAGES and group.named >= GROWTH * group.chained:
            group.is_made_up = True
        if group.is_made_up:
            self._made_up.setdefault(row.portal, set()).update(group.urls)

    def leave_out(self, row: Row) -> Reason | None:
        """Why an article that waits is not asked for: pages that are made up are all that names it."""
        if row.was != "new" or row.role != "article" or row.found_on not in self._made_up.get(row.portal, ()):
            return None
        return Reason(Code.TRAP_MADE_UP, pages=MADE_UP_PAGES)
