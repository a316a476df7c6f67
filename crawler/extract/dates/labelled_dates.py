"""Lines that print more than one date: which is the publication's and which the modification's, told by their labels.

"Cập nhật: 12/03/2024 10:20 | Ngày đăng: 11/03/2024", in either order, and "11/03/2024 (sửa lần cuối 12/03/2024)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from archive.text.dates import Moment, find_dates
from archive.text.normalise import line
from crawler.words.whole_words import whole_words

DateRole = Literal["published", "modified", ""]

_PUBLISHED = whole_words(
    r"(?:(?:ngày|thời gian|giờ|thời điểm)\s*+)?(?:được |đã )?(?:đăng|xuất bản|phát hành|đưa tin|khởi tạo|tạo|gửi|viết|công bố|đăng tải)|post(?:ed)?|publish(?:ed)?|publication|created|submitted"
)
_MODIFIED = whole_words(
    r"cập nhật|cập nhập|chỉnh sửa|chỉnh lý|hiệu chỉnh|hiệu đính|sửa(?: đổi)?|thay đổi|updated?|modified|edited|last change[ds]?|revised"
)
_BRACKET = re.compile(r"\s*\(([^()\d]{3,40})\)")
_PARTING = " \t|·•;,–—-()[]/"
LIMIT = 300
"""Characters of a line above which it is prose, whose dates are not labelled."""


@dataclass(frozen=True, slots=True)
class LabelledDate:
    """One date of a line: ``text`` is its piece of the line, label included."""

    moment: Moment
    text: str
    role: DateRole


def labelled_dates(text: str) -> list[LabelledDate]:
    """Every whole date of a line with its role; none where a letter's small form is longer than its capital.

    >>> [(date.role, date.text) for date in labelled_dates("Cập nhật: 12/03/2024 | Ngày đăng: 11/03/2024")]
    [('modified', 'Cập nhật: 12/03/2024'), ('published', 'Ngày đăng: 11/03/2024')]
    """
    tidy = line(text)
    low = tidy.lower()
    if len(low) != len(tidy) or len(tidy) > LIMIT:
        return []
    found, end = [], 0
    for moment in find_dates(low):
        after = _BRACKET.match(low, moment.end)
        role = role_of_label(after[1]) if after else ""
        found.append(
            LabelledDate(moment, tidy[end : moment.end].strip(_PARTING), role or role_of_label(low[end : moment.start]))
        )
        end = after.end() if after else moment.end
    return found


def printed_for(text: str) -> tuple[str | None, str | None]:
    """What a line prints of a publication and of a modification. A date without a label is the publication's."""
    dates = labelled_dates(text)
    if len(dates) == 1:
        return (None, line(text)) if dates[0].role == "modified" else (line(text), None)
    published = next((date.text for date in dates if date.role == "published"), None)
    published = published or next((date.text for date in dates if not date.role), None)
    return published, next((date.text for date in dates if date.role == "modified"), None)


def role_of(text: str) -> DateRole:
    """The role of the first date of a line, by its label."""
    dates = labelled_dates(text)
    return dates[0].role if dates else ""


def role_of_label(label: str) -> DateRole:
    """The role a label gives: the word nearest the date, and publication where both stand for one date ("Đăng/cập nhật")."""
    if _PUBLISHED.search(label):
        return "published"
    return "modified" if _MODIFIED.search(label) else ""
