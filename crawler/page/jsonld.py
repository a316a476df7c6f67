"""JSON-LD: the objects of a page's scripts, and what those that describe its article say of it.

A page often describes more than itself: the site, its publisher, a list of other articles. Objects that stand in a list
of items, or name another address, are asked last.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from archive.text.normalise import line
from crawler.page.comments import without_open_comments

JSON_LIMIT = 300_000
"""Characters of one JSON-LD script that are read."""

OBJECTS = 2_000
"""Objects of one script looked at; a page about one article has some thirty."""

ARTICLE_TYPES = frozenset(
    [
        "Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
        "Report", "SocialMediaPosting", "TechArticle", "LiveBlogPosting",
    ]
)  # fmt: skip
_LIKE_ARTICLES = frozenset(
    ["ScholarlyArticle", "BackgroundNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "Review", "ClaimReview", "HowTo", "Recipe"]
)  # fmt: skip
_PAGE_TYPES = frozenset(["WebPage", "ItemPage", "VideoObject", "MedicalWebPage", "CreativeWork", "Blog"])
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "isPartOf", "hasPart")


@dataclass(slots=True)
class Described:
    """What one object says of an article; ``certainty`` 2 for the page's own article, 1 for one among others, 0 for a page."""

    certainty: int
    published: str | None = None
    modified: str | None = None
    headline: str | None = None
    authors: list[str] = field(default_factory=list)
    section: str | None = None
    description: str | None = None
    keywords: list[str] = field(default_factory=list)
    body: str | None = None


@dataclass(slots=True)
class JsonLd:
    """All types named on a page, and its articles as described, the surest first."""

    types: set[str] = field(default_factory=set)
    described: list[Described] = field(default_factory=list)


def read_scripts(scripts: list[str], url: str) -> JsonLd:
    """Everything the JSON-LD scripts of a page say; malformed ones are passed over."""
    found = JsonLd()
    objects = [pair for text in scripts for pair in _objects(text)]
    known = {node["@id"]: node for node, _ in objects if isinstance(node.get("@id"), str) and "name" in node}
    for node, listed in objects:
        types = types_of(node)
        found.types |= types
        if types & (ARTICLE_TYPES | _LIKE_ARTICLES):
            certainty = 1 if listed or _is_elsewhere(node, url) else 2
        elif types & _PAGE_TYPES and not listed:
            certainty = 0
        else:
            continue
        found.described.append(_describe(node, certainty, known))
    found.described.sort(key=lambda described: -described.certainty)
    return found


def types_of(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {
        kind.rsplit("/", 1)[-1] for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)
    }


def _objects(text: str) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every object of a script in its order, and whether it stands in a list of items; without recursion."""
    data = _loaded(text)
    waiting: deque[tuple[Any, bool]] = deque([(data, False)])
    left = OBJECTS
    while waiting and left:
        left -= 1
        node, listed = waiting.popleft()
        if isinstance(node, list):
            waiting.extend((item, listed) for item in node[:200])
        elif isinstance(node, dict):
            yield node, listed
            for key in _NESTED:
                if isinstance(node.get(key), (list, dict)):
                    waiting.append((node[key], listed or key in ("itemListElement", "hasPart", "isPartOf")))


_DECODER = json.JSONDecoder(strict=False)
_TRAILING = re.compile(r",\s*([}\]])")  # a comma too many before a closing bracket is the most frequent mistake
_COMMENTS = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|/\*.*?\*/|(?<!:)//[^\n]*', re.S)


def _loaded(text: str) -> Any:
    """The value of a script, without what shields or follows it; ``None`` where it cannot be read."""
    if not text.strip() or len(text) > JSON_LIMIT:
        return None
    text = text[_begin(text) :]
    for mended in (
        lambda: text,
        lambda: _COMMENTS.sub(lambda found: found[1] or " ", without_open_comments(text)),
        lambda: _TRAILING.sub(r"\1", text),
    ):
        try:
            value, _ = _DECODER.raw_decode(mended().lstrip())
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _begin(text: str) -> int:
    """Where the JSON of a script begins: at its first bracket that is none of ``<![CDATA[``."""
    places = [at for mark in "{[" if (at := text.replace("<![CDATA[", " " * 9).find(mark)) >= 0]
    return min(places, default=0)


def _describe(node: dict[str, Any], certainty: int, known: dict[str, dict[str, Any]]) -> Described:
    described = Described(certainty)
    described.published = (
        word(node.get("datePublished")) or word(node.get("dateCreated")) or word(node.get("uploadDate"))
    )
    described.modified = word(node.get("dateModified"))
    described.headline = word(node.get("headline")) or word(node.get("name"))
    described.description = word(node.get("description"))
    section = word(node.get("articleSection"))
    described.section = section if section and not section.startswith(("http", "/")) else None
    described.authors = _authors(node.get("author"), known) or _authors(node.get("creator"), known)
    keywords = node.get("keywords")
    if keywords:
        words = keywords if isinstance(keywords, list) else str(keywords).split(",")
        described.keywords = [tidy for text in words if isinstance(text, str) and (tidy := line(text))]
    body = node.get("articleBody")
    described.body = body if isinstance(body, str) else None
    return described


def _authors(value: Any, known: dict[str, dict[str, Any]]) -> list[str]:
    """The names of an ``author``: a string, an object with a name, a reference to one, or a list of these."""
    names: list[str] = []
    for item in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(item, dict) and "name" not in item and isinstance(item.get("@id"), str):
            item = known.get(item["@id"])
        if isinstance(item, dict) and isinstance(item.get("name"), list):
            names += [name for part in item["name"][:20] if (name := word(part))]
        elif name := word(item):
            names.append(name)
    return list(dict.fromkeys(names))


def _is_elsewhere(node: dict[str, Any], url: str) -> bool:
    """Whether an object names the address of another page."""
    address = node.get("url")
    if not isinstance(address, str) or not url:
        return False
    try:
        there, here = urlsplit(address), urlsplit(url)
    except ValueError:
        return False
    return there.path.strip("/") not in ("", here.path.strip("/"))


def word(value: Any) -> str | None:
    """A value as a line: a string, an object's name, the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return (line(unescape(value)) or None) if isinstance(value, str) else None
