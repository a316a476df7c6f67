"""Words that portals print around an article: counters, ratings, section lines, toolbars, share buttons, related lists.

Markup is matched first, by the family's selectors; these synonyms catch what themes leave in the text and what bare text
cannot mark at all. They are held against whole short lines, never against pieces of a sentence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.model import RemovedKind
from crawler.extract.dates.date_lines import is_date_line
from crawler.words.tables import WithWords

LINE_LIMIT = 160
"""Characters above which a line is prose whatever it starts with."""


def _lines(template: str) -> WithWords:
    return WithWords(template, "line")


_NUMBER = r"(?:[\d.,][\d.,\s]*)?\d"
_COUNTER = _lines(
    rf"(?:[•|(\[-]\s*)?{{counter_labels}}(?:\s+{{counter_things}})?\s*+[:(]?\s*+(?P<number>{_NUMBER})\s*{{counter_units}}?\s*[)\]]?\.?|"
    rf"(?:[•|(\[-]\s*)?(?P<number2>{_NUMBER})\s*{{counter_endings}}(?:\s*[)\]])?"
)
_RATING = _lines(
    r"{rating_labels}\s*+:?[\d./★☆*\s]*+(?:(?:\(\s?\d{1,9}\s?|(?<=\d)|(?<=\d\s)){rating_votes}\s*\)?)?|"
    r"\(?\s*\d+\s*{rating_votes}\s*\)?|{rating_lines}|[★☆⭐\s]{3,}|(?:1\s*2\s*3\s*4\s*5)"
)
_SECTION = WithWords(r"{section_labels}\s*:?\s+(?P<name>[^.;!?]{2,60})", "opening")
_AD_LABEL = _lines(r"[\[(*-]*\s*{advert_labels}\s*[\])*:.-]*")
_RELATED = _lines(r"{related_lines}\s*[:.>»]*")
_FILES = _lines(r"{file_labels}")

_KINDS: tuple[tuple[RemovedKind, WithWords], ...] = (
    ("ad_label", _AD_LABEL),
    ("counter", _COUNTER),
    ("rating", _RATING),
    ("section", _SECTION),
    ("related", _RELATED),
    ("toolbar", _lines("{toolbar_lines}")),
    ("share", _lines("{share_lines}")),
    ("comments", _lines(r"[(\[]?\s*(?:{comment_lines})\s*[)\]]?")),
    ("navigation", _lines("{navigation_lines}")),
    ("other", _lines("{other_lines}|{file_labels}")),
)


@lru_cache(maxsize=16384)  # menus and labels are the same on every page of a portal
def kind_of(text: str) -> RemovedKind | None:
    """What boilerplate a whole line is, or ``None`` for anything that may be part of an article."""
    if not text or len(text) > LINE_LIMIT:
        return None
    for kind, pattern in _KINDS:
        found = pattern.fullmatch(text)
        if found and (kind != "section" or _names_section(found)):
            return kind
    counter = _COUNTER.match(text)
    if counter is not None:
        rest = text[counter.end() :].strip(" |,;•·-–")
        if rest and (is_date_line(rest) or any(pattern.fullmatch(rest) for _, pattern in _KINDS)):
            return "counter"
    return None


def _names_section(found: re.Match[str]) -> bool:
    """Whether a section line goes on with a name: "Đăng tại trụ sở" and "Xuất bản trong quý 2" are text."""
    return not found["name"].strip(" :|»–-")[:1].islower()


_OPENINGS = WithWords(r"(?:(?P<related>{related_openings})|(?P<other>{other_openings}))(?!\w)", "opening")


def opens_with(text: str) -> RemovedKind | None:
    """What boilerplate a whole element's text begins with: ``related`` for lists of other news, ``other`` for small print."""
    found = _OPENINGS.match(text)
    if found is None or text[found.end() :].lstrip()[:1].islower():
        return None  # a sentence goes on: "Chia sẻ tại buổi lễ, …"
    return "related" if found["related"] else "other"


def labels_files(text: str) -> bool:
    """Whether a line heads a list of files: "File đính kèm:", "Tải tập tin đính kèm"."""
    return _FILES.fullmatch(text.strip()) is not None


def views_in(text: str) -> int | None:
    """The number a counter prints: 265 of "Đọc 265 lượt", 1234 of "Xem: 1.234 lần"; ``None`` if it is no counter."""
    if len(text) > LINE_LIMIT:
        return None
    found = _COUNTER.fullmatch(text.strip())
    if found is None and kind_of(text.strip()) == "counter":
        found = _COUNTER.match(text.strip())
    if found is None or "truy cập" in text.lower():  # the counter of the whole site
        return None
    digits = re.sub(r"\D", "", found["number"] or found["number2"])
    return int(digits) if digits and len(digits) < 12 else None


@lru_cache(maxsize=16384)
def section_in(text: str) -> str | None:
    """The section a line names: "Tin tổng hợp" of "Xuất bản trong Tin tổng hợp"; ``None`` if it is no section line."""
    found = _SECTION.fullmatch(text.strip())
    if not found or not _names_section(found):
        return None
    return re.sub(r"^[\s:|»–-]+|[\s:|»–-]+$", "", found["name"])
