"""Answers that lead on: where a redirect goes, and when it is followed no further."""

from __future__ import annotations

from crawler.addresses.urls import absolute, canonical
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.found_links import LinkFinder
from crawler.crawl.visits.outcomes import Look, failed, goes_elsewhere, not_gone, skipped
from crawler.discovery.links import judge
from crawler.ledger.rows import Outcome
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

REDIRECTS = (301, 302, 303, 307, 308)
MAX_SAME_PAGE_REDIRECTS = 5
MAX_REDIRECTS = 20  # one leading to the next; browsers give up there too


class Redirects:
    """Follows redirects as pages of their own."""

    def __init__(self, crawl: Crawl, links: LinkFinder) -> None:
        self.crawl, self.links = crawl, links
        self._hops: dict[bytes, int] = {}
        """How many redirects in a row led to a page, while it waits."""
        self._sources: dict[bytes, list[str]] = {}
        """The addresses that redirect to a page, while it waits: where that is a file, articles name those."""

    def led_to(self, key: bytes) -> list[str]:
        """The addresses whose redirects led to a page."""
        return self._sources.pop(key, [])

    def follow(self, visit: Visit, look: Look, how: str, location: str | None) -> Outcome:
        """What becomes of a page that redirects to ``location``; ``how``: its status, or that its markup does."""
        row = look.row
        target = absolute(row.url, location or "")
        if target is None:
            return skipped(look, Reason(Code.REDIRECTS_NOWHERE, how=how), "moved")
        if not self.links.inside[row.portal](target):
            return leads_out(look, target)
        if judge(target, self.links.family_of(row), "redirect").key == row.key:
            return same_page_elsewhere(look, target)
        if row.article_id is not None and canonical(target) == canonical(self.crawl.portals[row.portal].url):
            return not_gone(look, Reason(Code.REDIRECTS_HOME).noting(Code.NO_PROOF), "home page")
        return self._on(visit, look, target)

    def _on(self, visit: Visit, look: Look, target: str) -> Outcome:
        """Follow a redirect as a page of its own, unless it is one of a chain that has no end."""
        row = look.row
        found = self.links.named(visit, [target], "redirect", row.role)
        hops = self._hops.pop(row.key, 0) + 1
        if hops > MAX_REDIRECTS:
            return failed(look, Reason(Code.MANY_REDIRECTS, most=MAX_REDIRECTS, target=target))
        sources = [row.url, *self.led_to(row.key)]
        visit.file_aliases += [(url, target) for url in sources]  # where the target is kept as a file already
        for entry in found:
            self._sources.setdefault(entry.key, []).extend(sources)
        self._hops.update((entry.key, hops) for entry in found)
        visit.found += found
        return skipped(look, Reason(Code.REDIRECTS, target=target), "moved")


def leads_out(look: Look, target: str) -> Outcome:
    """A redirect to another site: a portal whose home page does that has moved."""
    if look.row.role == "home":
        return failed(look, Reason(Code.PORTAL_REDIRECTS, target=target))
    return skipped(look, Reason(Code.REDIRECTS_OUT, target=target), "moved")


def same_page_elsewhere(look: Look, target: str) -> Outcome:
    """A redirect to another address of the same page, unless it goes in a circle."""
    if look.row.tries + 1 > MAX_SAME_PAGE_REDIRECTS or target == look.row.url:
        return failed(look, Reason(Code.REDIRECTS_IN_A_CIRCLE, target=target))
    return goes_elsewhere(look, Reason(Code.REDIRECTS, target=target), target)
