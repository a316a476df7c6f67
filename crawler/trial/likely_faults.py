"""Likely faults of what was read: signs to look at, by which a person begins. None of them proves anything alone."""

from __future__ import annotations

from collections import Counter

from archive.text.fold import fold
from archive.text.vietnam_time import in_vietnam
from crawler.trial.beside import Beside

SHORT, LINE, MANY = 200, 30, 3
"""Characters below which a text is short; of a line that may not be there twice; articles that may not share a title or a line."""

FAULTS = {
    "no title": ("không có tiêu đề", "no title"),
    "no date": ("không có ngày", "no date"),
    "later": ("ngày đăng sau ngày thu thập", "published after the day of the crawl"),
    "short": ("nội dung dưới 200 ký tự", "text shorter than 200 characters"),
    "same title": ("nhiều bài cùng tiêu đề", "same title on several articles"),
    "other title": ("tiêu đề không có trong trang", "title is in neither title tag nor headings"),
    "twice": ("nội dung có dòng lặp lại", "text has a line twice"),
    "shared line": ("nhiều bài có cùng một dòng", "a line of the text stands in several articles"),
    "no page": ("không đọc lại được trang đã lưu", "the captured page cannot be read back"),
}
"""By code, what a person is told (Vietnamese, English), the gravest first."""


def find_faults(articles: list[Beside]) -> list[Beside]:
    """The articles of a portal with what may be wrong of each, those with the gravest first."""
    titles = Counter(one.title for one in articles if one.title)
    lines = Counter(text for one in articles for text in set(_lines(one)))
    for one in articles:
        found = {
            "no title": not one.title,
            "no date": not one.published,
            "later": _is_later(one),
            "short": one.characters < SHORT,
            "same title": titles[one.title] >= MANY,
            "other title": one.own is not None and bool(one.title) and not _is_said(one),
            "twice": any(count > 1 for count in Counter(_lines(one)).values()),
            "shared line": any(lines[text] >= MANY for text in _lines(one)),
            "no page": one.own is None,
        }
        one.faults = [name for name in FAULTS if found[name]]
    order = list(FAULTS)
    return sorted(
        articles, key=lambda one: ([order.index(name) for name in one.faults] or [len(order)], one.identifier)
    )


def _lines(one: Beside) -> list[str]:
    return [text for part in one.article.text.splitlines() if len(text := part.strip()) >= LINE]


def _is_later(one: Beside) -> bool:
    """Whether the day of publication is after that of the look, in Vietnam."""
    looked = in_vietnam(one.fetched_at)[:10]
    return one.published[: len(looked)] > looked[: len(one.published)]


def _is_said(one: Beside) -> bool:
    """Whether the title stands in what the page calls itself."""
    assert one.own is not None
    title = fold(one.title).rstrip("…")
    return any(
        title in fold(text) or (len(text) > 8 and fold(text) in title)
        for text in (one.own.title_tag, one.own.og_title, *one.own.headings)
    )
