"""Finding an article on a page of a known family: its selectors, field by field, the newest theme's first."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from archive.model import Image, Removed, RemovedKind
from archive.text.normalise import line
from crawler.cms.family import Selectors
from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.clean import attachments, styles
from crawler.extract.dates.labelled_dates import printed_for
from crawler.extract.locate.located import Located
from crawler.page.dom import has_words, markup_of, node_text, outermost, tag_selector, texts_of, title_text, without
from crawler.page.page import Page
from crawler.page.pictures import addresses_of

_MANY = 3
"""Matches of a body selector from which on they are teasers of a list, or comments: one of them is read, or none."""
_MACHINE_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d")
_LEAST_OF_MANY = 400
"""Characters the one has at least."""


def by_selectors(page: Page, selectors: Selectors) -> Located | None:
    """The article where the selectors say it is; ``None`` if none of the body's matches or what matches is empty."""
    bodies = _bodies(page, selectors)
    if not bodies:
        return None
    located = Located("selectors")
    lead = _lead(page, selectors, bodies[0])
    inside = {node.mem_id for node in bodies}
    if lead is not None and not (len(bodies) == 1 and lead.mem_id in inside):
        located.lead, removed = without(markup_of(lead), _held_of([lead], selectors.drop))
        located.removed += removed
        bodies = [node for node in bodies if node.mem_id != lead.mem_id]
        drop = (*selectors.drop, *((selector, "other") for selector in selectors.lead))
    else:
        drop = selectors.drop
    markup = "\n".join(map(markup_of, bodies))
    located.markup, removed = without(markup, _held_of(bodies, drop))
    located.removed += removed
    located.body_node = bodies[0] if bodies else None
    fill(located, page, selectors)
    return located


def fill(located: Located, page: Page, selectors: Selectors) -> None:
    """The parts around the body: title, dates, section, account, tags, files, views; what is not found stays as it is."""
    title = _first(page, selectors.title)
    located.title = located.title or title_text(title)
    located.title_node = located.title_node or title
    _printed_dates(page, located, selectors)
    located.section = located.section or _section(_first(page, selectors.section))
    located.account = located.account or _account(_first(page, selectors.account))
    located.signatures += texts_of(_all(page, selectors.signature))
    tags = (text.strip("#, ") for text in texts_of(_all(page, selectors.tags)))
    located.tags = located.tags or list(dict.fromkeys(filter(None, tags)))
    for node in _all(page, selectors.attachments):
        url = attachments.behind_viewer(page.resolve(node.attributes.get("href")))
        if url is not None:
            located.attachments.append(attachments.attachment(url, _file_name(node)))
    located.views = located.views if located.views is not None else _views(_all(page, selectors.views))
    located.captions += texts_of(_all(page, selectors.caption))
    for node in _all(page, selectors.image)[:1]:
        url = next((url for said in addresses_of(node.attributes) if (url := page.resolve(said))), None)
        if url is not None:
            located.images.append(Image(url, located.captions[0] if located.captions else None))
    for selector, kind in selectors.aside:
        for node in outermost(page.tree.css(selector))[:3]:
            text = node_text(node)
            if text and not any(known.text == text for known in located.removed):
                located.removed.append(Removed(kind, text[:300]))


def _file_name(node: LexborNode) -> str:
    """What a link to a file calls it: its title, unless that is but the file's name and the text says more."""
    title, text = line(node.attributes.get("title") or ""), node_text(node)
    return text if not title or ("." in title and " " not in title and " " in text) else title


def _lead(page: Page, selectors: Selectors, body: LexborNode) -> LexborNode | None:
    """The lead's element: one before the body or within it, not that of a related item further down."""
    for selector in selectors.lead:
        for node in page.tree.css(selector):
            if node_text(node) and (node.mem_id == body.mem_id or stands_before(page, node, body)):
                return node
    return None


def stands_before(page: Page, one: LexborNode, other: LexborNode) -> bool:
    """Whether an element begins before another ends: it precedes it or lies within it."""
    inside = one.parent
    while inside is not None:
        if inside.mem_id == other.mem_id:
            return True
        inside = inside.parent
    for node in page.tree.css(f"{tag_selector(one, 'div')}, {tag_selector(other, 'div')}"):
        if node.mem_id == one.mem_id:
            return True
        if node.mem_id == other.mem_id:
            return False
    return False


def _bodies(page: Page, selectors: Selectors) -> list[LexborNode]:
    for selector in selectors.body:
        nodes = outermost(page.tree.css(selector))
        if any(has_words(node) or node.css_first("img") for node in nodes):
            if len(nodes) < _MANY:
                return nodes
            sizes = [len(node.text(deep=True)) for node in nodes]
            first = next(index for index, size in enumerate(sizes) if 2 * size >= max(sizes))
            if sizes[first] >= _LEAST_OF_MANY:
                return [nodes[first]]
    return []


def _held_of(nodes: list[LexborNode], drop: tuple[tuple[str, RemovedKind], ...]) -> tuple[tuple[str, RemovedKind], ...]:
    """Those of the selectors that match within the nodes: seldom any, which one look for all of them together tells."""
    if not _held(nodes, ", ".join(selector for selector, _ in drop)):
        return ()
    return tuple((selector, kind) for selector, kind in drop if _held(nodes, selector))


def _held(nodes: list[LexborNode], selector: str) -> bool:
    return bool(selector) and any(node.css_first(selector) is not None for node in nodes)


def _first(page: Page, choice: tuple[str, ...]) -> LexborNode | None:
    for selector in choice:
        first = page.tree.css_first(selector)
        if first is not None and node_text(first):
            return first
        for node in page.tree.css(selector) if first is not None else ():
            if node_text(node) or node.attributes.get("content") or node.attributes.get("datetime"):
                return node
    return None


def _all(page: Page, choice: tuple[str, ...]) -> list[LexborNode]:
    if len(choice) > 1 and page.tree.css_first(", ".join(choice)) is None:
        return []
    for selector in choice:
        nodes = page.tree.css(selector)
        if nodes:
            return nodes
    return []


def _printed_dates(page: Page, located: Located, selectors: Selectors) -> None:
    """What the selected elements print. One that only machines read is no visible date: the next selector is asked too."""
    for name, choice in (("published", selectors.published), ("modified", selectors.modified)):
        target = located.published if name == "published" else located.modified
        for selector in choice:
            node = _first(page, (selector,))
            if node is None:
                continue
            text = _printed_date(node, target)
            if text and is_seen(node, text):
                published, modified = printed_for(text)
                own, other = (published or modified, modified) if name == "published" else (modified or published, None)
                target.setdefault("visible", own or text)
                if other and other != own:
                    located.modified.setdefault("visible", other)
                break


def is_seen(node: LexborNode, text: str) -> bool:
    """Whether a reader sees a date: it is not hidden, nor written as machines write it."""
    attributes = {key: value or "" for key, value in node.attributes.items()}
    return not styles.is_hidden(attributes) and _MACHINE_WRITTEN.match(text) is None


def _printed_date(node: LexborNode, target: dict[str, str]) -> str:
    """Take what an element tells machines of a date; the words it prints."""
    time = node if node.attributes.get("datetime") else node.css_first("time[datetime]")
    if time is not None:
        target.setdefault("time", line(time.attributes.get("datetime") or ""))
    if node.attributes.get("content"):
        target.setdefault("microdata", line(node.attributes.get("content") or ""))
    text = node_text(node)
    if text and not is_seen(node, text):
        target.setdefault("microdata", text)
    return text


def _section(node: LexborNode | None) -> str | None:
    text = node_text(node)
    return boilerplate.section_in(text) or text.split(": ", 1)[-1].strip() or None


def _account(node: LexborNode | None) -> str | None:
    text = node_text(node)
    for opening in ("Viết bởi", "Written by", "Được viết bởi", "By", "Tác giả:", "Đăng bởi", "Người đăng:"):
        if text.lower().startswith(opening.lower() + " ") or text.lower().startswith(opening.lower() + ":"):
            text = text[len(opening) :].strip(" :")
    return text or None


def _views(nodes: list[LexborNode]) -> int | None:
    for node in nodes:
        text = node_text(node)
        views = next((n for part in text.split("|") if (n := boilerplate.views_in(part.strip())) is not None), None)
        if views is None and node.attributes.get("content", ""):
            views = boilerplate.views_in((node.attributes.get("content") or "").replace("UserPageVisits:", "Xem: "))
        if views is None and text.replace(".", "").replace(",", "").isdigit():
            views = int(text.replace(".", "").replace(",", ""))
        if views is not None:
            return views
    return None
