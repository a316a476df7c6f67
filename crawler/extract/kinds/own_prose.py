"""What a page says itself: prose and days that stand in no entry of a list, and pages that carry a form or files alone."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from crawler.extract.clean import attachments
from crawler.page.dom import node_text, some
from crawler.page.outside import lies_outside, path_to
from crawler.page.page import Page
from crawler.reasons.codes import Code

LEAST_ALIKE = 3
"""Entries of one shape beside each other that make a list."""
TITLE = 15
"""Characters of a link from which on it may be the title of an entry."""
LONGEST = 1500
_STEPS = 5
_NO_ENTRIES = ("p", "body", "html", "main")
_SIBLINGS = 40
PARAGRAPH, PROSE = 60, 200
"""Characters of a paragraph, and of all of them, from which on a page says something itself."""
_CONTROLS = (
    "input[type=radio i], input[type=checkbox i], input[type=text i], input[type=email i], input:not([type]), textarea"
)
_FEWEST_CONTROLS = 3
"""A search has one, a log-in two; a poll and a letter to the office have more."""
_FEWEST_FILES = 3


class Entries:
    """The entries of a page's lists: elements of one shape beside each other, each with a link to one page of its own."""

    def __init__(self, page: Page) -> None:
        self._own = page.url.split("#")[0].rstrip("/")
        self._page = page
        self._lists: dict[tuple[int, str], bool] = {}

    def hold(self, node: LexborNode) -> bool:
        """Whether a node stands in an entry, or is one."""
        around: LexborNode | None = node
        for _ in range(_STEPS):
            if around is None or around.tag in ("body", "html"):
                return False
            outer = around.parent
            if (
                outer is not None
                and around.tag not in _NO_ENTRIES
                and self._is_entry(around)
                and self._has_alike(around)
            ):
                return True
            around = outer
        return False

    def _has_alike(self, node: LexborNode) -> bool:
        """Whether an entry has others of its kind beside it; asked once of each list."""
        outer = node.parent
        assert outer is not None
        key = (outer.mem_id, node.tag or "")
        if key not in self._lists:
            alike, seen, child = 0, 0, outer.child
            while child is not None and seen < _SIBLINGS and alike < LEAST_ALIKE:
                if child.tag == node.tag:
                    seen += 1
                    alike += self._is_entry(child)
                child = child.next
            self._lists[key] = alike >= LEAST_ALIKE
        return self._lists[key]

    def _is_entry(self, node: LexborNode) -> bool:
        links = node.css("a[href]")
        if not links or len(links) > 8 or len(node.text(deep=True)) > LONGEST:
            return False
        targets = {link.attributes.get("href") or "" for link in links if len(link.text(deep=True).strip()) >= TITLE}
        if len(targets) != 1:
            return False
        url = self._page.resolve(targets.pop())
        return url is not None and url.split("#")[0].rstrip("/") != self._own


def own_paragraphs(scope: LexborNode, entries: Entries) -> list[int]:
    """The lengths of paragraphs in ``scope`` that stand in no entry of a list, linked words left out."""
    lengths = []
    for node in some(scope.css("p, div, td, li, blockquote, section, span, font")):
        text = node.text(deep=True) if node.tag == "p" else node.text(deep=False)
        length = len(" ".join((text or "").split()))
        if node.tag == "p":
            length -= sum(len(link.text(deep=True)) for link in node.css("a"))
        if length >= PARAGRAPH and not lies_outside(node) and not entries.hold(node):
            lengths.append(length)
    return lengths


def says_something(paragraphs: list[int]) -> bool:
    """Whether paragraphs are the text of an article: two of them or a long one, and some length."""
    return sum(paragraphs) >= PROSE and (len(paragraphs) > 1 or max(paragraphs) >= PROSE)


def carries_only(scope: LexborNode) -> Code | None:
    """Whether a page's content is a poll or another form, or a table of files, without a text of its own."""
    if _has_form(scope) and not _text_beside_forms(scope):
        return Code.ONLY_A_FORM
    rows = [row for row in scope.css("tr") if len(row.css("tr")) == 1 and _is_file_row(row)]
    if len(rows) < _FEWEST_FILES:
        return None
    ids = {row.mem_id for row in rows}
    beside = any(
        len(node_text(node)) >= PARAGRAPH and not any(outer.mem_id in ids for outer in path_to(node))
        for node in some(scope.css("p, div, td, li"))
        if node.css_first("tr, p, div, td, li") is None or node.tag == "p"
    )
    return None if beside else Code.ONLY_FILES


def _has_form(scope: LexborNode) -> bool:
    return sum(1 for node in scope.css(_CONTROLS) if not lies_outside(node)) >= _FEWEST_CONTROLS


def _text_beside_forms(scope: LexborNode) -> bool:
    """Whether a paragraph stands outside of forms. A form around the whole page (ASP.NET) is none of its content."""
    for node in some(scope.css("p, div, td, li, blockquote, span, font")):
        text = node.text(deep=True) if node.tag == "p" else node.text(deep=False)
        if len(" ".join((text or "").split())) < PARAGRAPH or node.css_first(_CONTROLS) is not None:
            continue
        form = next((outer for outer in path_to(node) if outer.tag == "form"), None)
        if (
            form is None
            or form.css_first("h1, h2, nav, header") is not None
            or form.css_first('input[name="__VIEWSTATE"]')
        ):
            return True
    return False


def _is_file_row(row: LexborNode) -> bool:
    return any(attachments.is_document(link.attributes.get("href") or "") for link in row.css("a[href]"))
