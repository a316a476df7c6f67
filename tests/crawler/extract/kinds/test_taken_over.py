"""A page whose name changed hands is told by its own title; news about gambling, and adverts on a living portal, are not."""

from __future__ import annotations

import pytest

from crawler.extract import read
from crawler.page.page import Page

ADVERT = "<p><a href='https://nhacai.vip'>nhà cái uy tín</a> cá cược casino nổ hũ tài xỉu bắn cá đá gà kubet w88</p>"


def kind(title: str, body: str) -> str:
    html = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return read(Page.parse(html.encode(), "https://xahoaan.gov.vn/", content_type="text/html; charset=utf-8")).kind


@pytest.mark.parametrize(
    ("title", "body", "spam"),
    [
        ("Nhà cái uy tín 2026: cá cược, casino", ADVERT, True),
        ("xahoaan.gov.vn is for sale", "<p>Buy this domain</p>", True),
        ("Tên miền này đang được rao bán", "<p>Liên hệ</p>", True),
        ("Cổng thông tin điện tử xã Hòa An", ADVERT, False),
        ("Công an xã triệt phá tụ điểm cá độ, cờ bạc online", ADVERT, False),
        ("Xã bàn giao mặt bằng; đất nền for sale signs", "<p>Tin</p>", False),
    ],
    ids=["gambling", "for sale", "rao bán", "adverts injected", "news about gambling", "words of a headline"],
)
def test_a_name_that_changed_hands_is_told_by_the_title(title, body, spam):
    assert (kind(title, body) == "spam") is spam
