"""Lines that print a date and nothing to speak of besides: "Thứ hai, 13/01/2020 08:30", "Được đăng: 12 Tháng 3 2018"."""

from __future__ import annotations

import re

from archive.text.dates import Moment, parse_date
from archive.text.normalise import line

LENGTH_LIMIT = 140
_WORDS_OF_A_SENTENCE = 12
_LABELS = re.compile(
    r"\b(?:ngày|được|đăng|tạo|gửi|cập nhật|lúc|vào|lần cuối|thứ|hai|ba|tư|năm|sáu|bảy|chủ nhật|cn|t[2-7]|xuất bản|phát hành|viết|bởi|gmt|posted|published|created|updated|on|submitted|at|"
    r"lượt|lần|đã|xem|đọc|views?|count|hits|date|time|thời gian|tin|bài|sa|ch|am|pm|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)\b|\d+"
)


def is_date_line(text: str) -> bool:
    """Whether a line is a date with at most its label, a weekday and a view counter; a place before it makes it text."""
    if not 6 <= len(text) <= LENGTH_LIMIT:
        return False
    moment = parse_date(text)
    if moment is None or moment.precision == "month":
        return False
    tidy = line(text).lower()
    rest = _LABELS.sub("", tidy[: moment.start] + " " + tidy[moment.end :])
    return sum(char.isalpha() for char in rest) <= 3


def stands_in_a_sentence(text: str, moment: Moment) -> bool:
    """Whether a date stands in a sentence of a dozen words and more, which tells what happened that day, not when it was published."""
    rest = text[: moment.start] + text[moment.end :]
    return rest.count(" ") >= _WORDS_OF_A_SENTENCE and rest.rstrip(' "”»)').endswith((".", "!", "?", "…"))
