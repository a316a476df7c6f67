"""Adverts in modules beside an article: taken down as evidence, since they stand on the page as the article does."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from archive.model import Article, Removed
from crawler.extract.boilerplate import lines as boilerplate
from crawler.page.dom import node_text
from crawler.page.page import Page
from crawler.words.word_search import Spellings

_SPELLINGS = Spellings(("uảng c", "uảng C", "UẢNG C", "dvertisement", "DVERTISEMENT"))
_BANNER = "img, iframe, ins, object, embed, video"
_LIMIT = 300
# Beyond ASCII "i" makes no letters alike.
_NAMING = ", ".join(f':lexbor-contains("{words}" i)' for words in ("quảng cáo", "QUẢNG CÁO", "advertisement"))
"""Elements in whose own text the words stand."""


def adverts_beside(page: Page, article: Article) -> list[Removed]:
    """Each label "QUẢNG CÁO" of a page with the advert under it; what the article's text already gave is left out."""
    root = page.tree.body
    if root is None or not _are_printed(page.utf8):
        return []
    known = {(piece.kind, piece.text) for piece in article.removed}
    found: list[Removed] = []
    seen: set[int] = set()
    whole = f"{article.lead or ''}\n{article.text}"
    for node in root.css(_NAMING):
        if node.tag in ("script", "style") or len(node.text(deep=True)) > 60:
            continue
        text = node_text(node)
        if (
            boilerplate.kind_of(text) != "ad_label"
            or node.parent is None
            or node.parent.mem_id in seen
            or node.css_first("a[href]")
        ):
            continue
        seen.add(node.mem_id)
        if ("ad_label", text) not in known:
            known.add(("ad_label", text))
            found.append(Removed("ad_label", text))
        advert, href = _advert_under(node, text)
        if advert and ("spam", advert) not in known and len(advert) <= _LIMIT and advert not in whole:
            known.add(("spam", advert))
            found.append(Removed("spam", advert, page.resolve(href)))
    return found


def _are_printed(markup: bytes) -> bool:
    """Whether a page may show the words: those in its tags (the text for a banner's picture) are seen by nobody."""
    for _, at in _SPELLINGS.places(markup):
        tag = markup.rfind(b"<", 0, at)
        if markup.rfind(b">", tag + 1, at) >= 0 or not markup[tag + 1 : tag + 2].strip():
            return True
    return False


def _advert_under(label: LexborNode, text: str) -> tuple[str, str | None]:
    """The words and the link of what follows a label: its next sibling, or its parent's, at most three levels up.

    A banner has no words but those of its picture. Whatever bears a heading of its own is another box of the page.
    """
    node: LexborNode | None = label
    for _ in range(3):
        if node is None or node.tag in ("body", "html"):
            break
        sibling = node.next
        while sibling is not None:
            words = node_text(sibling) if sibling.is_element_node else (sibling.text_content or "").strip()
            banner = sibling.css_first(_BANNER) if sibling.is_element_node else None
            if words or banner is not None:
                return _advert(sibling, words, banner)
            sibling = sibling.next
        node = node.parent
    return "", None


def _advert(node: LexborNode, words: str, banner: LexborNode | None) -> tuple[str, str | None]:
    if not node.is_element_node:
        return (words, None) if boilerplate.kind_of(words) is None and len(words) <= _LIMIT else ("", None)
    if node.css_first("h1, h2, h3, h4, h5, h6, legend") is not None:
        return "", None
    if not words and banner is not None:
        words = " ".join((banner.attributes.get("alt") or banner.attributes.get("title") or "").split())
    link = node if node.tag == "a" else node.css_first("a[href]")
    if not words or boilerplate.kind_of(words) is not None or (link is None and len(words) > _LIMIT):
        return "", None
    return words, (link.attributes.get("href") if link is not None else None)
