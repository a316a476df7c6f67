"""Answers that lead on: where a redirect goes, and when it is followed no further."""

from __future__ import annotations

import time

from crawler.addresses.urls import absolute, canonical
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.found_links import LinkFinder
from crawler.crawl.visits.outcomes import Endings
from crawler.discovery.links import judge
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

REDIRECTS = (301, 302, 303, 307, 308)
MAX_SAME_PAGE_REDIRECTS = 5
MAX_REDIRECTS = 20  # one leading to the next; browsers give up there too


class Redirects:
    """Follows redirects as pages of their own."""

    def __init__(self, crawl: Crawl, links: LinkFinder, endings: Endings) -> None:
        self.crawl, self.links, self.endings = crawl, links, endings
        self._hops: dict[bytes, int] = {}
        """How many redirects in a row led to a page, while it waits."""
        self._sources: dict[bytes, list[str]] = {}
        """The addresses that redirect to a page, while it waits: where that is a file, articles name those."""

    def led_to(self, key: bytes) -> list[str]:
        """The addresses whose redirects led to a page."""
        return self._sources.pop(key, [])

    def follow(self, visit: Visit, how: str, location: str | None) -> None:
        """Say what becomes of a page that redirects to ``location``; ``how``: its status, or that its markup does."""
        row = visit.page
        target = absolute(row.url, location or "")
        if target is None:
            self.endings.skip(visit, Reason(Code.REDIRECTS_NOWHERE, how=how), "moved")
        elif not self.links.inside[row.portal](target):
            self._leads_out(visit, target)
        elif judge(target, self.links.family_of(row), "redirect").key == row.key:
            self._same_page_elsewhere(visit, target)
        elif row.article_id is not None and canonical(target) == canonical(self.crawl.portals[row.portal].url):
            visit.ack.reason = Reason(Code.REDIRECTS_HOME).noting(Code.NO_PROOF)
            self.endings.not_gone(visit, "home page")
        else:
            self._on(visit, target)

    def _on(self, visit: Visit, target: str) -> None:
        """Follow a redirect as a page of its own, unless it is one of a chain that has no end."""
        row = visit.page
        found = self.links.named(visit, [target], "redirect", row.role)
        hops = self._hops.pop(row.key, 0) + 1
        if hops > MAX_REDIRECTS:
            self.endings.fail(visit, Reason(Code.MANY_REDIRECTS, most=MAX_REDIRECTS, target=target))
            return
        sources = [row.url, *self.led_to(row.key)]
        visit.file_aliases += [(url, target) for url in sources]  # where the target is kept as a file already
        for entry in found:
            self._sources.setdefault(entry.key, []).extend(sources)
        self._hops.update((entry.key, hops) for entry in found)
        visit.found += found
        self.endings.skip(visit, Reason(Code.REDIRECTS, target=target), "moved")

    def _leads_out(self, visit: Visit, target: str) -> None:
        if visit.page.role == "home":
            self.endings.fail(visit, Reason(Code.PORTAL_REDIRECTS, target=target))
        else:
            self.endings.skip(visit, Reason(Code.REDIRECTS_OUT, target=target), "moved")

    def _same_page_elsewhere(self, visit: Visit, target: str) -> None:
        tries = visit.page.tries + 1
        if tries > MAX_SAME_PAGE_REDIRECTS or target == visit.page.url:
            self.endings.fail(visit, Reason(Code.REDIRECTS_IN_A_CIRCLE, target=target))
            return
        visit.ack.reason, visit.ack.url = Reason(Code.REDIRECTS, target=target), target
        visit.ack.tries, visit.ack.due = tries, time.time()
