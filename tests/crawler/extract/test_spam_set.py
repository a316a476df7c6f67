"""Injected adverts against news about gambling, services and prices: precision and recall over a set of short pages.

``spam.jsonl`` holds what is put between two paragraphs of an article, with its source. Those written ``after`` the rules
were scored before anything was mended: no false alarm in 52, one of 52 adverts missed (a detective agency that "điều tra").
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extract import extract

CASES = [json.loads(text) for text in (Path(__file__).parent / "spam.jsonl").open(encoding="utf-8")]
FLOOR = 0.98


def is_flagged(case) -> bool:
    page = f"""<html lang="vi"><head><title>Hội nghị tổng kết phong trào thi đua</title></head><body><div id="content">
    <h1>Hội nghị tổng kết phong trào thi đua</h1><p>Chiều ngày 11/01/2020, huyện Đông Giang tổ chức hội nghị tổng kết phong trào thi đua, khen thưởng, có đại diện các xã, thị trấn tham dự.</p>
    {case["fragment"]}<p>Hội nghị đã trao giấy khen cho ba mươi tập thể và cá nhân có thành tích xuất sắc trong năm qua.</p></div></body></html>"""
    article = extract(page.encode(), "http://donggiang.example.gov.vn/tin/hoi-nghi-tong-ket-12.html")
    return any(piece.kind == "spam" for piece in article.removed)


@pytest.fixture(scope="module")
def flagged():
    return [(bool(case["spam"]), is_flagged(case)) for case in CASES]


def test_recall_stays_above_its_floor(flagged):
    assert sum(found for spam, found in flagged if spam) / sum(spam for spam, _ in flagged) >= FLOOR


def test_precision_stays_above_its_floor(flagged):
    assert sum(spam for spam, found in flagged if found) / sum(found for _, found in flagged) >= FLOOR


def test_the_set_is_large_and_half_of_it_newer_than_the_rules():
    for spam in (0, 1):
        side = [case for case in CASES if case["spam"] == spam]
        assert len(side) >= 100
        assert sum(case["written"] == "after" for case in side) >= len(side) / 2


def test_a_title_injected_for_search_engines_is_flagged():
    page = "<title>Đại hội Chi bộ thôn Đông_tỷ lệ kèo cúp C1</title><div id='content'><h1>Đại hội Chi bộ thôn Đông</h1><p>Chi bộ thôn Đông họp đại hội, bầu chi ủy nhiệm kỳ mới gồm ba đồng chí.</p></div>"
    article = extract(page.encode(), "http://donggiang.example.gov.vn/tin/dai-hoi-13.html")
    assert [piece.text for piece in article.removed if piece.kind == "spam"] == [
        "Đại hội Chi bộ thôn Đông_tỷ lệ kèo cúp C1"
    ]


OFFICIAL = [
    "Mọi chi tiết xin liên hệ: Văn phòng UBND xã, điện thoại 0227 3861 999",
    "Đường dây nóng: 0912.345.678",
    "Trạm Y tế tuyển dụng hai điều dưỡng, liên hệ: 0227 3861 234",
    "Hotline Bệnh viện đa khoa huyện: 0227.3831.456",
    "Dịch vụ chuyển phát hồ sơ hành chính, hotline 1545",
    "Số điện thoại hỗ trợ: 18001091, hoạt động 24/7",
    "Nông sản Đông Giang giá rẻ, chất lượng cao, được khách hàng tin dùng.",
    "Khu phức hợp có casino rộng 30 ha được Chính phủ cho thí điểm.",
]
ADVERTS = [
    "Nhà cái uy tín số 1, nạp rút nhanh, tặng code tân thủ",
    "kubet88 link vào không bị chặn",
    "Dịch vụ thông tắc cống giá rẻ, liên hệ 0912 345 678",
    "khoan cat be tong gia re",
    "Soi kèo bóng đá hôm nay, tỷ lệ kèo nhà cái",
]


@pytest.mark.parametrize(("text", "spam"), [*((t, False) for t in OFFICIAL), *((t, True) for t in ADVERTS)])
def test_how_an_office_is_reached_is_no_advert_and_what_is_sold_is_one(text, spam):
    assert is_flagged({"fragment": f"<p>{text}</p>"}) is spam
