"""The clock of a page: the day of the visit that a header, a side column or a footer prints. It dates no article.

Told by its name and words ("Hôm nay: …"), and by its place: a date that stands apart from title and text dates an
article only where its label or name says so; one that is no other than the day of the visit, even beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from selectolax.lexbor import LexborNode

from archive.text.dates import Moment, parse_date, parse_iso
from archive.text.vietnam_time import VIETNAM
from crawler.extract.dates.labelled_dates import labelled_dates
from crawler.page.dom import node_text
from crawler.page.outside import lies_outside, marks, path_to
from crawler.page.part_names import without_own
from crawler.words.whole_words import whole_words

_NAMES = re.compile(
    r"(?:^|[\s_-])(?:clocks?|digital-?clock|dong-?ho|todays?(?:-?date)?|hom-?nay|current-?(?:date|time|day)|(?:top|header|head|server|system|real|live|now)-?(?:date|time|day|ngay|clock)(?:-?time)?|"
    r"date-?(?:now|today|current|top|header)|date-?time-?now|time-?now|now|ngay-?(?:hien-?tai|gio)|gio-?hien-?tai|thoi-?gian-?hien-?tai|thoi-?tiet|weather)(?:$|[\s_-])",
    re.I,
)
_WORDS = whole_words(
    r"hôm nay(?: là)?|bây giờ(?: là)?|(?:ngày|giờ|thời gian) hiện tại|today(?: is)?|current (?:date|time)", re.I
)
_PUBLICATION_NAMES = re.compile(
    r"publi|posted|created|submitted|ngay-?(?:dang|xuat)|(?:post|entry|article|news|detail|tin|bai)-?(?:date|time|meta|info)|byline",
    re.I,
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HEADS_POSTS = re.compile(r"(?<!\S)date-?header(?!\S)", re.I)
_PROSE = 80
"""Characters from which what stands between the title and a date is a paragraph."""
_SIBLINGS = 300
"""Parts after the title looked at to find a date's; broken pages have fifty thousand."""
_NEAR_UP = 4
"""Elements around a date whose names are asked."""


def is_clock(node: LexborNode, text: str) -> bool:
    """Whether a date is the clock's by the words beside it or the names around it."""
    if len(text) < 120 and _WORDS.search(text) and labelled_dates(text):
        return True
    return any(_is_called_clock(parent) for parent in path_to(node)[-_NEAR_UP:])


def _is_called_clock(node: LexborNode) -> bool:
    names = without_own(marks(node))
    if node.tag in _HEADINGS:  # "date-header" as Blogger has it: the day heads the posts below
        names = _HEADS_POSTS.sub(" ", names)
    return _NAMES.search(names) is not None


class OwnDates:
    """Whether a printed date is the article's, by where it stands beside title and text on a page seen at ``fetched_at``."""

    def __init__(self, title: LexborNode | None, body: LexborNode | None, fetched_at: str | None) -> None:
        seen = parse_iso(fetched_at) if fetched_at else None
        self.seen: datetime | None = seen.when.astimezone(VIETNAM) if seen is not None else None
        self.title, self.body = title, body
        self.title_path = [node.mem_id for node in path_to(title)] if title is not None else []
        self.body_path = [node.mem_id for node in path_to(body)] if body is not None else []
        common = [key for key in self.title_path if key in set(self.body_path)]
        self.top = common[-1] if common else (self.body_path[-1] if self.body_path else None)
        self.is_flat = len(common) == 1  # the page's body itself is all that title and text have in common

    def has(self, node: LexborNode, text: str, read: Callable[[str], Moment | None] = parse_date) -> bool:
        """Whether the date that ``node`` prints as ``text`` may be the article's."""
        if is_clock(node, text):
            return False
        if self.top is None:
            return not lies_outside(node) and not self._is_day_of_visit(text, read)
        path = [parent.mem_id for parent in path_to(node)]
        in_text = bool(self.body_path) and self.body_path[-1] in path and self.body_path[-1] not in self.title_path
        if in_text or self._is_called_publication(node, text):
            return True
        if self.top not in path:
            return False
        place = self._place(path)
        if place and self._is_day_of_visit(text, read):
            return False
        return not self.is_flat or place != "before" or self._touches_title(node)

    def _is_called_publication(self, node: LexborNode, text: str) -> bool:
        if lies_outside(node):
            return False
        if any(date.role == "published" for date in labelled_dates(text)):
            return True
        return any(_PUBLICATION_NAMES.search(marks(parent)) for parent in path_to(node)[-2:])

    def _is_day_of_visit(self, text: str, read: Callable[[str], Moment | None]) -> bool:
        moment = read(text) if self.seen is not None else None
        return (
            moment is not None
            and self.seen is not None
            and abs(moment.when.date() - self.seen.date()) <= timedelta(days=1)
        )

    def _place(self, path: list[int]) -> Literal["before", "below", ""]:
        """Where a date stands that shares with the title nothing but what holds the text as well: before the title or
        below the text, where it may be the page's."""
        if self.title is None or self.top not in path or len(path) <= path.index(self.top) + 1:
            return ""
        own = path[path.index(self.top) + 1]
        if own in self.title_path:
            return ""
        node: LexborNode = self.title
        while node.parent is not None and node.parent.mem_id != self.top:
            node = node.parent
        beside, prose = node.next, False
        left = _SIBLINGS
        while beside is not None and beside.mem_id != own and left:
            left -= 1
            prose = (
                prose or len(beside.text(deep=True) if beside.is_element_node else beside.text_content or "") > _PROSE
            )
            beside = beside.next
        return "before" if beside is None else "below" if prose or not left else ""

    def _touches_title(self, node: LexborNode) -> bool:
        """Whether nothing with words stands between a date and the title after it."""
        current: LexborNode | None = node
        while current is not None and current.parent is not None and current.parent.mem_id != self.top:
            current = current.parent
        after = current.next if current is not None else None
        while after is not None and not (
            node_text(after) if after.is_element_node else (after.text_content or "").strip()
        ):
            after = after.next
        return after is not None and after.mem_id in self.title_path
