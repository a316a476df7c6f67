"""Authors of pages in other languages: named by structured data, links, bylines and signatures."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from archive.text.normalise import line
from crawler.extract.clean.blocks import squeeze
from crawler.extract.credits.byline import is_person
from crawler.page.dom import node_text, tag_selector
from crawler.page.metadata import Metadata, is_name
from crawler.page.outside import marks, path_to
from crawler.page.page import Page
from crawler.words.tables import WithWords

_LINKED_NAMES = (
    'a[rel~="author"]',
    '[itemprop~="author"] [itemprop~="name"], [itemprop~="author"]',
    'a[href*="/author/" i], a[href*="/authors/" i], a[href*="/autor/" i], a[href*="/autoren/" i], a[href*="/auteur/" i], a[href*="/autores/" i], a[href*="/profile/" i], a[href*="/staff/" i], a[href*="/people/" i], a[href*="/by/" i], a[href*="/contributor" i], a[href*="/journalist" i]',
    '[class*="author-name" i], [class*="author__name" i], [class*="authorname" i], [class*="byline-name" i], [class*="byline__name" i], .fn',
    '[class*="byline" i], [class*="author" i], [class*="autor" i], [class*="auteur" i], [class*="writer" i], [class*="attribut" i]',
)


_SURE = 2
"""Selectors whose names may be a single word: what they match is marked as a name."""


_SMALL = "p, span, div, small, li, address, em, strong, h3, h4, h5, h6"


_BY = WithWords(
    r"^(?:(?:written |posted |published |authored |words |story |article |text |created )?by|(?:erstellt |geschrieben |verfasst |veröffentlicht |alles |mehr |alle (?:artikel|beiträge) )?von|vom|par|por|di|da|av|af|door|{author_labels}|autor(?:en|in|e|a)?(?:/autorin|/autor)?|auteure?|authors?|escrito por|verfasst von|texte?|redaktion|foto og tekst)\s*[:|]?\s+",
    "opening",
)


_SIGNED = re.compile(
    r"(?:(?i:written by|posted by|authored by|story by|text by|words by|by|von|par|por|autor(?:in)?(?:/autor)?:?|auteur\s?:|author:?))\s+(?P<names>[^\W\d_a-z][^\d,|•·]{2,60}).{0,80}"
)


_OFFICE = WithWords("{office_openings}", "opening")


_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"


_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"


_AFTER_NAME = re.compile(
    rf"(?:(?<!\s)\s++)?(?:[|•·–—]|(?<=\s)-\s|,\s*(?=\d)|\(|\b(?:on|am|le|el|il|vom)\s+\d|\bam$|\bon\s+{_DAY}|\d|\b(?:senior|chief|managing|associate|deputy|assistant|executive|contributing|freelance)\s+(?:\w+\s+){{0,3}}(?:reporter|writer|editor|correspondent|producer|analyst)\b|\b{_MONTH}\b\.?(?=\s*\d|\s*$)|\b(?:updated|published|posted|reviewed|last|read|view all|more|follow|see all|staff writers?|reporter|writer|contributor|editor|correspondent|copied|stand)\b).*$",
    re.I | re.S,
)


_NO_NAME = re.compile(
    r"(?:the (?:authors?|editors?)|i (?:am|review|write|have|love)|we|image|photo(?:graph)?s?|pictures?|fotos?|bild|courtesy|credit|illustrations?|edited|(?:revised |first |second |third )?edition|a propos|à propos|über uns|designed|view|see|read|more|all|about|follow|share|comments?|home|authors?|contact|subscribe|biography|profile|bio|editor|admin|written by|by|from|posts?|articles?|mehr|zum|alle|veröffentlicht|learn|publi\w+|von|autor|staff|get|download)\b.*|[^@\n]*+@.*",
    re.I,
)


_RELATED = re.compile(
    r"(?:^|[\s_-])(?:relate[ds]?\w*|recommend\w*|more|comments?|sidebar|teasers?|promos?|popular|trending|newsletter|navbar|menu|latest|most-?read)(?:$|[\s_-])",
    re.I,
)


def authors(page: Page, metadata: Metadata, title: LexborNode | None) -> str | None:
    """Who wrote a page: whom the structured data names, unless it is the site itself; else whom the page prints."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    sites = {squeeze(metadata.site_name or ""), squeeze(host), squeeze(host.partition(".")[0])}
    named = [name for text in metadata.authors if "@" not in text for name in _wrote(text)]
    persons = [name for name in named if squeeze(name) not in sites]
    if persons:
        return ", ".join(dict.fromkeys(persons))
    heading = squeeze(node_text(title))
    printed = [name for name in printed_names(page, title) if squeeze(name) != heading]
    return ", ".join([name for text in printed for name in _wrote(text)] or named) or None


_OTHER_ROLE = re.compile(
    r"(?:(?:medically |clinically |expertly |fact[- ]?)?(?:reviewed|checked|updated|edited|photographed|illustrated)|photos?|photograph(?:s|y)|illustrations?|images?|fotos?)(?:\s+by\b|\s*:)",
    re.I,
)
"""How those are called who did not write: reviewers, editors, photographers."""
_TALK = re.compile(r" (?:im gespräch mit|in conversation with|interviewt von) ", re.I)
_STAFF = re.compile(r".*\b(?:staff|editorial team|redaktion|newsroom)", re.I)


def _wrote(text: str) -> list[str]:
    """The names in what an author's field says, without "By" and without those who did something else."""
    parts = [part.strip() for part in _TALK.sub(", ", line(text)).split(",")]
    kept = [part for part in parts if part and not _OTHER_ROLE.match(part)]
    persons = [part for part in kept if not _STAFF.fullmatch(part)] if len(kept) > 1 else kept
    name = _BY.made.sub("", ", ".join(persons or kept)).strip(" ,;|")
    return [name] if name else []


def named_author(page: Page, metadata: Metadata, title: LexborNode | None) -> str | None:
    """The person a Vietnamese page of unknown make names as its author, in its markup or beside the title; no account."""
    named = [name for text in metadata.authors if (name := line(text)) and is_person(name) and " " in name]
    site = squeeze(metadata.site_name or "")
    persons = [name for name in named if squeeze(name) != site and not _OFFICE.match(name)]
    if persons:
        return ", ".join(dict.fromkeys(persons))
    for selector in _LINKED_NAMES:
        names = [
            name for name in _first_names(page, selector, single=False) if is_person(name) and not _OFFICE.match(name)
        ]
        if names:
            return ", ".join(names)
    return None


def printed_names(page: Page, title: LexborNode | None) -> list[str]:
    """The names of the first byline of a page that is not that of another article."""
    for number, selector in enumerate(_LINKED_NAMES):
        names = _first_names(page, selector, single=number < _SURE)
        if names:
            return names
    return _signed(page, title)


def _first_names(page: Page, selector: str, *, single: bool) -> list[str]:
    """The names of the first place a selector finds one, its neighbours' with it; ``single``: one word may be a name."""
    first: LexborNode | None = None
    names: list[str] = []
    for node in page.tree.css(selector)[:60]:
        if node.tag in ("body", "html", "main", "article", "script", "style", "meta", "input", "form", "img"):
            continue
        text = node_text(node)
        if not text or len(text) > 150 or _is_elsewhere(node):
            continue
        name = tidy_name(text)
        if name is None or (not single and " " not in name):
            continue
        if first is None:
            first = _holder(node)
        elif _holder(node).mem_id != first.mem_id:
            break
        if name not in names:
            names.append(name)
    return [name for name in names if not any(other != name and other in name for other in names)][:8]


def _signed(page: Page, title: LexborNode | None) -> list[str]:
    """The name of the first short line that opens with "By" or the like, from the title on."""
    seen = title is None
    for node in page.tree.css(f"{tag_selector(title)}, {_SMALL}"):
        if title is not None and node.mem_id == title.mem_id:
            seen = True
        if not seen or len(node.text(deep=True)) > 200:
            continue
        signed = _SIGNED.fullmatch(node_text(node))
        name = tidy_name(signed["names"]) if signed is not None else None
        if name is not None and " " in name and not _is_elsewhere(node):
            return [name]
    return []


_LABELLED = re.compile(
    r"(?:und |and |et )?(?:text|interview|fotos?|words|story|recherche|protokoll|texte)(?: (?:und|and|&) \w+)?:\s+",
    re.I,
)
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "der",
        "den",
        "de",
        "di",
        "da",
        "du",
        "del",
        "la",
        "le",
        "al",
        "el",
        "bin",
        "ibn",
        "y",
        "e",
        "und",
        "and",
        "et",
        "vom",
        "zu",
        "zur",
        "ter",
        "ten",
        "dos",
        "das",
    ]
)


def tidy_name(text: str) -> str | None:
    """A printed name without "By" before it and whatever stands after it; ``None`` where no name is left."""
    name = _BY.made.sub("", line(text))
    name = _AFTER_NAME.sub("", name).strip(" ,;:|-–—.")
    name = _LABELLED.sub("", name, count=1)
    words = name.split()
    if not 1 <= len(words) <= 12 or len(name) < 3 or not is_name(name) or _NO_NAME.fullmatch(name):
        return None
    named = sum(word[:1].isupper() or not word[:1].isalpha() or word in _PARTICLES for word in words)
    return name if 2 * named > len(words) or (len(words) <= 3 and text.islower()) else None


def _holder(node: LexborNode) -> LexborNode:
    """The small element around a name that holds its colleagues' too."""
    current = node
    for _ in range(3):
        parent = current.parent
        if parent is None or parent.tag in ("body", "article", "main", "section") or len(node_text(parent)) > 300:
            break
        current = parent
    return current


def _is_elsewhere(node: LexborNode) -> bool:
    return any(
        parent.tag in ("nav", "footer") or _RELATED.search(marks(parent)) is not None for parent in path_to(node)[-6:]
    )
