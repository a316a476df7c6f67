"""An article beside its page's own words: title tag, Open Graph title, headings, days as printed, first long paragraph."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.model import Article
from archive.text.dates import find_dates
from archive.text.normalise import line
from crawler.page.page import Page

SHOWN = 300
"""Characters of a text that are shown."""
LOOKED_AT = 200_000
"""Characters of a page's text that are looked through for days."""
MOST_DATES, MOST_HEADINGS, LONG = 8, 3, 60
"""Days and headings that are shown; characters of what counts as a paragraph of prose."""


@dataclass(slots=True)
class OwnWords:
    """What the page itself says, as it stands there; nothing here is chosen or mended."""

    title_tag: str = ""
    og_title: str = ""
    headings: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    """Days printed anywhere on the page, in their order, its own clock and teasers too."""
    paragraph: str = ""


@dataclass(slots=True)
class Beside:
    """One article: what was read, what its page says, and what may be wrong with it."""

    identifier: int
    url: str
    fetched_at: str
    title: str
    published: str
    published_source: str
    section: str
    byline: str
    lead: str
    text: str
    characters: int
    extractor: str
    article: Article
    own: OwnWords | None
    """``None`` where the page cannot be read from its capture."""
    faults: list[str] = field(default_factory=list)


def beside(identifier: int, article: Article, fetched_at: str, own: OwnWords | None) -> Beside:
    """An article as the trial shows it."""
    published = article.published
    return Beside(
        identifier, article.url, fetched_at, cut(article.title), published.value if published else "",
        published.source if published else "", cut(article.section), cut(article.byline), cut(article.lead),
        cut(article.text.replace("\n\n", " ¶ ")), len(article.text), article.extractor, article, own,
    )  # fmt: skip


def own_words(page: Page) -> OwnWords:
    """What a page says of itself to whoever looks at it."""
    tree = page.tree
    og = tree.css_first('meta[property="og:title" i], meta[name="og:title" i]')
    found = OwnWords(
        _text(tree.css_first("title")),
        cut(og.attributes.get("content") if og is not None else ""),
        [text for node in tree.css("h1, h2")[:20] if (text := _text(node))][:MOST_HEADINGS],
    )
    body = tree.body
    shown = page.without(("script", "style", "noscript", "template")).tree.body if body is not None else None
    if shown is None:
        return found
    found.paragraph = next((cut(text) for node in shown.css("p")[:500] if len(text := _all(node)) >= LONG), "")
    printed = line(shown.text(deep=True, separator=" "))[:LOOKED_AT]
    lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in printed)
    found.dates = list(dict.fromkeys(printed[one.start : one.end] for one in find_dates(lowered)))[:MOST_DATES]
    return found


def _all(node: object) -> str:
    return line(node.text(deep=True, separator=" ")) if node is not None else ""  # type: ignore[attr-defined]


def _text(node: object) -> str:
    return cut(_all(node))


def cut(text: str | None) -> str:
    """A text as far as it is shown, on one line."""
    told = line(text or "")
    return told if len(told) <= SHOWN else f"{told[: SHOWN - 1]}…"
