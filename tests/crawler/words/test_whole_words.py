"""Lists of words match whole words: each list that looks within a text refuses its words within others."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.dates import clock, event_date, labelled_dates
from crawler.words.tables import concepts, entries_of, words
from crawler.words.whole_words import in_path, whole_words

LISTS = {
    f"{module.__name__}.{name}": pattern
    for module in (clock, labelled_dates)
    for name, pattern in vars(module).items()
    if isinstance(pattern, re.Pattern) and name.endswith(("_WORDS", "_PUBLISHED", "_MODIFIED"))
} | {
    f"{concept} in {place}": words(concept, place).any_of
    for concept in concepts()
    for place in ("title", "menu", "line", "text")
    if any(place in entry.where and not entry.whole for entry in entries_of(concept))
}
WORDS = [
    "cialis", "kubet", "xsmb", "nạp", "cấm", "xã", "rác", "sở", "cục", "seo", "dịch vụ", "gia sư", "hotline", "uy tín", "hỏi đáp", "video clip",
    "trích yếu", "hôm nay", "cập nhật", "đăng", "sửa", "posted", "updated",
]  # fmt: skip


def test_every_list_is_looked_at():
    assert len(LISTS) >= 15
    found = {word for word in WORDS for pattern in LISTS.values() if pattern.search(word)}
    assert found == set(WORDS)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("word", WORDS)
def test_a_word_within_another_is_not_found(name, word):
    for hidden in (f"so{word}t", f"{word}ện", f"b{word}", f"{word}\u0301", f"{word}9"):
        found = LISTS[name].search(hidden)
        assert found is None or found.group() != word


@given(st.text("abđêôơư\u0301\u0309 .,-_0", max_size=30))
def test_a_match_never_touches_a_letter(text):
    for found in whole_words("ba|bê|đô").finditer(text):
        around = text[: found.start()][-1:] + text[found.end() :][:1]
        assert not any(char.isalnum() or char in "\u0301\u0309" for char in around)


@pytest.mark.parametrize(
    ("path", "is_named"),
    [
        ("/hoi-dap", True), ("/hoi-dap/", True), ("/hoi-dap.html", True), ("/hoi-dap-12.html", True), ("/vi/hoi-dap/cau-1.html", True),
        ("/hoi-dap-phap-luat/cau-1.html", True), ("/xa-hoi-dap-ung-yeu-cau.html", False), ("/tin/xa-hoi-dap-ung/1", False),
        ("/hoi-dap-ung-nhu-cau.html", False), ("/tin/an-sinh-xa-hoi-dap-ung", False),
    ],
)  # fmt: skip
def test_words_of_addresses_are_segments(path, is_named):
    assert (in_path("hoi-dap").search(path) is not None) == is_named


TEXT_LINES = [
    "Danh mục hồ sơ cần nộp", "Bản quyền truyền hình giải đấu thuộc về đài tỉnh", "Xếp hạng: di tích cấp quốc gia năm 1993",
    "Gửi ý kiến về Ủy ban nhân dân xã", "Gửi phản hồi trước ngày 15/3", "Thể loại: truyện ngắn, bút ký", "Điểm: 8,5",
    "Chuyên mục Nông nghiệp phát lúc 20 giờ", "Lưu tin cũ", "Chia sẻ tin vui", "Chia sẻ với đồng bào miền Trung", "Tăng cỡ tôm giống",
    "Giảm cỡ lưới", "Người đăng ký", "Đăng tại trụ sở", "Xuất bản trong quý 2", "Thuộc mục tiêu quốc gia", "Cập nhật lần cuối số hộ nghèo",
    "Sửa lần cuối hương ước", "Trang trại", "Thích nghi", "Quảng cáo ngoài trời",
]  # fmt: skip
FURNITURE = {
    "Chuyên mục: Nông nghiệp": "section", "Xuất bản trong Nông nghiệp": "section", "Đăng tại Tin trong tỉnh": "section", "Danh mục: Tin tức": "section",
    "Xếp hạng: 4.5 - 8 phiếu bầu": "rating", "Gửi bình luận": "comments", "Gửi ý kiến của bạn": "comments", "Lưu bài viết": "toolbar",
    "Chia sẻ": "share", "Chia sẻ lên Facebook": "share", "Chia sẻ bài viết": "share", "Tăng cỡ chữ": "toolbar", "Người đăng: Quản trị": "other",
    "Bản quyền thuộc về UBND xã Đông Giang": "other", "Copyright © 2020 by UBND": "other", "Cập nhật lần cuối: 12/3/2020 08:00": "other",
    "Cập nhật cuối lúc 08:00 ngày 12/3": "other", "Đọc 265 lượt": "counter",
}  # fmt: skip


@pytest.mark.parametrize("text", TEXT_LINES)
def test_a_line_that_tells_something_is_no_furniture(text):
    assert boilerplate.kind_of(text) is None


@pytest.mark.parametrize("text", FURNITURE)
def test_furniture_stays_furniture(text):
    assert boilerplate.kind_of(text) == FURNITURE[text]


def test_a_paragraph_that_begins_like_small_print_is_text():
    assert boilerplate.opens_with("Chia sẻ tại buổi lễ, bà Lan cho biết thôn đã góp đủ.") is None
    assert boilerplate.opens_with("Tin liên quan đến vụ cháy đang được xác minh.") is None
    assert boilerplate.opens_with("Chia sẻ: Facebook") == "other"
    assert boilerplate.opens_with("Tin liên quan: Khánh thành cầu") == "related"


def test_a_name_that_holds_a_word_hides_no_day():
    assert event_date.event_date("Bà Nguyễn Thị Hạnh cho biết sáng ngày 12/03/2020, thôn đã họp.") == "2020-03-12"
