"""What a page says of itself in its markup: JSON-LD, microdata, OpenGraph and meta tags.

Each is wrong somewhere, so nothing here decides: the sources are gathered under their names and chosen from later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from selectolax.lexbor import LexborNode

from archive.text.normalise import line
from crawler.page.jsonld import ARTICLE_TYPES, JsonLd, read_scripts
from crawler.page.page import Page

_META_PUBLISHED = frozenset(
    [
        "article:published_time", "datepublished", "pubdate", "publishdate", "publish-date", "date", "dc.date", "dc.date.created", "dcterms.created", "dc.date.issued",
        "dcterms.date", "dcterms.issued", "article.published", "publish_date", "article_date_original", "og:published_time", "sailthru.date", "dc.created",
        "parsely-pub-date", "citation_date", "citation_publication_date", "citation_online_date", "publication_date", "publicationdate", "article:published",
        "cxenseparse:recs:publishtime", "rnews:datepublished", "og:article:published_time", "published_time", "date.issued", "created", "datecreated", "originalpublicationdate", "sw-pubdate",
    ]
)  # fmt: skip
_META_MODIFIED = frozenset(
    ["article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "revised", "article:modified"]
)  # fmt: skip
LONGEST_NAMES = 120
"""Characters from which on a text is no name of a person, or of a few."""
_META_AUTHOR = (
    "author",
    "article:author",
    "article:author_name",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "byl",
    "cxenseparse:author",
    "article.author",
    "rbauthors",
)


_WRITTEN_BY = re.compile(
    r"written by|verfasst von|geschrieben von|escrito por|écrit par|scritto da|geschreven door|được viết bởi", re.I
)


@dataclass(slots=True)
class Metadata:
    """What the markup names. ``published`` and ``modified`` hold printed values under their source's name."""

    titles: dict[str, str] = field(default_factory=dict)
    description: str | None = None
    published: dict[str, str] = field(default_factory=dict)
    modified: dict[str, str] = field(default_factory=dict)
    page_published: dict[str, str] = field(default_factory=dict)
    """Dates of the page where nothing dates an article: asked when all else is silent."""
    authors: list[str] = field(default_factory=list)
    """Persons (or the editors as a body) the structured data names."""
    section: str | None = None
    tags: list[str] = field(default_factory=list)
    keywords: str | None = None
    """What ``meta keywords`` says: written for search engines, seen by no reader."""
    canonical: str | None = None
    og_type: str | None = None
    types: set[str] = field(default_factory=set)
    site_name: str | None = None
    language: str | None = None
    region: str | None = None
    """The land of the language, where it is said: ``gb`` of "en-GB"."""
    image: str | None = None
    foreign: bool | None = None
    """Whether the page is not Vietnam's; :func:`crawler.extract.foreign_pages.is_foreign` finds it out once."""
    body: str | None = None

    @property
    def is_article(self) -> bool:
        """Whether the markup itself calls the page an article (OpenGraph says so of almost anything, so it is left out)."""
        return bool(self.types & ARTICLE_TYPES)


def read_metadata(page: Page) -> Metadata:
    """Everything the head and the structured data of a page say; malformed parts are passed over."""
    found = Metadata()
    named = _read_head(page, found)
    scripts = [script.text(deep=True) for script in page.tree.css('script[type="application/ld+json" i]')]
    _take_jsonld(read_scripts(scripts, page.url), found)
    printed = _read_microdata(page, found)
    if named and [name.lower() for name in found.authors] == [(found.site_name or "").lower()]:
        found.authors = named  # the publisher, where the head names a person
    found.authors = found.authors or named or printed
    return found


_SET_UP = frozenset(
    (
        "viewport",
        "generator",
        "robots",
        "rights",
        "theme-color",
        "format-detection",
        "og:url",
        "twitter:card",
        "image",
        "twitter:image",
        "twitter:image:alt",
    )
)
"""Names of meta tags for machines, of which nothing is read here."""


def _read_head(page: Page, found: Metadata) -> list[str]:
    """Take what the head says; the authors its meta tags name."""
    tree = page.tree
    authors: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    locale = ""
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
        content = attributes.get("content") or ""
        value = line(unescape(content)) if name and name not in _SET_UP else ""
        if not value:
            continue
        if name in ("og:title", "twitter:title", "dc.title", "title"):
            found.titles.setdefault("og" if name == "og:title" else "meta", value)
        elif name in ("og:description", "description", "dc.description", "twitter:description"):
            found.description = found.description or value
        elif name == "keywords":
            found.keywords = found.keywords or value
        elif name in _META_PUBLISHED:
            found.published.setdefault("meta", value)
        elif name in _META_MODIFIED:
            found.modified.setdefault("meta", value)
        elif name in _META_AUTHOR and is_name(value):
            authors.setdefault(name, []).append(value)
        elif name.startswith(("twitter:label", "twitter:data")):
            labels[name] = value
        elif name == "article:section":
            found.section = found.section or value
        elif name == "article:tag":
            found.tags.append(value)
        elif name == "og:type":
            found.og_type = value.lower()
        elif name == "og:locale":
            locale = value.lower()
        elif name == "og:site_name":
            found.site_name = value
        elif name == "og:image":
            found.image = page.resolve(value)
    title = tree.css_first("head > title, title")
    if title is not None:
        found.titles["title"] = line(title.text())
    link = tree.css_first('link[rel="canonical"][href]')
    if link is not None:
        found.canonical = page.resolve(link.attributes.get("href"))
    root = tree.css_first("html[lang]")
    if root is not None:
        language, _, region = (root.attributes.get("lang") or "").strip().lower().replace("_", "-").partition("-")
        found.language, found.region = language or None, region or None
    found.region = found.region or locale.replace("_", "-").partition("-")[2] or None
    if _WRITTEN_BY.fullmatch(labels.get("twitter:label1", "")) and is_name(labels.get("twitter:data1", "")):
        authors.setdefault(_META_AUTHOR[0], []).append(labels["twitter:data1"])
    return next((list(dict.fromkeys(authors[name])) for name in _META_AUTHOR if name in authors), [])


def _take_jsonld(said: JsonLd, found: Metadata) -> None:
    """Take what the surest object says of each thing; a page's own dates and names count only where no article's do."""
    found.types |= said.types
    for described in said.described:
        if not described.certainty:
            if described.published:
                found.page_published.setdefault("jsonld", described.published)
            continue
        for value, target in ((described.published, found.published), (described.modified, found.modified)):
            if value:
                target.setdefault("jsonld", value)
        if described.headline:
            found.titles.setdefault("jsonld", described.headline)
        if described.certainty == 2 or not found.authors:
            found.authors = found.authors or [name for name in described.authors if is_name(name)]
        found.section = described.section or found.section
        found.description = found.description or described.description
        found.tags = found.tags or described.keywords
        found.body = found.body or described.body


def is_name(text: str) -> bool:
    """Whether a text may be a person's name, or a few: no address, no sentence."""
    return 1 < len(text) < LONGEST_NAMES and not re.search(r"https?:|www\.|^@|[{}<>]|\.(?:com|html?)\b.*/", text)


def _read_microdata(page: Page, found: Metadata) -> list[str]:
    """Take what microdata says; the authors it names."""
    authors: list[str] = []
    for node in page.tree.css("[itemtype]"):
        found.types.add("microdata:" + (node.attributes.get("itemtype") or "").rstrip("/").rsplit("/", 1)[-1])
    for node in page.tree.css("[itemprop]"):
        for name in (node.attributes.get("itemprop") or "").split():
            value = _property(node)
            if not value:
                continue
            if name == "datePublished":
                found.published.setdefault("microdata", value)
            elif name == "dateCreated":
                found.published.setdefault("microdata:created", value)
            elif name == "dateModified":
                found.modified.setdefault("microdata", value)
            elif name == "headline":
                found.titles.setdefault("microdata", value)
            elif name == "articleSection" and found.section is None:
                found.section = value
            elif name == "author":
                named = node.css_first('[itemprop~="name"]')
                text = _property(named) if named is not None else value
                if is_name(text) and len(text) < 60 and not _in_comment(node):
                    authors.append(text)
    return list(dict.fromkeys(authors))


def _in_comment(node: LexborNode) -> bool:
    current: LexborNode | None = node
    while current is not None and current.tag != "body":
        attributes = current.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemprop') or ''}"
        if "comment" in names.lower():
            return True
        current = current.parent
    return False


def _property(node: LexborNode) -> str:
    for name in ("content", "datetime"):
        if node.attributes.get(name):
            return line(node.attributes[name] or "")
    return line(node.text(deep=True))[:500]
