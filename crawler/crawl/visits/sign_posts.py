"""Pages that only lead on: client-side redirects, frame sets, pages of links alone."""

from __future__ import annotations

from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.found_links import LinkFinder
from crawler.crawl.visits.outcomes import Look, listed
from crawler.crawl.visits.redirects import Redirects
from crawler.discovery.forward import frames_of, inner_pages, is_thin, leads_on
from crawler.extract import Reading
from crawler.ledger.rows import Outcome
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_ROLES = ("page", "listing", "article", "feed")


class SignPosts:
    """Follows pages that lead on by what they hold, as :class:`Redirects` does those that do by their status."""

    def __init__(self, links: LinkFinder, redirects: Redirects) -> None:
        self.links, self.redirects = links, redirects

    def followed(self, visit: Visit, look: Look, page: Page, reading: Reading, refresh: bytes | None) -> Outcome | None:
        """What becomes of a page that only leads on, ``refresh`` being its header; ``None`` for one to be read itself."""
        frames = frames_of(page) or (inner_pages(page) if reading.kind == "empty" else [])
        inside = [url for url in frames if self.links.inside[look.row.portal](url)]
        kept = look.is_of_article  # what was an article does not become a list by one bad answer
        if inside and not kept:
            visit.found += self.links.named(visit, inside, "frame", "listing")
            return listed(look, Reason(Code.FRAME_SET, pages=" and ".join(inside)), "listing")
        forward = leads_on(page, refresh.decode("latin-1") if refresh else None)
        target = forward.url if forward is not None else None
        if target is None and (look.row.role == "home" or frames_of(page)):
            target = next(iter(frames), None)  # a name that shows another portal within itself
        if target is None or reading.kind == "blocked":
            return self._links_alone(visit, look, page, reading) if reading.kind == "empty" and not kept else None
        if is_thin(page):
            self.links.of_page(visit, page, reading)  # “bấm vào đây”, and what else it links
            return self.redirects.follow(visit, look, "in its markup", target)
        if forward is not None and forward.sure:  # a front page of its own, which browsers leave after a while
            visit.found += self.links.named(visit, [target], "refresh", "page")
        return None

    def _links_alone(self, visit: Visit, look: Look, page: Page, reading: Reading) -> Outcome | None:
        """Take a page without words for a list where it links into the portal: a picture to click at, a map, a few names."""
        self.links.of_page(visit, page, reading)
        if not any(found.skip is None and found.role in _ROLES for found in visit.found):
            return None
        return listed(look, Reason(Code.LINKS_ALONE), "listing")
