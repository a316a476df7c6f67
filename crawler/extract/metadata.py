"""What a page says of itself in its markup: JSON-LD, microdata, OpenGraph and meta tags.

Each is wrong somewhere, so nothing here decides: the sources are gathered under their names and chosen from later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from selectolax.lexbor import LexborNode

from archive.text.normalise import line
from crawler.page import Page

JSON_LIMIT = 300_000
"""Characters of one JSON-LD script that are read."""

_ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "BlogPosting",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "Report",
        "SocialMediaPosting",
        "TechArticle",
        "LiveBlogPosting",
    ]
)
_META_PUBLISHED = (
    "article:published_time", "datepublished", "pubdate", "publishdate", "publish-date", "date", "dc.date", "dc.date.created", "dcterms.created", "dc.date.issued",
    "dcterms.date", "dcterms.issued", "article.published", "publish_date", "article_date_original", "og:published_time", "sailthru.date", "dc.created",
)  # fmt: skip
_META_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
)


@dataclass(slots=True)
class Metadata:
    """What the markup names. ``published`` and ``modified`` hold printed values under their source's name."""

    titles: dict[str, str] = field(default_factory=dict)
    description: str | None = None
    published: dict[str, str] = field(default_factory=dict)
    modified: dict[str, str] = field(default_factory=dict)
    author: str | None = None
    section: str | None = None
    tags: list[str] = field(default_factory=list)
    canonical: str | None = None
    og_type: str | None = None
    types: set[str] = field(default_factory=set)
    site_name: str | None = None
    language: str | None = None
    image: str | None = None
    body: str | None = None

    @property
    def is_article(self) -> bool:
        """Whether the markup itself calls the page an article (OpenGraph says so of almost anything, so it is left out)."""
        return bool(self.types & _ARTICLE_TYPES)


def read_metadata(page: Page) -> Metadata:
    """Everything the head and the structured data of a page say; malformed parts are passed over."""
    found = Metadata()
    _read_head(page, found)
    for script in page.tree.css('script[type="application/ld+json" i]'):
        for node in _objects(script.text(deep=True)):
            _read_jsonld(node, found)
    _read_microdata(page, found)
    return found


def _read_head(page: Page, found: Metadata) -> None:
    tree = page.tree
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
        value = line(unescape(attributes.get("content") or ""))
        if not name or not value:
            continue
        if name in ("og:title", "twitter:title", "dc.title", "title"):
            found.titles.setdefault("og" if name == "og:title" else "meta", value)
        elif name in ("og:description", "description", "dc.description", "twitter:description"):
            found.description = found.description or value
        elif name in _META_PUBLISHED:
            found.published.setdefault("meta", value)
        elif name in _META_MODIFIED:
            found.modified.setdefault("meta", value)
        elif name in ("author", "article:author", "dc.creator"):
            found.author = found.author or (value if not value.startswith("http") else None)
        elif name == "article:section":
            found.section = found.section or value
        elif name == "article:tag":
            found.tags.append(value)
        elif name == "og:type":
            found.og_type = value.lower()
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
        found.language = (root.attributes.get("lang") or "").split("-")[0].lower() or None


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-LD script, those within lists and ``@graph`` too, without recursion."""
    text = text.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    if not text or len(text) > JSON_LIMIT:
        return
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        try:  # a comma too many before a closing bracket is the most frequent mistake
            data = json.loads(re.sub(r",\s*([}\]])", r"\1", text), strict=False)
        except (ValueError, RecursionError):
            return
    waiting: list[Any] = [data]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node[:200])
        elif isinstance(node, dict):
            yield node
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
                if isinstance(node.get(key), (list, dict)):
                    waiting.append(node[key])


def _read_jsonld(node: dict[str, Any], found: Metadata) -> None:
    kinds = node.get("@type")
    types = {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}
    found.types |= types
    if not types & _ARTICLE_TYPES:
        return
    for key, target in (("datePublished", found.published), ("dateModified", found.modified)):
        value = _word(node.get(key))
        if value:
            target.setdefault("jsonld", value)
    if "datePublished" not in node and (created := _word(node.get("dateCreated"))):
        found.published.setdefault("jsonld", created)
    if headline := _word(node.get("headline") or node.get("name")):
        found.titles.setdefault("jsonld", headline)
    found.author = _word(node.get("author")) or found.author
    section = _word(node.get("articleSection"))
    if section and not section.startswith(("http", "/")):
        found.section = section
    found.description = _word(node.get("description")) or found.description
    keywords = node.get("keywords")
    if not found.tags and keywords:
        words = keywords if isinstance(keywords, list) else str(keywords).split(",")
        found.tags = [tidy for word in words if isinstance(word, str) and (tidy := line(word))]
    body = node.get("articleBody")
    if isinstance(body, str):
        found.body = body


def _word(value: Any) -> str | None:
    """A JSON-LD value as a line: a string, an object's name, the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return (line(unescape(value)) or None) if isinstance(value, str) else None


def _read_microdata(page: Page, found: Metadata) -> None:
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


def _property(node: LexborNode) -> str:
    for name in ("content", "datetime"):
        if node.attributes.get(name):
            return line(node.attributes[name] or "")
    return line(node.text(deep=True))[:500]
