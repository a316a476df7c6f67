"""What words make of a page whose software says nothing sure: signs of a kind, weighed against those of an article.

Words never decide alone. Beside each word stands what a page of that kind looks like: no day of its own, a menu that leads to
it, labels of questions, players. The weights were set by hand so that the pages of ``tests/crawler/extract`` and the
portals they were tried on come out as a person would have it; none is within one of the other side but where a page is
both, as an undated item about the office is.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from crawler.addresses.shapes import is_static_address
from crawler.cms.family import Verdict
from crawler.extract.kinds.outline import Outline
from crawler.page.dom import node_text, some
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.words.tables import Phrases, address_words, words

_STATIC, _STATIC_OR_NEWS = words("static_pages", "title"), words("static_or_news", "title")
_QUESTIONS, _QUESTION_FOLDERS = words("questions", "title"), address_words("questions", "folder")
_QUESTION_LABELS, _ANSWER_LABELS = words("question_labels", "opening"), words("answer_labels", "opening")
_LAWS, _LAW_FOLDERS = words("law_lists", "title"), address_words("law_lists", "folder")
_LAW_LABELS = words("law_labels", "line")
_ANY_LAW_LABELS = words("law_labels", "text")
_MEDIA, _MEDIA_FOLDERS = words("media", "title"), address_words("media", "folder")
_SEARCH_TITLES, _TAG_TITLES = words("search_titles", "title"), words("tag_titles", "title")
_NOT_TELLING = ("tải về", "lĩnh vực")
"""Labels that other pages bear as well."""


def by_words(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    """What the words of a page make of it, beside what it looks like; ``own`` is an article by its software's marks."""
    checks: tuple[Callable[[Page, Outline, Verdict | None], Verdict | None], ...] = (
        _login,
        _search,
        _law_list,
        _questions,
        _media,
        _static,
    )
    return next((verdict for check in checks if (verdict := check(page, outline, own)) is not None), None)


def _article(outline: Outline, own: Verdict | None) -> int:
    """Signs of one article: a day of its own, a title and paragraphs, its software's mark."""
    signs = 2 if outline.counts.dated else 0
    signs += 2 if outline.is_plainly_article else 0
    signs += (3 if own.typed or outline.is_marked_article else 2) if own is not None else 0
    return signs


def _path(page: Page) -> str:
    return unquote(urlsplit(page.url).path)


def _login(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    lists = outline.counts.teasers >= 3 or outline.counts.linked_entries >= 5  # the log-in is a window of every page
    if own is None and outline.asks_password and outline.prose < 300 and not outline.counts.dated and not lists:
        return Verdict("login", Reason(Code.ASKS_PASSWORD))
    return None


def _search(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    title = outline.title or ""
    if own is not None or outline.is_plainly_article or not title:
        return None
    if _SEARCH_TITLES.is_all_of(title):
        return Verdict("search", Reason(Code.TITLED_SEARCH))
    if outline.counts.teasers and _TAG_TITLES.is_all_of(title):
        return Verdict("listing", Reason(Code.TITLED_TAG))
    return None


def _law_list(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    if own is not None and outline.prose > 500:
        return None
    best = 0
    for table in page.tree.css("table"):
        row = table.css_first("tr")
        best = max(best, len(set(_ANY_LAW_LABELS.found_in(node_text(row).lower()))) if row is not None else 0)
        if best >= 3 and not outline.long_paragraphs:
            return Verdict("law_list", Reason(Code.LAW_TABLE))
    if outline.long_paragraphs > 2:
        return None
    labels = {
        node_text(node).rstrip(" :").lower()
        for node in some(page.tree.css("th, td, dt, label, strong, b, span, .field__label, .label"))
        if len(node.text()) < 40
    }
    named = sum(1 for label in labels if label not in _NOT_TELLING and _LAW_LABELS.is_all_of(label))
    hinted = _LAW_FOLDERS.find(_path(page)) or _LAWS.find(outline.section or "") or _LAWS.find(outline.title or "")
    if named >= 4 or (hinted and (named >= 2 or best >= 2)):
        return Verdict("law_list", Reason(Code.LAW_LABELS))
    return None


def _questions(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    if outline.types & {"QAPage", "FAQPage", "microdata:QAPage", "microdata:FAQPage"}:
        return Verdict("qa", Reason(Code.MARKED_QUESTIONS))
    questions, answers = _lines_that(_QUESTION_LABELS, outline), _lines_that(_ANSWER_LABELS, outline)
    hinted = (
        _QUESTION_FOLDERS.find(_path(page))
        or _QUESTIONS.find(outline.section or "")
        or _QUESTIONS.is_all_of((outline.title or "").strip())
    )
    looks = (2 if questions else 0) + (2 if answers else 0) + (1 if own is None and not outline.counts.dated else 0)
    if hinted and looks and 2 + looks >= _article(outline, own):
        return Verdict("qa", Reason(Code.QUESTIONS_SECTION))
    if (questions >= 2 and answers >= 2) or (questions and answers and own is None and outline.has_qa_names):
        return Verdict("qa", Reason(Code.QUESTIONS_COUNTED, questions=questions, answers=answers))
    return None


def _lines_that(open_so: Phrases, outline: Outline) -> int:
    """How many lines of a page begin in a way."""
    return sum(1 for text in outline.parts if open_so.open(text)) if open_so.may_be_in(outline.text) else 0


def _media(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    counts = outline.counts
    if counts.files or outline.prose >= 500:
        return None
    hinted = (
        _MEDIA_FOLDERS.find(_path(page))
        or _MEDIA.find(outline.section or "")
        or (outline.prose < 300 and _MEDIA.find(outline.title or ""))
    )
    looks = (2 if counts.players else 0) + (2 if counts.images >= 3 else 0)
    looks += 1 if own is None and outline.prose < 200 else 0
    looks += 1 if own is None and not counts.dated else 0
    if hinted and looks and 2 + looks >= _article(outline, own):
        return Verdict("media", Reason(Code.MEDIA_SECTION))
    if counts.players and outline.prose < 120 and outline.long_paragraphs == 0:
        return Verdict("media", Reason(Code.MEDIA_PLAYER))
    return None


def _static(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    title, counts = (outline.title or "").strip(), outline.counts
    named = 3 if _STATIC.is_all_of(title) else 1 if _STATIC_OR_NEWS.is_all_of(title) else 0
    by_address = 2 if is_static_address(page.url) else 0
    if counts.dated and not named and not by_address:
        return None
    looks = (4 if outline.menu[0] else 0) + (0 if counts.dated else 1)
    beside = looks or (named == 3 and by_address)  # title and address are two names of one thing
    if named and beside and named + by_address + looks >= max(1, _article(outline, own)):
        return Verdict("static", Reason(Code.STATIC_TITLE, text=title[:60]))
    if by_address and not counts.dated and by_address + looks >= _article(outline, own):
        return Verdict("static", Reason(Code.STATIC_ADDRESS))
    if outline.menu[0] and not counts.dated and not counts.teasers and not counts.files and outline.prose > 0:
        if own is not None and (own.typed or outline.is_marked_article):
            return None
        return Verdict("static", Reason(Code.STATIC_MENU))
    if outline.contact_form and outline.prose < 600 and not counts.dated and own is None:
        return Verdict("static", Reason(Code.STATIC_FORM))
    return None
