"""Fingerprints: by which words of its markup a page is told to be some software's, all of them in two passes.

Most marks of software stand in the head or at the very end of a page (styles, scripts, ``meta generator``); looking for
a word there takes a microsecond or two. Those that stand anywhere are asked for together, by one list of selectors;
only where it matches is each looked for. A selector confirms a word that was found, to tell a site's own asset from an
article that mentions one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from crawler.page.page import Page

EDGE = 12_000
"""Characters of the head, and a third as many of the end, in which assets and inline scripts are looked for."""

_GENERATOR = re.compile(r"<meta\b[^<>]*?\b(?:name|id)\s*=\s*[\"']?(?:meta)?generator\b[^>]*>", re.I)
_CONTENT = re.compile(r"\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)


class Mark(NamedTuple):
    """One fingerprint: ``text`` must occur as it stands, at the edges of the page or (``anywhere``) within it.

    ``css`` (a selector) or ``test`` (a function of the page) then confirms it; ``why`` is what ``probe`` prints.
    ``common`` marks are looked for before the others that stand anywhere.
    """

    text: str
    why: str
    css: str | None = None
    anywhere: bool = False
    test: Callable[[Page], bool] | None = None
    common: bool = False


def edges(page: Page) -> str:
    """The head of a page's markup and its end, where software leaves its marks."""
    return page.once(_edges)


def generators(page: Page) -> str:
    """The content of every ``meta generator`` in lower case, joined by `` | ``; empty without one."""
    return page.once(_generators)


def _edges(page: Page) -> str:
    text = page.text
    at = text.find("<body", 0, 60_000)
    if at < 0:
        at = text.find("<BODY", 0, 60_000)
    start = text[: at + 600 if 0 <= at < 2 * EDGE else EDGE + 600]
    if at >= 2 * EDGE:
        start += "\n" + text[at : at + 600]
    return start + "\n" + text[max(len(start), len(text) - EDGE // 3) :]


def _generators(page: Page) -> str:
    head = edges(page)
    if "enerator" not in head and "ENERATOR" not in head:
        return ""
    contents = (_CONTENT.search(match.group()) for match in _GENERATOR.finditer(head[: 2 * EDGE]))
    return " | ".join(next(filter(None, found.groups()), "").strip().lower() for found in contents if found)


def own_asset(part: str) -> Callable[[Page], bool]:
    """A test for marks: whether the page loads something of that address from its own host, not from another's."""

    def test(page: Page) -> bool:
        host = urlsplit(page.url).hostname
        for node in page.tree.css(f'img[src*="{part}"], script[src*="{part}"], link[href*="{part}"]'):
            address = node.attributes.get("src") or node.attributes.get("href") or ""
            if part in address and urlsplit(page.resolve(address) or "").hostname == host:
                return True
        return False

    return test


def found_mark(page: Page, marks: tuple[Mark, ...], bears_any: Callable[[Page], bool]) -> str | None:
    """The evidence of the first mark a page bears, ``None`` when it bears none.

    ``bears_any`` tells whether any software's mark that may stand anywhere is in the page: one question in place of many.
    """
    ends, text = edges(page), page.text
    for mark in marks:
        if mark.anywhere and mark.css and not mark.common and not page.once(bears_any):
            continue
        if mark.text not in (text if mark.anywhere else ends):
            continue
        if mark.css is not None and page.tree.css_first(mark.css) is None:
            continue
        if mark.test is None or mark.test(page):
            return mark.why
    return None
