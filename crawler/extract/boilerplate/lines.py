"""Words that portals print around an article: counters, ratings, section lines, toolbars, share buttons, related lists.

Markup is matched first, by the family's selectors; these synonyms catch what themes leave in the text and what bare text
cannot mark at all. They are held against whole short lines, never against pieces of a sentence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.model import RemovedKind
from crawler.extract.dates.date_lines import is_date_line

LINE_LIMIT = 160
"""Characters above which a line is prose whatever it starts with."""

_NUMBER = r"(?:[\d.,][\d.,\s]*)?\d"
_COUNTER = re.compile(
    rf"(?:[•|(\[-]\s*)?(?:(?:số\s+)?(?:lượt|lần)\s+(?:xem|đọc|truy cập|tải)|(?:đã\s+)?(?:đọc|xem)|view(?:s|ed|\s*count)?|hits?|reads?|lượt\s+view)"
    rf"(?:\s+(?:bài|tin|bài viết|tin này))?\s*+[:(]?\s*+(?P<number>{_NUMBER})\s*(?:lần|lượt(?:\s+(?:xem|đọc))?|views?|times?|người)?\s*[)\]]?\.?|"
    rf"(?:[•|(\[-]\s*)?(?P<number2>{_NUMBER})\s*(?:lượt\s*(?:xem|đọc|view)?|lần\s+(?:xem|đọc)|views?|người\s+(?:xem|đọc)|hits)(?:\s*[)\]])?",
    re.I,
)
_RATING = re.compile(
    r"(?:đánh giá(?:\s+(?:mục|bài|bài viết|nội dung|tin)\s*(?:này|viết)?)?|xếp hạng|bình chọn|bạn đánh giá.{0,40})\s*+:?[\d./★☆*\s]*+(?:(?:\(\s?\d{1,9}\s?|(?<=\d)|(?<=\d\s))(?:bỏ phiếu|bình chọn|phiếu bầu|đánh giá|votes?|phiếu)\s*\)?)?|"
    r"\(?\s*\d+\s*(?:bỏ phiếu|bình chọn|phiếu bầu|lượt bình chọn|lượt đánh giá|votes?|phiếu|ratings?)\s*\)?|"
    r"tổng số điểm của bài viết là.{0,80}|click để đánh giá.{0,40}|xếp hạng\s*:\s*[\d★☆⭐][\d.,/★☆⭐ ]*.{0,40}|rate this (?:item|article|post).{0,40}|"
    r"[★☆⭐\s]{3,}|(?:1\s*2\s*3\s*4\s*5)|(?:số sao\s*+:\s*+[\d.,/ ]+|điểm\s*:\s*[\d.,]+\s*/\s*\d+)",
    re.I,
)
_SECTION = re.compile(
    r"(?:xuất bản trong|đăng (?:tại|trong|ở)(?: mục| chuyên mục)?|published in|posted in|categorized as|filed under|thuộc (?:chuyên )?mục(?=\s*:)|thuộc chuyên mục|"
    r"(?:chuyên mục|danh mục|thể loại|category|chủ đề tin)(?=\s*:))\s*:?\s+(?P<name>[^.;!?]{2,60})",
    re.I,
)
_AD_LABEL = re.compile(
    r"[\[(*-]*\s*(?:(?:thông tin |tin |mục |khu vực |banner |liên kết )?quảng cáo|advertis(?:ement|ing)|sponsored(?: links?)?|ads?|qc|rao vặt|nội dung tài trợ|được tài trợ)\s*[\])*:.-]*",
    re.I,
)
_TOOLBAR = re.compile(
    r"(?:in (?:bài(?: viết)?(?: này)?|ra|trang(?: này)?|tin)|bản in|print(?: article| this)?|e-?mail|gửi (?:e-?mail|bài(?: viết| này)?|tin này|cho bạn(?: bè)?)(?: (?:này|cho|qua|tới|đến) .{0,30})?|"
    r"giới thiệu bài viết cho bạn bè|(?:xem với )?cỡ chữ\s*:?.{0,30}|font size.{0,60}|(?:tăng|giảm) (?:kích thước|cỡ)(?: (?:chữ|font|phông|văn bản).{0,20})?|tương phản.{0,20}|"
    r"(?:nghe )?đọc (?:bài(?: viết)?|nội dung|tin|báo)(?: này)?|nghe (?:bài viết|nội dung|audio)|tự động chuyển.{0,30}|a[+-]|[aA]\s?[-+](?:\s?[aA](?:\s?[-+])?)*+\s?|lưu (?:bài|tin)(?: (?:viết|này|lại|đọc sau|xem sau).{0,20})?|"
    r"tải về|phóng to|thu nhỏ|màu chữ.{0,20}|giọng đọc.{0,40}|play|pause)",
    re.I,
)  # fmt: skip
_SHARE = re.compile(
    r"(?:chia sẻ(?: (?:(?:bài viết|tin(?: bài| tức)?)(?: này)?|(?:lên|qua|trên) (?:facebook|zalo|twitter|mạng|e-?mail|x|telegram|linkedin).{0,30}|với (?:bạn bè|mọi người)|(?:bài viết|tin) .{0,6}(?:lên|qua|trên) .{0,30}))?\s*:?|share(?: this| on .{0,30})?\s*:?|tweet|like|thích|(?:facebook|zalo|twitter|linkedin|pinterest|google\+?|telegram|messenger|x)(?:[\s|,/]+(?:facebook|zalo|twitter|linkedin|pinterest|google\+?|telegram|messenger|x))*|sao chép liên kết|copy link)",
    re.I,
)
_COMMENTS = re.compile(
    r"(?:(?:\d+\s+)?(?:bình luận|ý kiến bạn đọc|ý kiến(?: của bạn)?|nhận xét|phản hồi|comments?)(?:\s*\(\d+\))?\s*:?|gửi (?:bình luận|ý kiến|phản hồi)(?: (?:của bạn|bạn đọc|về bài|cho bài|về tin|mới|ngay).{0,20})?|viết bình luận.{0,30}|"
    r"(?:mời|hãy).{0,30}bình luận.{0,30}|mã bảo mật.{0,20}|bạn cần đăng nhập.{0,60}|leave a (?:comment|reply)|trả lời|đăng nhập để bình luận|chưa có bình luận.{0,20})",
    re.I,
)
_RELATED = re.compile(
    r"(?:(?:các )?(?:tin|bài)(?: viết| tức)? (?:liên quan|khác|cùng (?:chuyên )?mục|mới(?: hơn| nhất| cập nhật)?|cũ hơn|đã đưa|đã đăng|tiếp theo|đọc nhiều|xem nhiều)|những (?:tin|bài)(?: viết)? (?:mới|cũ|khác).{0,20}|"
    r"(?:mời )?xem thêm(?: tin)?|đọc thêm|có thể bạn quan tâm|theo dòng sự kiện|cùng chủ đề(?: này)?|(?:các )?bài viết liên quan|related (?:articles|posts|items|news)|latest from .{0,40}|more in this category.{0,20}|tin nổi bật|tin đọc nhiều)\s*[:.>»]*",
    re.I,
)
_NAVIGATION = re.compile(
    r"(?:(?:trở |quay )?(?:về|lên|lại) ?(?:đầu trang|trang trước|trang chủ|danh sách|)|lên đầu trang|(?:trang|bài|tin) ?(?:viết )?(?:trước|sau|tiếp|kế)(?: ?đó)?|trở (?:về|lại)|quay (?:về|lại)|back to top|next|prev(?:ious)?|"
    r"[«»<>\s]*(?:tiếp|trước|sau|next|prev|trang sau|trang trước)\s*[«»<>]*|đầu trang|top)",
    re.I,
)
_OTHER = re.compile(
    r"(?:ghi rõ nguồn.{0,120}|(?:đề nghị |vui lòng )ghi rõ nguồn.{0,120}|từ khóa\s*:.{0,140}|tags?\s*:.{0,140}|(?:người đăng\s*:|(?:viết bởi|đăng bởi|written by|posted by)\s*:?)\s+[^.]{2,50}|chi tiết|tags?\s*:?|từ khóa\s*:?|(?:tải(?: về| xuống)?\s+)?(?:các )?(?:tệp|file|tập|tài liệu|văn bản)(?: tin)?\s*(?:đính kèm|kèm theo|gửi kèm|tải về)\s*:?|attachments?\s*:?|downloads?\s*:?|website đang chạy thử nghiệm.{0,40}|"
    r"số lượt truy cập.{0,60}|lượt truy cập.{0,40}|đang truy cập.{0,40}|(?:©\s*)?bản quyền(?:\s*(?:©|thuộc|của|:|@|\(c\)|\d{4}).{0,100})?|(?:©\s*)?copyright(?:\s*(?:©|\(c\)|by|of|:|@|\d{4}).{0,100})?|click (?:vào )?để xem hình.{0,30}|media|last modified on.{0,60}|(?:lần )?(?:cập nhật|chỉnh sửa|sửa(?: đổi)?)(?: lần)? cuối(?:\s*:.{0,60}|\s+(?:lúc|ngày|vào|thứ|bởi|cùng|\d).{0,60})?)",
    re.I,
)

_FILES = re.compile(
    r"(?:tải(?: về| xuống)?\s+)?(?:các )?(?:tệp|file|tập|tài liệu|văn bản)(?: tin)?\s*(?:đính kèm|kèm theo|gửi kèm|tải về)\s*:?|attachments?\s*:?|downloads?\s*:?|đính kèm\s*:?",
    re.I,
)

_KINDS: tuple[tuple[RemovedKind, re.Pattern[str]], ...] = (
    ("ad_label", _AD_LABEL),
    ("counter", _COUNTER),
    ("rating", _RATING),
    ("section", _SECTION),
    ("related", _RELATED),
    ("toolbar", _TOOLBAR),
    ("share", _SHARE),
    ("comments", _COMMENTS),
    ("navigation", _NAVIGATION),
    ("other", _OTHER),
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


_OPENINGS = re.compile(
    r"(?:(?P<related>(?:(?:các )?(?:tin|bài)(?: viết| tức)? (?:liên quan|khác|cùng (?:chuyên )?mục|mới hơn|cũ hơn|đã đưa|đã đăng)|những tin (?:mới|cũ)|cùng chủ đề|related (?:articles|posts|items)|latest from))|"
    r"(?P<other>tags?(?:ged)?\b|từ khóa|published\b|categorized|chia sẻ|share\b|viết bởi|đánh giá (?:mục|bài)|xuất bản trong|published in|posted|(?:đọc|xem) \d+ l|lượt (?:xem|đọc)|leave a|bình luận|gửi bình luận|ý kiến bạn đọc|font size|cỡ chữ|tweet\b))",
    re.I,
)


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
