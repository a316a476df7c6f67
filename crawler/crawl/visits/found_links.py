"""What was found on a page: rows for its links, its feeds, its files and what it needs to be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from archive.ids import url_key
from archive.model import Portal
from crawler.addresses.roles import Role
from crawler.addresses.scope import may_fetch_elsewhere, portal_scope
from crawler.addresses.traps import series, shape
from crawler.addresses.urls import canonical
from crawler.cms.family import Family
from crawler.cms.recognise import family_named
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.visit import Visit
from crawler.discovery.forward import inner_pages
from crawler.discovery.links import Link, feeds_of, is_about_feeds, judge, linked_feeds, page_links, requisites_of
from crawler.discovery.number_gaps import gaps
from crawler.extract import Reading
from crawler.ledger.rows import Found
from crawler.ledger.rows import Page as Row
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason, reason_of

FRUITLESS_PAGES = 20
"""Pages of one numbered series that bring nothing new before the series is left: an endless pager stops here."""


BARREN_PAGES = 40
"""Pages of one branch that are no articles and lead only deeper into it, with no article found from it meanwhile, before
the branch is left: whatever else grows for ever stops here."""

MAX_KNOWN = 200_000  # addresses remembered as found in this crawl, about 25 MB; the ledger knows them all


@lru_cache(maxsize=8192)  # styles, scripts and banners are the same on every page
def key_of(url: str) -> bytes:
    """The key of a file's row."""
    return url_key(canonical(url))


class LinkFinder:
    """Finds rows for the frontier during one crawl, and remembers which it has found already."""

    def __init__(self, crawl: Crawl) -> None:
        self.crawl = crawl
        self.inside = {name: portal_scope(portal.url) for name, portal in crawl.portals.items()}
        self._fruitless: Counter[tuple[str, str]] = Counter()
        self._barren: Counter[tuple[str, str]] = Counter()
        self._known: set[bytes] = set()

    def of_page(self, visit: Visit, page: Page, reading: Reading) -> None:
        """Add what a page links, announces and needs to ``visit.found``."""
        inside = self.inside[visit.page.portal]
        # announced feeds first: a page may link the same address, where it looks like one more view of a list
        announced = feeds_of(page, inside)
        visit.found += self.named(visit, announced, "page head", "feed")
        if (visit.page.role == "home" and not announced) or is_about_feeds(page):
            visit.found += self.named(visit, linked_feeds(page, inside), "link", "feed")
        links = page_links(page, reading.family, inside)
        if reading.article is None:
            links += [judge(url, reading.family, "frame") for url in inner_pages(page) if inside(url)]
        fresh = self._fresh(visit, links, visit.page.url)
        visit.found += fresh
        if reading.article is None and visit.page.role != "home":
            self._weigh(visit.page, fresh)
        needed: list[tuple[str, Role, str]] = [(url, "requisite", "requisite") for url in requisites_of(page)]
        visit.found += self.needed(visit, needed)

    def of_posted(self, visit: Visit, page: Page, links: list[Link]) -> bool:
        """Add what an answer to a list's form links and needs to ``visit.found``; whether any link to follow was new.

        What it links was found on the list, whose address tells more than that of the form.
        """
        fresh = self._fresh(visit, links, None)
        visit.found += fresh
        needed: list[tuple[str, Role, str]] = [(url, "requisite", "requisite") for url in requisites_of(page)]
        visit.found += self.needed(visit, needed)
        return any(found.skip is None for found in fresh)

    def _fresh(self, visit: Visit, links: list[Link], address: str | None) -> list[Found]:
        """The links of the page at ``address`` (``None``: of a posted page) not seen before in this crawl; those that only carry on a fruitless series are refused."""
        portal, depth = visit.page.portal, visit.page.depth + 1
        on = visit.page.url if address is not None else visit.page.found_on
        found = []
        for link in links:
            key = link.key
            if key in self._known:
                continue
            self._remember(key)
            rules = self.crawl.config.of(portal)
            skip = rules.leaves_out(link.url, link.skip)
            run = series(link.url)
            if skip is None and run and self._fruitless[portal, run] >= FRUITLESS_PAGES and not rules.asks(link.url):
                skip = Reason(Code.TRAP_SERIES)
            if skip is not None:
                self.crawl.run.tally.skipped[skip.group] += 1
            found.append(Found(link.url, key, portal, link.role, link.method, on, skip, depth))
        run = series(address) if address is not None else None
        if run is not None:
            # a pager alone is nothing new: what counts is a link that is no further page of the same series
            new = any(f.skip is None and series(f.url) != run for f in found)
            self._fruitless[portal, run] = 0 if new else self._fruitless[portal, run] + 1
        return found

    def seed(self, portal: Portal) -> None:
        """Rows for what the settings name: feeds, sections, and the gaps between numbers where they ask for those."""
        rules, inside = self.crawl.config.of(portal.name), self.inside[portal.name]
        seen = {known.name: known.family for known in self.crawl.store.portals()}
        family = family_named(portal.family or seen.get(portal.name))
        self._judge_again(portal.name, family)
        if not rules.seeds and not rules.neighbours:
            return
        found = []
        for url, role in rules.seeds:
            if inside(url):
                key = url_key(canonical(url) if role == "feed" else judge(url, family, "settings").canonical)
                found.append(Found(url, key, portal.name, role, "settings", depth=1))
        if rules.neighbours:
            found += self._neighbours(portal.name, family)
        self.crawl.ledger.add(found)

    def _judge_again(self, portal: str, family: Family) -> None:
        """Look again at what was left out by its address and never asked for: where the settings lift rules by now, and
        where it was a rule of an earlier version."""
        rules, frontier = self.crawl.config.of(portal), self.crawl.ledger
        lifting = bool(rules.include or rules.lift)
        left = frontier.conn.execute(
            "SELECT key, url, reason, reason_code, reason_facts FROM page WHERE portal = ? AND state = 'skipped'"
            " AND visited_at IS NULL AND form IS NULL AND (? OR (reason_facts IS NOT NULL AND EXISTS (SELECT 1"
            " FROM json_each(reason_facts, '$.notes') WHERE json_extract(value, '$[0]') = ?)))",
            (portal, lifting, Code.BY_OLDER_RULE),
        ).fetchall()
        verdicts: list[tuple[bytes, Reason | None]] = []
        for key, url, sentence, code, facts in left:
            reason = reason_of(code, facts, sentence) or Reason(Code.NOT_SAID)
            own = reason.without(Code.BY_OLDER_RULE)
            skip = judge(url, family, "link").skip if reason.has(Code.BY_OLDER_RULE) else own
            skip = rules.leaves_out(url, skip) if self.inside[portal](url) else own
            if skip != reason:
                verdicts.append((key, skip))
        frontier.judge_again(verdicts)

    def _neighbours(self, portal: str, family: Family) -> list[Found]:
        """Gaps are looked for once nothing else waits: what a list names is asked for under the address it has there.

        The key is one of their own, so that a number which answers nothing today may be found by a link tomorrow.
        """
        conn = self.crawl.ledger.conn
        waiting = conn.execute("SELECT 1 FROM page WHERE portal = ? AND state = 'new' LIMIT 1", (portal,)).fetchone()
        if waiting is not None:
            return []
        rows = conn.execute("SELECT url, state FROM page WHERE portal = ?", (portal,)).fetchall()
        kept = [url for url, state in rows if state in ("stored", "unchanged", "suspect", "gone")]
        known = {family.canonical(url) or url for url, _ in rows}
        return [
            Found(url, url_key(f"{canonical(url)}#neighbour"), portal, "article", "neighbour", depth=1)
            for url in gaps(family, kept, known)
        ]

    def credit(self, row: Row) -> None:
        """A new article was found by way of the page that named it: its branch is worth following."""
        if row.found_on:
            self._barren[row.portal, shape(row.found_on)] = 0

    def is_lifted(self, row: Row) -> bool:
        """Whether a page is asked for only because the settings lift a rule: what it is, its address does not say then."""
        if not self.crawl.config.of(row.portal).lifts(row.url):
            return False
        return judge(row.url, self.family_of(row), "link").skip is not None

    def leave_out(self, row: Row) -> Reason | None:
        """Why a page that waits is not asked for after all: its branch turned out endless. Articles always are."""
        if row.was != "new" or row.role not in ("page", "listing"):
            return None
        branch = shape(row.url)
        if self._barren[row.portal, branch] < BARREN_PAGES or self.crawl.config.of(row.portal).asks(row.url):
            return None
        return Reason(Code.TRAP_BRANCH, pages=BARREN_PAGES, branch=branch)

    def _weigh(self, row: Row, fresh: list[Found]) -> None:
        """Count a page that brought nothing but further addresses of its own branch."""
        followed = [found for found in fresh if found.skip is None]
        branch = shape(row.url)
        if any(found.role in ("article", "file") for found in followed):
            self._barren[row.portal, branch] = 0
        elif followed and all(shape(found.url) == branch for found in followed):
            self._barren[row.portal, branch] += 1

    def named(self, visit: Visit, urls: Iterable[str], method: str, role: Role) -> list[Found]:
        """Rows for URLs a feed, a sitemap or a redirect names; what lies outside the portal is not its own."""
        inside, family = self.inside[visit.page.portal], self.family_of(visit.page)
        found = []
        for url in urls:
            if not inside(url):
                continue
            link = judge(url, family, method)
            role_ = role if role in ("feed", "sitemap", "home") or link.role == "page" else link.role
            key = url_key(canonical(url)) if role in ("feed", "sitemap") else link.key
            skip = self.crawl.config.of(visit.page.portal).leaves_out(url, link.skip)
            if role in ("feed", "sitemap") or (role == "home" and method == "redirect"):
                skip = None  # where a home page leads is the portal, whatever the address looks like
            if method == "redirect" and skip is None:
                self._remember(key)
            url = url if method == "redirect" else link.url
            found.append(Found(url, key, visit.page.portal, role_, method, visit.page.url, skip, visit.page.depth + 1))
        return found

    def needed(self, visit: Visit, wanted: Iterable[tuple[str, Role, str]]) -> list[Found]:
        """Rows for files and requisites, which may lie on another host of the state; elsewhere they say why not."""
        inside = self.inside[visit.page.portal]
        found = []
        for url, role, method in wanted:
            key = key_of(url)
            if key in self._known:
                continue
            self._remember(key)
            skip = None if inside(url) or may_fetch_elsewhere(url) else Reason(Code.OUTSIDE_HOST)
            skip = skip or self.crawl.config.of(visit.page.portal).excludes(url)
            found.append(Found(url, key, visit.page.portal, role, method, visit.page.url, skip, visit.page.depth + 1))
        return found

    def _remember(self, key: bytes) -> None:
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known.add(key)

    def family_of(self, row: Row) -> Family:
        """The family the row's portal was last recognised as."""
        return family_named(self.crawl.portals[row.portal].family)
