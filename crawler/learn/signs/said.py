"""What pages say of one another: the names and days that lists, menus and feeds give to an address, and the order they put addresses in."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from lxml import etree

from archive.text.dates import parse_date
from archive.text.normalise import line
from crawler.discovery.feed import feed_entries
from crawler.discovery.lenient_xml import local_name, parse_xml, text_of
from crawler.extract.clean.attachments import is_document
from crawler.extract.dates.labelled_dates import labelled_dates
from crawler.learn.signs.page_outline import Anchor, Outline

_DATED = re.compile(r"\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{4}|\b(?:19|20)\d\d\b")
_MEDIA = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|bmp|mp[34]|avi|webm)(?:$|\?)", re.I)
_TAGS = re.compile(r"<[^<>]{0,2000}+>")
LONGEST_NAME = 300
LONGEST_LABEL = 60
CUT = "…"
MOST_LINES = 12
"""Lines that an entry of a list has at most."""
MOST_BESIDE = 70
"""Characters beside a day in the line of an entry that prints it: weekday, author, views."""
MOST_OF_ONE_NAME = 4
"""Addresses that may bear one name: "Thông báo" is the title of several articles."""
IN_A_MENU = 0.5
SHORTEST_TITLE = 25
"""Characters of a link from which on it is taken for a title; the names of sections are shorter."""


@lru_cache(maxsize=20_000)  # menus and lists say the same addresses on every page
def address_key(url: str) -> str:
    """One key for an address however it is written: no scheme, no ``www.``, no fragment, percent signs undone."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket out of place in the host
        return url
    host = parts.netloc.lower().removeprefix("www.")
    path = unquote(parts.path).rstrip("/") or "/"
    return host + path + ("?" + unquote(parts.query) if parts.query else "")


def is_home(key: str) -> bool:
    """Whether a key is that of a portal's home page."""
    return not key.partition("/")[2]


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """A text for comparison: no case, no quotes, one dash, one space."""
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    return re.sub(r"[\s\"'“”‘’«»…]+", " ", text.casefold().replace("...", " ")).strip()


@dataclass(slots=True)
class Said:
    """What was said of each address (by its key) on other pages."""

    names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    hints: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """What the title attributes of links without a text call it: asked where no text does."""
    days: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Days printed beside a link to it in lists, but for those that a label says to be of its modification."""
    edited: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Days of its modification, as their labels say, printed beside a link to it."""
    feed_days: dict[str, str] = field(default_factory=dict)
    feed_sections: dict[str, list[str]] = field(default_factory=dict)
    teasers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Texts that stand beside a link to it, and what feeds describe it by, folded."""
    linked_from: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    linked_on: Counter[str] = field(default_factory=Counter)
    """On how many pages an address is linked."""
    runs: list[list[str]] = field(default_factory=list)
    """Addresses in the order one page lists them."""
    labels: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """The short names by which an address is linked: what menus call a section."""
    called: dict[str, str] = field(default_factory=dict)
    """What the head of the page at an address calls it."""
    pages: int = 0
    shared: set[str] | None = None

    def take_page(self, page: Outline, held: frozenset[str]) -> None:
        """Take what a page says of others; of their names and entries only those of pages that are ``held``."""
        own = address_key(page.url)
        self.pages += 1
        self.called[own] = page.title
        keys = [address_key(anchor.url) for anchor in page.anchors]
        self.linked_on.update(set(keys))
        titles = titled(page, keys)
        run: dict[str, None] = {}
        for number, (anchor, key) in enumerate(zip(page.anchors, keys, strict=True)):
            if key != own and 2 <= len(anchor.text) <= LONGEST_LABEL:
                self.labels[key][folded(anchor.text)] += 1
            if key not in held or key == own:
                continue
            self.linked_from[key].add(own)
            if 8 <= len(anchor.hint) <= LONGEST_NAME:
                self.hints[key][_name(anchor.hint)] += 1
            if 8 <= len(anchor.text) <= LONGEST_NAME and not _is_day(anchor.text):
                self.names[key][_name(anchor.text)] += 1
                run.setdefault(key)
            entry = entry_of(page, number, keys, titles) if titles[number] else None
            if entry is not None and (entry := _without_the_page(page, entry, anchor.element)):
                self._take_entry(page, entry, anchor, key)
        if len(run) > 2:
            self.runs.append(list(run))

    def _take_entry(self, page: Outline, entry: int, anchor: Anchor, key: str) -> None:
        name = folded(anchor.text)
        more = [one.text for one in page.anchors if one.url == anchor.url and 0 < len(one.text) < SHORTEST_TITLE]
        for piece in page.lines_of(entry):
            text = piece.text
            if len(text) >= 40 and piece.linked * 2 < len(text):
                told = text if not piece.linked else _without_end(text, more)
                self.teasers[key].add(folded(told))
            if len(text) < 200 and _DATED.search(text):
                own = text.replace(anchor.text, " ") if piece.linked else text
                rest = own if folded(text) != name else ""
                if rest:
                    self._take_days(rest, key)

    def _take_days(self, text: str, key: str) -> None:
        """Take the days of a line beside a link; a sentence of the teaser may tell of a day as well."""
        dates = [date for date in labelled_dates(text) if date.moment.precision != "month"]
        if not dates or len(text) - sum(date.moment.end - date.moment.start for date in dates) > MOST_BESIDE:
            return
        published = next((date for role in ("published", "") for date in dates if date.role == role), None)
        days = self.edited if published is None else self.days
        days[key][(published or dates[0]).moment.value[:10]] += 1

    def take_feed(self, body: bytes, content_type: str | None) -> None:
        """Take the entries of a feed: their titles, days, categories and descriptions."""
        root = parse_xml(body, content_type)
        if root is None:
            return
        run = []
        described = _described(root)
        for entry in feed_entries(root):
            key = address_key(entry.url)
            run.append(key)
            if entry.title:
                self.names[key][_name(line(_TAGS.sub(" ", entry.title)))] += 1
            moment = parse_date(entry.published) if entry.published else None
            if moment is not None:
                self.feed_days.setdefault(key, moment.value[:10])
            texts, sections = described.get(entry.url, ((), ()))
            self.teasers[key].update(texts)
            if sections:
                self.feed_sections.setdefault(key, list(sections))
        if len(run) > 2:
            self.runs.append(run)

    def is_in_menu(self, key: str) -> bool:
        """Whether more than half of all pages link to an address: a menu leads there."""
        return self.linked_on[key] > IN_A_MENU * self.pages

    def names_of(self, key: str) -> list[str]:
        """What an address is called; words by which many are called ("read on", "next page") are no name."""
        if self.shared is None:
            called = Counter(name for names in self.names.values() for name in names)
            self.shared = {name for name, count in called.items() if count > MOST_OF_ONE_NAME}
        names = self.names.get(key) or Counter()
        return [name for name, _ in names.most_common(20) if name not in self.shared]


def _without_end(text: str, words: Iterable[str]) -> str:
    """A teaser without the link behind it that says to read on."""
    end = next((word for word in words if text.endswith(word)), "")
    return text.removesuffix(end)


def _name(text: str) -> str:
    """A name for comparison; one that a list cut short keeps its mark of that."""
    return folded(text) + (CUT if text.rstrip(" ]").endswith(("…", "...")) else "")


def matches(text: str, names: Iterable[str]) -> bool:
    """Whether a text (folded) is one of the names: whole, cut short by a list, or with a day behind it."""
    for name in names:
        if text == name:
            return True
        if name.endswith(CUT) and len(name) >= 20 and text.startswith(name[:-1]):
            return len(text) < 4 * len(name)
        if (
            len(text) >= 15
            and name.startswith(text)
            and len(name) - len(text) <= 24
            and _DATED.search(name[len(text) :])
        ):
            return True
    return False


def _is_day(text: str) -> bool:
    """Whether a text is a day and nothing else: many lists link the day as well."""
    if len(text) > 60 or not any(char.isdigit() for char in text):
        return False
    moment = parse_date(text)
    return moment is not None and len(text) - (moment.end - moment.start) < 12


def titled(page: Outline, keys: list[str]) -> list[bool]:
    """Of each link whether its address is called by a title on this page, and not by the name of a section or "more"."""
    long = {
        key
        for anchor, key in zip(page.anchors, keys, strict=True)
        if len(anchor.text) >= SHORTEST_TITLE and not _MEDIA.search(key) and not is_document(anchor.url)
    }
    return [key in long for key in keys]


def entry_of(page: Outline, number: int, keys: list[str], titles: list[bool]) -> int | None:
    """The element around a link that holds no title of another address: the entry of a list."""
    anchor = page.anchors[number]
    first = last = number
    best = None
    for element in reversed(page.path(anchor.element)[1:-1]):
        while first and page.anchors[first - 1].element >= element:
            first -= 1
        while last + 1 < len(keys) and page.anchors[last + 1].element < page.ends[element]:
            last += 1
        if any(titles[at] and keys[at] != keys[number] for at in range(first, last + 1)):
            break
        best = element
    return best


def _without_the_page(page: Outline, entry: int, link: int) -> int:
    """An entry without what speaks of the page itself: where one link is all that a page lists, nothing ends its entry."""
    own = folded(page.title)
    for element in page.path(link):
        if element < entry:
            continue
        lines = page.lines_of(element)
        if len(lines) <= MOST_LINES and not any(
            len(piece.text) >= SHORTEST_TITLE and own.startswith(folded(piece.text)) for piece in lines
        ):
            return element
    return 0


def _described(root: etree._Element) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """By the address an entry prints: the paragraphs of its description, its categories."""
    return {url: (tuple(texts), tuple(sections)) for url, texts, sections in _entries(root)}


def _entries(root: etree._Element) -> Iterator[tuple[str, list[str], list[str]]]:
    for node in root.iter():
        if local_name(node) not in ("item", "entry"):
            continue
        url, texts, sections = "", [], []
        for child in node:
            name = local_name(child)
            if name == "link" and child.get("rel", "alternate") == "alternate":
                url = url or (text_of(child) or child.get("href") or "").strip()
            elif name in ("description", "summary", "content", "encoded"):
                told = re.split(r"</(?:p|div|li)>|<br\s*/?>", text_of(child) or "")
                texts += [folded(text) for part in told if len(text := line(_TAGS.sub(" ", part))) >= 40]
            elif name == "category" and (said := line(text_of(child) or child.get("term") or "")):
                sections.append(said)
        yield url.replace("&amp;", "&"), texts, sections
