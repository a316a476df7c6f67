"""Parts of a page that are no content whatever the software: menus, sidebars, footers, comment forms, related lists."""

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborNode

from crawler.page.part_names import parted, said

SKIPPED_TAGS = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "input",
        "select",
        "textarea",
        "button",
        "option",
        "canvas",
        "audio",
        "video",
        "head",
        "title",
        "meta",
        "link",
    ]
)
_OUTSIDE_TAGS = frozenset(("nav", "footer", "aside"))
_OUTSIDE = re.compile(
    r"(?:^|[\s_-])(?:side-?bars?|aside|left-?col(?:umn)?|right-?col(?:umn)?|col-?(?:left|right)|foot(?:er)?\w*|breadcrumbs?\w*|pathway|you-are-here|comments?(?:-\w+)?|disqus\w*|relate[ds]?\w*|other-?news|tin-?(?:khac|lien-?quan|moi|cu)\w*|"
    r"hidden|hide|d-none|element-invisible|tags?(?:-(?:list|block|links|cloud|wrap\w*|items?|title))?(?=$|\s)|keywords?|tu-?khoa|menu\w*|nav|navbar\w*|navigation\w*|main-?nav|social\w*|share\w*|sharing|cookies?\w*|popup|modal|banners?|advert\w*|ads?|quang-?cao|qc|copyright|login\w*|search-?(?:box|form|block|bar)|language\w*|pagination|pager|paging|"
    r"rating\w*|vote\w*|print\w*|toolbar\w*|newsletter|subscribe|widgets?|weather|counter|thong-?ke|statistic\w*|block-system-branding|skip-?link|visually-hidden|sr-only|screen-reader-text|links?-?website|lien-?ket|contextual\w*|tabs--primary|portlet(?:Navigation|Calendar|Recent|News|Events)\w*|"
    r"(?:prev|next|post)-?(?:news|post|article|nav)\w*|(?:about-?)?author-?(?:box|bio|latest|block|details|info|card|description)|back-?to-?top|topbar|top-?bar|header|masthead|hotnews|most-?(?:read|viewed)|xem-?nhieu|doc-?nhieu|cac-?tin|listnews|list-?news|tinmoi)(?:$|[\s_-])",
    re.I,
)  # fmt: skip
_NEVER = frozenset(("html", "body", "main", "article"))


_FLOWING = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "figcaption", "caption"))
"""Elements that hold text itself, whatever a theme calls them."""

_WITHIN_LINES = frozenset(
    (
        "a",
        "abbr",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "ins",
        "del",
        "label",
    )
)
TEXT_TAGS = _FLOWING | _WITHIN_LINES
_PROSE_OF_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:-\w+)?|disqus\w*|foot(?:er)?\w*|side-?bars?|aside|(?:about-?)?author\w*|cookies?\w*|newsletter|subscribe|copyright|login\w*|popup|modal|"
    r"hidden|hide|d-none|element-invisible|visually-hidden|sr-only|screen-reader-text|skip-?link)(?:$|[\s_-])",
    re.I,
)
"""Names of parts that hold whole sentences that are not the article's."""

PROSE = 60
"""Characters outside of links from which on the words of an element are prose, and no label."""


def _in_article(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag == "article":
            return True
        parent = parent.parent
    return False


def marks(node: LexborNode) -> str:
    """Class and id of a node as one string, words of ``camelCase`` names parted."""
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()
    return parted(names)


def path_to(node: LexborNode) -> list[LexborNode]:
    """A node and its ancestors, from the root down."""
    path = []
    current: LexborNode | None = node
    while current is not None and current.tag not in ("html", "-document"):
        path.append(current)
        current = current.parent
    return path[::-1]


def is_outside(node: LexborNode) -> bool:
    """Whether a node by its tag, role or names holds what stands around the content of a page."""
    tag = node.tag or ""
    if tag in _OUTSIDE_TAGS and not (tag != "nav" and _in_article(node)):
        return True
    if tag in _NEVER:
        return False
    attributes = node.attributes
    if attributes.get("role") in _ROLES:
        return True
    names = parted(f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip())
    if not names:
        return tag == "header" and node.css_first("h1, h2") is None
    if tag == "header":
        # A header within an article holds its title; the site's own holds the menu and the search box.
        if names.strip() and said(names).strip():
            return node.css_first("nav, form, ul li a") is not None
        return node.css_first("h1, h2") is None
    if not _names_outside(names):  # most elements
        return False
    names = said(names)
    if is_text(node, names) or _holds_article(node, names):
        return False
    return "header" not in names.lower() or (node.css_first("h1") is None and not _holds_paragraphs(node))


_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "alert")
)


@lru_cache(maxsize=8192)  # a theme gives few names to many elements
def _names_outside(names: str) -> bool:
    return _OUTSIDE.search(names) is not None and _OUTSIDE.search(said(names)) is not None


_BY_CONTENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:-\w+)?|disqus\w*|foot(?:er)?\w*|relate[ds]?\w*|other-?news|tin-?\w+|cac-?tin|most-?\w+|xem-?nhieu|doc-?nhieu|hotnews|list-?news|(?:about-?)?author\w*|cookies?\w*|newsletter|subscribe|copyright|login\w*|popup|"
    r"menu\w*|nav\w*|breadcrumbs?\w*|tags?|social\w*|skip-?link|portlet\w*|(?:prev|next)-?\w+)(?:$|[\s_-])",
    re.I,
)
"""Names of what a part holds. The others name a place ("sidebar", "col-left") or a state ("hidden"), which an article may have."""
_OWN_TEXT, _OWN_PARAGRAPHS = 1000, 4
"""Characters and paragraphs of prose from which a part in such a place holds an article; an advert's or a widget's has less."""
_MOST_LINKED = 0.25


def _holds_article(node: LexborNode, names: str) -> bool:
    """Whether a part named for its place, its looks or its state holds a text of several paragraphs, hardly linked."""
    if _BY_CONTENTS.search(names):
        return False
    paragraphs = [p for p in node.css("p, li")[:200] if _is_prose(p)]
    if len(paragraphs) < _OWN_PARAGRAPHS:
        return False
    whole = len(node.text(deep=True))
    linked = sum(len(link.text(deep=True)) for link in node.css("a"))
    return (
        sum(len(p.text(deep=True)) for p in paragraphs) >= max(_OWN_TEXT, 0.5 * whole) and linked < _MOST_LINKED * whole
    )


def _holds_paragraphs(node: LexborNode) -> bool:
    """Whether an element holds a text of its own: two paragraphs at least. A site's header holds none."""
    return sum(_is_prose(paragraph) for paragraph in node.css("p")[:20]) >= 2


def is_text(node: LexborNode, names: str = "") -> bool:
    """Whether an element is text by what it is and holds, in spite of its name: a paragraph of prose, words within a
    sentence, prose without a single link or field in a part that is not named for the words of others."""
    tag = node.tag or ""
    if tag in _FLOWING:
        return _is_prose(node)
    if tag in _WITHIN_LINES:
        return _stands_in_sentence(node) or (
            _is_prose(node) and (_is_in_paragraph(node) or not _PROSE_OF_OTHERS.search(names))
        )
    if _PROSE_OF_OTHERS.search(names) or node.css_first("a[href], form, input, button, iframe, ins") is not None:
        return False
    return any(len(text) >= PROSE and text.endswith(_SENTENCE_ENDS) for text in _own_lines(node))


_SENTENCE_ENDS = (".", "!", "?", "…", ".”", '."', ":", ";")


def _own_lines(node: LexborNode) -> list[str]:
    return [text.strip() for text in node.text(deep=True, separator="\n").split("\n")]


def _is_prose(node: LexborNode) -> bool:
    text = " ".join(node.text(deep=True).split())
    linked = sum(len(link.text(deep=True)) for link in node.css("a"))
    return len(text) - linked >= PROSE or (len(text) >= 30 and linked == 0 and text.endswith(_SENTENCE_ENDS))


def _is_in_paragraph(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag in _WITHIN_LINES:
        parent = parent.parent
    return parent is not None and parent.tag in _FLOWING


def _stands_in_sentence(node: LexborNode) -> bool:
    """Whether other words of the same line stand beside an inline element: letters in the text before or after it."""
    top = node
    while top.parent is not None and top.parent.tag in _WITHIN_LINES:
        top = top.parent
    beside = 0
    for sibling, forward in ((top.prev, False), (top.next, True)):
        while (
            sibling is not None
            and sibling.tag != "br"
            and (not sibling.is_element_node or sibling.tag in _WITHIN_LINES)
        ):
            if not sibling.is_element_node or sibling.tag != "a":
                beside += sum(
                    map(
                        str.isalpha,
                        (sibling.text(deep=True) if sibling.is_element_node else sibling.text_content) or "",
                    )
                )
            if beside >= 12:
                return True
            sibling = sibling.next if forward else sibling.prev
    return False


_SURE = re.compile(
    r"(?:^|[\s_-])(?:side-?bars?|aside|foot(?:er)?\w*|comments?(?:-\w+)?|disqus\w*|relate[ds]?\w*|other-?news|tin-?\w+|menu\w*|nav\w*|cookies?\w*|popup|modal|banners?|advert\w*|ads?|quang-?cao|qc|login\w*|newsletter|"
    r"subscribe|hotnews|most-?\w+|xem-?nhieu|doc-?nhieu|cac-?tin|list-?news|hidden|d-none|element-invisible|visually-hidden|sr-only|portlet\w*|block|(?:about-?)?author\w*|left-?col\w*|right-?col\w*|col-?(?:left|right))(?:$|[\s_-])",
    re.I,
)
"""Names that say what a part is, not how it looks."""


def is_surely_outside(node: LexborNode) -> bool:
    """Whether a part that :func:`is_outside` is so by its tag, role or a name of its contents, however much it holds."""
    return node.tag in _OUTSIDE_TAGS or bool(node.attributes.get("role")) or _SURE.search(said(marks(node))) is not None


def lies_outside(node: LexborNode) -> bool:
    """Whether a node or anything around it is outside the content."""
    return any(is_outside(parent) for parent in path_to(node))
