"""The day the news is about: "Chiều ngày 11/01/2020, …" at the opening of an article. It is not the day of publication."""

from __future__ import annotations

import re

from archive.text.dates import find_dates
from archive.text.normalise import line
from crawler.words.whole_words import AFTER, BEFORE

_WINDOW = 160
"""Characters of the lead within which its date must begin."""

_OPENING = re.compile(
    r"(?:^|[\s,(\-–])(?:(?:vào\s+)?(?:rạng\s+)?(?:sáng|trưa|chiều|tối|đêm|khuya)(?:\s++(?:ngày|hôm|nay|qua))*+|(?:trong\s+)?(?:vào\s+)?(?:ngày|hôm)|vào lúc[^.]{0,30}ngày|"
    r"(?:hồi|lúc)(?:[^.]{0,30}ngày)?)\s*+[,(]?\s*+(?:thứ\s++\w+\s*+,?\s*+)?(?:ngày\s+)?\(?$"
)
_OTHER_DATE = re.compile(
    BEFORE
    + r"(?:số\s+\S*\d\S*|quyết định|căn cứ|kế hoạch số|công văn|thông báo số|nghị quyết|nghị định|luật|hướng dẫn|chỉ thị|tờ trình|văn bản|thực hiện|kỷ niệm|sinh|thành lập|trước|đến hết|tính đến|từ|kể từ|đến|hạn|giai đoạn|hiệu lực)"
    + AFTER
    + r"[^,;]{0,80}$"
)
_RANGE_BEFORE = re.compile(r"\d{1,2}(?:/\d{1,2})?\s*(?:-|–|đến|và|,|&)\s*(?:ngày\s+)?$")


def event_date(lead: str | None) -> str | None:
    """``YYYY-MM-DD`` if the opening of a lead names one whole day as the day of the event, else ``None``.

    A day without a year ("Sáng 16/5"), a span of days, and the dates of decisions, plans and anniversaries give nothing.
    """
    text = line((lead or "")[:1000]).lower()
    first = re.split(r"(?<=[^\d\s]{2})\.\s", text, maxsplit=1)[0]
    for moment in find_dates(first):
        if moment.start > _WINDOW:
            return None
        before = first[: moment.start]
        printed = first[moment.start :]
        if printed.startswith("ngày"):
            before += "ngày "
        if _RANGE_BEFORE.search(before):
            return None
        if _OTHER_DATE.search(re.sub(r"(?:ngày|sáng|chiều|tối)\s*+$", "", before.rstrip())):
            continue
        if moment.precision in ("day", "minute") and _OPENING.search(before):
            return moment.day
    return None
