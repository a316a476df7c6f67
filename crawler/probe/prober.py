"""Look at an unknown portal: fetch a handful of pages politely, and say what it is, as an entry for ``tinhuyen.toml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from crawler.addresses.scope import portal_name, portal_scope
from crawler.addresses.urls import absolute, canonical, origin
from crawler.cms.family import Family
from crawler.cms.recognise import FAMILIES, identify, recognise
from crawler.discovery.feed import FeedEntry, parse_feed
from crawler.discovery.forms.pagers import pagers_by_form
from crawler.discovery.forward import frames_of, is_thin, leads_on
from crawler.discovery.links import feeds_of, page_links
from crawler.discovery.pager import Pager, pager_of
from crawler.discovery.portal_title import portal_title
from crawler.discovery.sections import Section, sections_of
from crawler.discovery.sitemap import parse_sitemap
from crawler.extract import Reading, read
from crawler.page.metadata import read_metadata
from crawler.page.page import Page
from crawler.portals.unit_of_portal import unit_of
from crawler.probe.asker import Answer, Asker

SECTION_PAGES, SAMPLES, WORDS = 10, 3, 30
"""Sections whose first page is fetched, articles read as samples, words of each that are shown."""

MAX_FORWARDS, MAX_SIGNPOST, FRAMES = 3, 100_000, 3
"""Pages in a row that only lead on; bytes above which a page is none of them; frames looked at."""


@dataclass(slots=True)
class Sample:
    """One article as it is read: what a person looks at to see whether the portal is read well."""

    url: str
    title: str | None
    published: str | None
    byline: str | None
    words: str
    extractor: str
    section: str | None = None


@dataclass(slots=True)
class Feed:
    """A feed that was read: how many entries it has, ``None`` when it was not asked for."""

    url: str
    entries: int | None = None


@dataclass(slots=True)
class Place:
    """A section of the portal: how many pages its pager names (``None``: none, or the section was not looked at)."""

    section: Section
    pages: int | None = None
    note: str | None = None


@dataclass(slots=True)
class Probe:
    """What was seen of a portal. ``reached`` is false when no page of it could be read; ``notes`` then say why."""

    name: str
    url: str
    reached: bool = False
    family: str = "general"
    family_title: str = "unknown"
    why: str = ""
    title: str | None = None
    unit: str | None = None
    language: str | None = None
    places: list[Place] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)
    sitemaps: list[Feed] = field(default_factory=list)
    pager: Pager = field(default_factory=lambda: Pager("none"))
    leads_on: str | None = None
    """Where a home page that only leads on does lead."""
    robots: str = "not asked"
    tls: str = "none"
    samples: list[Sample] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    requests: int = 0

    @property
    def sections(self) -> list[Place]:
        """The sections that hold news."""
        return [place for place in self.places if place.section.kind == "news"]

    def as_dict(self) -> dict[str, Any]:
        """Everything, ready for JSON or TOML; what is absent is ``None`` or empty."""
        others = [place for place in self.places if place.section.kind in ("law_list", "qa", "media")]
        return {
            "name": self.name,
            "url": self.url,
            "reached": self.reached,
            "leads_on": self.leads_on,
            "title": self.title,
            "family": self.family,
            "family_title": self.family_title,
            "family_why": self.why,
            "unit": self.unit,
            "language": self.language,
            "feeds": [{"url": feed.url, "entries": feed.entries} for feed in self.feeds],
            "sitemaps": [{"url": feed.url, "pages": feed.entries} for feed in self.sitemaps],
            "pagination": self.pager.kind,
            "pagination_key": self.pager.key,
            "pagination_step": self.pager.step if self.pager.kind == "offset" else None,
            "pagination_why": self.pager.why,
            "robots": self.robots,
            "tls": self.tls,
            "sections": [{"name": p.section.name, "url": p.section.url, "pages": p.pages, "note": p.note} for p in self.sections],
            "not_captured": [{"name": p.section.name, "url": p.section.url, "kind": p.section.kind} for p in others],
            "samples": [
                {"url": s.url, "title": s.title, "published": s.published, "byline": s.byline, "section": s.section, "words": s.words, "extractor": s.extractor}
                for s in self.samples
            ],
            "notes": self.notes,
            "requests": self.requests,
        }  # fmt: skip


class Prober:
    """Probes one portal with one :class:`Asker`."""

    def __init__(self, url: str, asker: Asker) -> None:
        self.asker = asker
        self.found = Probe(portal_name(url), url)
        self.inside = portal_scope(url)
        self.home: Page | None = None
        self.families: Counter[str] = Counter()
        self.entries: list[FeedEntry] = []
        self.links: list[str] = []

    def glance(self) -> Probe:
        """What robots.txt and the home page tell: two requests."""
        self._home()
        self._sum_up()
        return self.found

    def probe(self) -> Probe:
        """The whole look: home page, feed, sitemap, the first pages of sections, sample articles."""
        self._home()
        if self.home is not None:
            self._feeds()
            self._sitemaps()
            self._sections()
            self._samples()
        self._sum_up()
        return self.found

    def _home(self) -> None:
        found = self.found
        found.unit = unit_of(urlsplit(found.url).hostname or "", None)
        answer = self._follow(found.url)
        found.robots = _robots_words(self.asker, answer.url)
        found.tls = self.asker.tls.get(origin(answer.url), "none")
        if not answer.is_page:
            found.notes.append(f"the home page could not be read: {answer.error or f'it answers {answer.status}'}")
            return
        if not self.inside(answer.url):
            found.notes.append(f"the portal redirects to {answer.url}: add that address if it is its new one")
            return
        page = Page.parse(answer.body, answer.url, content_type=answer.content_type)
        reading = read(page)
        if reading.kind in ("blocked", "broken", "empty", "error", "feed"):
            found.notes.append(f"the home page could not be read: {reading.reason}")
            return
        if reading.kind == "javascript":
            found.notes.append("the home page is filled by scripts: what they bring is not captured")
        found.reached, self.home = True, page
        recognised = identify(page)
        found.family, found.family_title, found.why = (
            recognised.family.name,
            recognised.family.title,
            recognised.evidence,
        )
        self._take_home(page, recognised.family)

    def _follow(self, url: str) -> Answer:
        """The answer of an address, going through pages that only lead on: by their markup, a script, or frames."""
        answer = self.asker.get(url)
        seen = {url, answer.url}
        for _ in range(MAX_FORWARDS):
            target = self._forward(answer)
            if target is None or target in seen:
                break
            seen.add(target)
            if not self.inside(target):
                self.found.notes.append(f"the home page leads on to {target}: add that address if it is its new one")
                break
            self.found.leads_on = target
            answer = self.asker.get(target)
        return answer

    def _forward(self, answer: Answer) -> str | None:
        """Where a page that only leads on leads, of a frame set the frame with most links; ``None`` for any other."""
        if not answer.is_page or len(answer.body) > MAX_SIGNPOST:
            return None
        page = Page.parse(answer.body, answer.url, content_type=answer.content_type)
        frames = [url for url in frames_of(page) if self.inside(url)] or (frames_of(page)[:1])
        if frames:
            return frames[0] if len(frames) == 1 else self._fullest(frames)
        forward = leads_on(page, answer.refresh) if is_thin(page) else None
        return forward.url if forward is not None else None

    def _fullest(self, frames: list[str]) -> str:
        """Of the first frames of a set the one that links most."""
        answers = [self.asker.get(url) for url in frames[:FRAMES]]
        return max(answers, key=lambda answer: answer.body.lower().count(b"<a ") if answer.is_page else -1).url

    def _take_home(self, page: Page, family: Family) -> None:
        found = self.found
        metadata = read_metadata(page)
        found.title = portal_title(page, metadata)
        found.unit = unit_of(urlsplit(found.url).hostname or "", found.title)
        found.language = metadata.language
        found.feeds = [Feed(url) for url in feeds_of(page, self.inside)]
        found.places = [Place(section) for section in sections_of(page, family, self.inside)]
        found.pager = pager_of(page, self.inside)
        self.links = [
            link.url for link in page_links(page, family, self.inside) if link.role == "article" and not link.skip
        ]

    def _page(self, url: str) -> tuple[Page, Reading] | None:
        answer = self.asker.get(url)
        if not answer.is_page or not self.inside(answer.url):
            return None
        page = Page.parse(answer.body, answer.url, content_type=answer.content_type)
        self.families[recognise(page).name] += 1
        return page, read(page)

    def _feeds(self) -> None:
        """The first feed announced is read; where none is, the software's usual address for it is tried."""
        found, guessed = self.found, not self.found.feeds
        family = next(family for family in FAMILIES if family.name == found.family)
        if guessed:
            found.feeds = [Feed(u) for path in family.feed_paths if (u := absolute(found.url, path))]
        for feed in list(found.feeds[:1]):
            answer = self.asker.get(feed.url)
            entries = parse_feed(answer.body, answer.content_type) if answer.is_page else []
            if entries:
                feed.entries = len(entries)
                self.entries += entries
            elif guessed:
                found.feeds.remove(feed)
            else:
                found.notes.append(
                    f"the feed {feed.url} gives nothing: {answer.error or f'status {answer.status}, no entries'}"
                )

    def _sitemaps(self) -> None:
        rules = self.asker.robots.get(origin(self.found.url), (None, ""))[0]
        named = [
            u for u in (absolute(self.found.url, s) for s in (rules.sitemaps if rules else [])) if u and self.inside(u)
        ]
        for url in named or [origin(self.found.url) + "/sitemap.xml"]:
            answer = self.asker.get(url) if len(self.found.sitemaps) < 2 else None
            sitemap = parse_sitemap(answer.body, answer.content_type) if answer is not None and answer.is_page else None
            if sitemap is not None and (sitemap.pages or sitemap.sitemaps):
                self.found.sitemaps.append(Feed(url, len(sitemap.pages) or None))
                self.found.sitemaps += [Feed(e.url) for e in sitemap.sitemaps if self.inside(e.url)][:50]
            elif named and answer is not None:
                self.found.notes.append(f"the sitemap {url} gives nothing")

    def _sections(self) -> None:
        """The first page of each section of news: its pager, and what it is."""
        found = self.found
        for place in found.sections[:SECTION_PAGES]:
            seen = self._page(place.section.url)
            if seen is None:
                place.note = "could not be read"
                continue
            page, reading = seen
            pager = pager_of(page, self.inside)
            if pager.kind != "none":
                place.pages = pager.pages
                found.pager = pager if found.pager.kind == "none" or pager.pages else found.pager
                if pager.kind == "postback":
                    place.note = _by_form(page, self.inside)
            elif reading.kind == "listing":
                place.pages = 1
            if reading.kind == "javascript":
                place.note = "filled by scripts: not captured"
            known = {canonical(p.section.url) for p in found.places}
            found.places += [
                Place(s) for s in sections_of(page, recognise(page), self.inside) if canonical(s.url) not in known
            ]
            links = page_links(page, recognise(page), self.inside)
            self.links += [link.url for link in links if link.role == "article" and not link.skip]

    def _samples(self) -> None:
        wanted = [url for entry in self.entries if (url := absolute(self.found.url, entry.url)) and self.inside(url)]
        tried = 0
        for url in dict.fromkeys([*wanted, *self.links]):
            if len(self.found.samples) >= SAMPLES or tried >= 2 * SAMPLES:
                return
            tried += 1
            seen = self._page(url)
            article = seen[1].article if seen is not None else None
            if article is None:
                continue
            words = " ".join(f"{article.lead or ''} {article.text}".split()[:WORDS])
            published = article.published.value if article.published else None
            self.found.samples.append(
                Sample(article.url, article.title, published, article.byline, words, article.extractor, article.section)
            )
            self.found.language = self.found.language or article.language

    def _sum_up(self) -> None:
        found = self.found
        found.requests = self.asker.requests
        if found.reached and found.family == "general" and self.families:
            name, times = self.families.most_common(1)[0]
            if name != "general" and times >= 2:
                family = next(family for family in FAMILIES if family.name == name)
                found.family, found.family_title = family.name, family.title
                found.why = "its home page shows no mark, but its other pages do"
        if found.reached and found.pager.kind == "none":
            family = next(family for family in FAMILIES if family.name == found.family)
            if family.pagination != "none":
                found.pager = Pager(family.pagination, why=f"as {family.title} does; no pager was seen")


def _by_form(page: Page, inside: Callable[[str], bool]) -> str:
    """How a list goes on whose pager sends a form."""
    pagers = [pager for pager in pagers_by_form(page, inside) if pager.problem is None]
    if not pagers:
        return "later pages come by a form that scripts send, and is not understood: only page 1 is captured"
    return f"later pages come by a form, which a crawl posts for each of them ({', '.join(p.name for p in pagers)})"


def _robots_words(asker: Asker, url: str) -> str:
    rules, note = asker.robots.get(origin(url), (None, None))
    delay = f", Crawl-delay {rules.crawl_delay:g} s" if rules is not None and rules.crawl_delay else ""
    home = ", forbids the home page" if rules is not None and not rules.allows(url) else ""
    return f"{note or 'not asked'}{delay}{home}"
