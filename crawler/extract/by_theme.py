"""Reading an article by a learnt theme: every field at its own place, and none from anywhere else on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from selectolax.lexbor import LexborNode

from archive.model import Article, PrintedDate
from archive.text.dates import Moment, parse_date, parse_iso
from archive.text.normalise import line
from crawler.addresses.urls import canonical
from crawler.cms.family import Family, Selectors
from crawler.cms.learnt import LearntTheme
from crawler.cms.themes import merged
from crawler.extract.assemble import assemble
from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.clean import attachments
from crawler.extract.clean.blocks import Link
from crawler.extract.clean.clean import clean
from crawler.extract.credits.byline import read_signature, without_label
from crawler.extract.dates.labelled_dates import labelled_dates
from crawler.extract.kinds.own_prose import carries_only
from crawler.extract.kinds.teasers import is_page_of_teasers
from crawler.extract.locate.by_selectors import by_selectors
from crawler.extract.locate.located import Located
from crawler.page.dom import has_words, markup_of, node_text
from crawler.page.metadata import Metadata
from crawler.page.page import Page

_OWN = ("published", "section", "tags", "signature", "views", "account")
"""Fields read here, within the article's own place, and not by the rules for a family's selectors."""
LEAST_PROSE = 120
_SHORTEST_PROSE = 50
"""Characters that are no links from which on what stands above a title may be its lead."""
_NAMED = re.compile(r"[.#\[]|\bh[1-6]\b|\barticle\b")
_ABOVE = "data-above-title"
_ATTRIBUTE = {"time": "datetime", "microdata": "content"}


def theme_for(page: Page, themes: Sequence[LearntTheme]) -> LearntTheme | None:
    """The learnt theme whose title and text a page bears, of those that hold for its day."""
    for theme in themes:
        if theme.holds_at(page.fetched_at) and _bears(page, theme):
            return None if rests_on_positions(theme) and is_page_of_teasers(page) else theme
    return None


def modules_beside(page: Page, themes: Sequence[LearntTheme]) -> tuple[str, ...]:
    """Selectors of the modules that stand around the articles of a portal, on a page that bears none of its themes."""
    found = (selector for theme in themes if theme.holds_at(page.fetched_at) for selector in theme.beside)
    return tuple(dict.fromkeys(found))


def _bears(page: Page, theme: LearntTheme) -> bool:
    title, text = page.tree.css(theme.selectors.title[0]), page.tree.css(theme.selectors.body[0])
    if ("title" in theme.alone and len(title) > 1) or ("body" in theme.alone and len(text) > 1):
        return False
    if title and theme.own_link and _links_elsewhere(page, title[0]):
        return False  # the first entry of a list
    text = text[:1] or _found(page, theme.selectors.lead)[:1]  # an article of a lead alone has no body on some software
    return bool(title and text) and has_words(title[0]) and has_words(text[0])


def opens_with_another(page: Page, themes: Sequence[LearntTheme]) -> bool:
    """Whether the title at a theme's place links to another page, where each article's links to its own: a list's first entry."""
    titles = ((theme, page.tree.css_first(theme.selectors.title[0])) for theme in themes if theme.own_link)
    return any(title is not None and _links_elsewhere(page, title) for _, title in titles)


def _links_elsewhere(page: Page, title: LexborNode) -> bool:
    """Whether a title is a link to another page."""
    link = title.css_first("a[href]") or next((node for node in (title, *_outer(title)) if node.tag == "a"), None)
    url = page.resolve(link.attributes.get("href")) if link is not None else None
    return url is not None and canonical(url) != canonical(page.url)


def tells_article(theme: LearntTheme, page: Page, metadata: Metadata) -> bool:
    """Whether a page bears a day and prose at the places of its portal's articles: then it is one, whatever it is called."""
    if theme.date and _published(page, metadata, theme, theme.selectors) is None:
        return False
    return bool(theme.date or theme.listed) and holds_prose(theme, page)


def rests_on_positions(theme: LearntTheme) -> bool:
    """Whether a theme finds title and text by tags and their positions alone: lists of the same page frame may bear them, too."""
    return not any(_NAMED.search(selector) for selector in (theme.selectors.title[0], theme.selectors.body[0]))


def holds_prose(theme: LearntTheme, page: Page) -> bool:
    """Whether some prose stands at the place of the text: more than a poll or a table of files."""
    body = next(iter(_found(page, theme.selectors.body) or _found(page, theme.selectors.lead)), None)
    return body is not None and len(node_text(body)) >= LEAST_PROSE and carries_only(body) is None


def by_theme(
    page: Page, family: Family, metadata: Metadata, theme: LearntTheme, set_: Selectors | None = None
) -> Article | None:
    """The article where a learnt theme says it is; ``None`` where its text, or of a known family its day, is not there.

    ``set_`` are the selectors a portal's settings give. They come before the theme's, the family's after them, within the element that holds title and text.
    """
    own = merged(set_, theme.selectors)
    own = replace(own, drop=(*own.drop, *family.selectors.drop), aside=(*own.aside, *family.selectors.aside))
    if own.lead and not _found(page, own.body):
        own = replace(own, body=own.lead, lead=())
    if _mark_what_is_above(page, own):
        own = replace(own, drop=(*own.drop, (f"[{_ABOVE}]", "other")))
    located = by_selectors(page, replace(own, **dict.fromkeys(_OWN, ())))
    if located is None:
        return None
    located.way = theme.name
    scope = _common(located.title_node, located.body_node)
    _around(page, located, own, family.selectors, scope, theme.labels)
    published = _published(page, metadata, theme, own)
    if published is None and theme.date and family.selectors.body:
        return None  # software that is known, and a page without the day its others print: the family reads it
    located.dated_by_theme = True
    if published is not None:
        located.published = {"visible": published.text}
    article = assemble(page, family, located, replace(metadata, published={}, section=None, tags=[]))
    article.published = published
    return article


def _mark_what_is_above(page: Page, own: Selectors) -> bool:
    """Mark what stands above a title that stands within its text: a trail, the section, a line of small print.

    On pages of bare boxes no selector tells these from paragraphs. What holds prose or a picture is left.
    """
    title, body = _first_of(page, own.title), _first_of(page, own.body)
    if title is None or body is None:
        return False
    path = [title, *_outer(title)]
    ids = [node.mem_id for node in path]
    if body.mem_id not in ids[1:]:
        return False
    marked = False
    for inner in path[: ids.index(body.mem_id)]:
        node = inner.prev
        while node is not None:
            if node.is_element_node and _is_no_prose(node):
                node.attrs[_ABOVE] = ""
                marked = True
            node = node.prev
    return marked


def _is_no_prose(node: LexborNode) -> bool:
    linked = sum(len(node_text(link)) for link in node.css("a[href]"))
    return len(node_text(node)) - linked < _SHORTEST_PROSE and node.css_first("img") is None


def _first_of(page: Page, choice: tuple[str, ...]) -> LexborNode | None:
    return next(iter(_found(page, choice)), None)


def _around(
    page: Page,
    located: Located,
    own: Selectors,
    family: Selectors,
    scope: LexborNode | None,
    labels: tuple[str, ...] = (),
) -> None:
    """Section, tags, signature, account, views and files: by the theme, else by the family where it looks within ``scope``."""
    named = _found(page, own.section) or _within(page, family.section, scope)
    sections = [text for node in named if (text := node_text(node))]
    located.section = sections[-1].strip(" :/|»>-") if sections else None  # a trail begins with wider ones
    tags = _found(page, own.tags) or _within(page, family.tags, scope)
    located.tags = list(dict.fromkeys(text for node in tags if (text := _tag(node).strip("#,; "))))
    signed = (text for node in _found(page, own.signature) for text in _lines(page, node))
    located.signatures = [text for text in signed if is_signed(text)]
    accounts = _found(page, own.account) or _within(page, family.account, scope)
    bare = (_without(node_text(node), labels) for node in accounts)
    located.account = next((text for text in bare if text), None)
    views = _found(page, own.views) or _within(page, family.views, scope)
    located.views = next((count for node in views if (count := _count(node_text(node))) is not None), None)
    for node in scope.css("a[href]") if scope is not None else ():
        url = attachments.behind_viewer(page.resolve(node.attributes.get("href")))
        text = node_text(node)
        if url is not None and attachments.is_file_link(Link(url, text, download="download" in node.attributes)):
            located.attachments.append(attachments.attachment(url, text))


def _tag(node: LexborNode) -> str:
    """A tag without the number of its articles, which some themes print within the link."""
    text = node_text(node)
    last = node.css("*")[-1:]
    count = node_text(last[0]).strip("() ") if last else ""
    return text.removesuffix(node_text(last[0])).strip() or text if count.isdigit() else text


def _without(text: str, labels: tuple[str, ...]) -> str:
    """A name without the word the software prints before it."""
    for label in labels:
        text = text.removeprefix(label).lstrip()
    return text


def _count(text: str) -> int | None:
    parts = (part.strip() for part in text.split("|"))
    return next((count for part in parts if (count := boilerplate.views_in(part)) is not None), None)


def _found(page: Page, choice: tuple[str, ...]) -> list[LexborNode]:
    return next((nodes for selector in choice if (nodes := page.tree.css(selector))), [])


def _within(page: Page, choice: tuple[str, ...], scope: LexborNode | None) -> list[LexborNode]:
    """What a family's selectors find within the article's own place: modules beside it bear names like its."""
    if scope is None:
        return []
    return [node for node in _found(page, choice) if any(outer.mem_id == scope.mem_id for outer in _outer(node))]


def _outer(node: LexborNode) -> Iterator[LexborNode]:
    around = node.parent
    while around is not None:
        yield around
        around = around.parent


def _lines(page: Page, node: LexborNode) -> list[str]:
    """The lines of an element: several things may stand at the signature's place."""
    [blocks] = clean(markup_of(node), resolve=page.resolve)
    return [block.text for block in blocks if block.text]


def _published(page: Page, metadata: Metadata, theme: LearntTheme, own: Selectors) -> PrintedDate | None:
    """The day of publication, from the one source the theme believes."""
    attribute = _ATTRIBUTE.get(theme.date)
    for node in _found(page, own.published)[:1]:
        text = line(node.attributes.get(attribute) or "") if attribute else node_text(node)
        moment = machine_day(text) if attribute and text else day_in(text or node_text(node))
        return PrintedDate(moment.value, moment.precision, theme.date, text) if moment is not None else None
    text = metadata.published.get(theme.date, "") if not own.published else ""
    moment = machine_day(text) if text else None
    return PrintedDate(moment.value, moment.precision, theme.date.split(":")[0], text) if moment is not None else None


def machine_day(text: str) -> Moment | None:
    """A day as software writes it for software."""
    return parse_iso(text) or parse_date(text)


def day_in(text: str) -> Moment | None:
    """The day of publication a line prints: of several the one labelled so, else the first without a label, else the first."""
    dates = [date for date in labelled_dates(text) if date.moment.precision != "month"]
    if not dates:
        return None
    for role in ("published", ""):
        told = next((date.moment for date in dates if date.role == role), None)
        if told is not None:
            return told
    return dates[0].moment


def is_signed(text: str) -> bool:
    """Whether a line names who wrote the article, not only where it was taken from."""
    bare = without_label(text)
    signature = read_signature(bare)
    return signature is not None and (signature.author is not None or ":" not in bare)


def _common(one: LexborNode | None, other: LexborNode | None) -> LexborNode | None:
    """The innermost element around two, if it is not the whole page."""
    if one is None or other is None:
        return None
    around = {one.mem_id, *(node.mem_id for node in _outer(one))}
    for node in (other, *_outer(other)):
        if node.mem_id in around:
            return node if node.tag not in ("body", "html") else None
    return None
