"""Lines that portals print around an article, and the sentences that look like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.boilerplate.lines import LINE_LIMIT, kind_of, labels_files, opens_with, section_in, views_in

LINES = {
    "counter": ["Lượt xem: 265", "Đọc 265 lần", "Đã xem 1.234 lượt", "Views: 12", "(Lượt xem: 265)", "Số lần đọc : 3", "12 hits"],
    "rating": ["Đánh giá bài viết này", "(2 bỏ phiếu)", "★★★★☆", "1 2 3 4 5", "Click để đánh giá bài viết", "Rate this item"],
    "section": ["Xuất bản trong Tin tổng hợp", "Chuyên mục: Kinh tế", "Published in Tin tức", "Đăng tại mục: Văn hóa"],
    "ad_label": ["Quảng cáo", "- QUẢNG CÁO -", "[Advertisement]", "Sponsored"],
    "toolbar": ["In bài viết", "Cỡ chữ: A- A+", "Gửi email", "A- A A+", "Nghe đọc bài", "Lưu bài"],
    "share": ["Chia sẻ:", "Chia sẻ lên Facebook", "Tweet", "Facebook | Zalo", "Share"],
    "comments": ["Bình luận (0)", "Ý kiến của bạn", "Gửi bình luận", "Leave a comment", "Mã bảo mật"],
    "related": ["Tin liên quan", "Các tin khác:", "Bài viết cùng chuyên mục", "Xem thêm", "Những tin mới hơn", "Related items"],
    "navigation": ["Về đầu trang", "Trang trước", "« Trước", "Quay lại", "Back to top", "Tiếp »"],
    "other": ["Từ khóa: giao thông", "Tệp đính kèm:", "Tags:", "Copyright © 2024", "Người đăng: Quản trị"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "line"), [(kind, line) for kind, lines in LINES.items() for line in lines])
def test_a_line_of_boilerplate_is_of_its_kind_in_any_letters(kind, line):
    assert [kind_of(line), kind_of(line.upper())] == [kind, kind]


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "Người dân xem 265 hộ nuôi tôm ở xã bên",
        "Đăng tại trụ sở Ủy ban nhân dân xã trong bảy ngày",
        "Xuất bản trong quý 2 năm nay",
        "Chia sẻ tại buổi lễ, bà Lan cảm ơn bà con",
        "Bản quyền truyền hình các trận đấu",
        "In bài thi cho học sinh lớp 9",
        "Bình luận viên của đài dự buổi gặp",
        "Tin liên quan đến dịch bệnh chưa được kiểm chứng",
        "Quảng cáo sai sự thật bị phạt 10 triệu đồng",
        "Trước đây, đường liên thôn lầy lội",
        "Đánh giá kết quả sáu tháng đầu năm, xã đạt 12 chỉ tiêu",
        "Lưu ý bà con không xả rác",
        "Tệp khách hàng của hợp tác xã tăng gấp đôi",
    ],
)
def test_a_sentence_that_begins_alike_is_none(sentence):
    assert kind_of(sentence) is None


@given(st.text(min_size=LINE_LIMIT + 1, max_size=LINE_LIMIT + 40))
def test_a_long_line_is_prose_whatever_it_says(text):
    assert kind_of(text) is None
    assert kind_of("Lượt xem: 265 " + text) is None


def test_a_counter_beside_a_date_is_a_counter():
    assert kind_of("Lượt xem: 265 | Ngày đăng: 12/03/2024") == "counter"
    assert kind_of("Lượt xem: 265 và nhiều điều khác") is None


@pytest.mark.parametrize(
    ("line", "views"),
    [
        ("Đọc 265 lượt", 265),
        ("Xem: 1.234 lần", 1234),
        ("Lượt xem: 12,345", 12345),
        ("7 lượt xem", 7),
        ("(265 lượt xem)", 265),
        ("Số lượt truy cập: 265", None),
        ("Lượt truy cập: 1.000.000", None),
        ("Xem thêm", None),
        ("Lượt xem:", None),
        ("Lượt xem: 123456789012345", None),
        ("x" * 500, None),
    ],
)
def test_views_are_those_of_the_article_and_not_of_the_site(line, views):
    assert views_in(line) == views


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("Xuất bản trong Tin tổng hợp", "Tin tổng hợp"),
        ("Chuyên mục:  | Kinh tế - xã hội |", "Kinh tế - xã hội"),
        ("Xuất bản trong quý 2", None),
        ("Chuyên mục này được người dân ưa thích", None),
        ("Kinh tế", None),
    ],
)
def test_a_section_is_what_the_line_names(line, section):
    assert section_in(line) == section


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tin liên quan Xã Hòa An họp dân", "related"),
        ("Các bài viết khác Xã Hòa An", "related"),
        ("Từ khóa: giao thông", "other"),
        ("Chia sẻ Facebook Zalo", "other"),
        ("Chia sẻ với bà con, chủ tịch xã nói", None),
        ("Ủy ban nhân dân xã họp", None),
    ],
)
def test_an_element_is_of_the_kind_its_first_words_tell_unless_a_sentence_goes_on(text, kind):
    assert opens_with(text) == kind


@pytest.mark.parametrize(
    ("line", "heads"),
    [
        ("File đính kèm:", True),
        (" Tải tập tin đính kèm ", True),
        ("Downloads", True),
        ("Đính kèm là đơn của ông An", False),
    ],
)
def test_a_line_heads_a_list_of_files_only_as_a_whole(line, heads):
    assert labels_files(line) is heads
