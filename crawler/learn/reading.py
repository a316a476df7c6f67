"""Reading an article by a learnt theme: every field at its own place, and none from anywhere else on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from selectolax.lexbor import LexborNode

from archive.model import Article, PrintedDate
from archive.text.dates import parse_date, parse_iso
from archive.text.normalise import line
from crawler.cms.base import Family, Selectors
from crawler.extract import attachments
from crawler.extract.assemble import assemble
from crawler.extract.blocks import Link
from crawler.extract.clean import clean
from crawler.extract.locate import by_selectors
from crawler.extract.located import Located, markup_of, node_text
from crawler.extract.metadata import Metadata
from crawler.learn.days import day_in
from crawler.learn.surroundings import is_signed
from crawler.learn.theme import LearntTheme
from crawler.page import Page


def theme_for(page: Page, themes: Sequence[LearntTheme]) -> LearntTheme | None:
    """The learnt theme whose title and body a page bears, of those that hold for its day."""
    for theme in themes:
        if theme.holds_at(page.fetched_at) and _bears(page, theme.selectors):
            return theme
    return None


def _bears(page: Page, selectors: Selectors) -> bool:
    title = page.tree.css_first(selectors.title[0])
    return title is not None and bool(node_text(title)) and page.tree.css_first(selectors.body[0]) is not None


def by_theme(page: Page, family: Family, metadata: Metadata, theme: LearntTheme) -> Article | None:
    """The article where a learnt theme says it is; ``None`` where its text is not there."""
    own = theme.selectors
    located = by_selectors(page, replace(own, published=(), section=(), tags=(), signature=()))
    if located is None:
        return None
    located.way = f"learnt:{theme.name}"
    _section(page, own, located)
    _tags(page, own, located)
    located.signatures = [
        text for node in _found(page, own.signature) for text in _lines(page, node) if is_signed(text)
    ]
    _files(page, located)
    published = _published(page, metadata, theme)
    if published is not None:
        located.published = {"visible": published.text}
    article = assemble(page, family, located, replace(metadata, published={}, section=None, tags=[]))
    article.published = published
    return article


def _found(page: Page, choice: tuple[str, ...]) -> list[LexborNode]:
    return [node for selector in choice for node in page.tree.css(selector)]


def _lines(page: Page, node: LexborNode) -> list[str]:
    """The lines of an element: several things may stand at the signature's place."""
    [blocks] = clean(markup_of(node), resolve=page.resolve)
    return [block.text for block in blocks if block.text]


def _section(page: Page, own: Selectors, located: Located) -> None:
    """The last of what stands at the section's place: the trail of bread crumbs begins with wider ones."""
    found = [text for node in _found(page, own.section) if (text := node_text(node))]
    located.section = found[-1].strip(" :/|»>-") if found else None


def _tags(page: Page, own: Selectors, located: Located) -> None:
    for selector in own.tags:
        located.tags = list(
            dict.fromkeys(text for node in page.tree.css(selector) if (text := node_text(node).strip("#,; ")))
        )


def _published(page: Page, metadata: Metadata, theme: LearntTheme) -> PrintedDate | None:
    """The day of publication, from the one source the theme believes."""
    for selector in theme.selectors.published:
        node = page.tree.css_first(selector)
        if node is None:
            return None
        attribute = {"time": "datetime", "microdata": "content"}.get(theme.date)
        text = line(node.attributes.get(attribute) or "") if attribute else node_text(node)
        moment = (parse_iso(text) or parse_date(text)) if attribute else day_in(text)
        return PrintedDate(moment.value, moment.precision, theme.date, text) if moment is not None else None
    text = metadata.published.get(theme.date, "")
    moment = parse_iso(text) or parse_date(text) if text else None
    return PrintedDate(moment.value, moment.precision, theme.date.split(":")[0], text) if moment is not None else None


def _files(page: Page, located: Located) -> None:
    """The files offered around the article: within the element that holds both its title and its text."""
    scope = _common(located.title_node, located.body_node)
    if scope is None:
        return
    for node in scope.css("a[href]"):
        url = attachments.behind_viewer(page.resolve(node.attributes.get("href")))
        if url is not None and attachments.is_file_link(
            Link(url, node_text(node), download="download" in node.attributes)
        ):
            located.attachments.append(attachments.attachment(url, node_text(node)))


def _common(one: LexborNode | None, other: LexborNode | None) -> LexborNode | None:
    """The innermost element around two."""
    around = set()
    while one is not None:
        around.add(one.mem_id)
        one = one.parent
    while other is not None:
        if other.mem_id in around:
            return other if other.tag not in ("body", "html") else None
        other = other.parent
    return None
