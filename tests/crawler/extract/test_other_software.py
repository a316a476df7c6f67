"""Software the demo does not show: Joomla's own articles, and pages of no known family."""

from __future__ import annotations

import pytest

from crawler.extract import read
from crawler.page.page import Page

TITLE = "Huyện Đông Giang công khai quyết toán ngân sách năm 2021"
PARAGRAPHS = [
    "Sáng 15/7/2022, Ủy ban nhân dân huyện Đông Giang họp công khai quyết toán thu, chi ngân sách năm 2021 trước đại "
    "diện các phòng, ban và chủ tịch ủy ban nhân dân mười hai xã, thị trấn.",
    "Tổng thu ngân sách trên địa bàn đạt 214,6 tỷ đồng, bằng 118 % dự toán; thu từ đất chiếm gần một nửa, thấp hơn năm "
    "trước do hai phiên đấu giá không có người đăng ký.",
    "Huyện dành 41 tỷ đồng trả nợ xây dựng cơ bản và 9,3 tỷ đồng sửa ba trạm bơm bị hư hại sau trận lũ tháng Mười.",
]
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
MENU = "<nav><ul>" + "".join(f'<li><a href="/muc-{n}">Mục số {n}</a></li>' for n in range(8)) + "</ul></nav>"
RELATED = "<div class='lien-quan'><h3>Các tin khác</h3><ul>" + "".join(
    f'<li><a href="/tin/bai-viet-cu-so-{n}-{n}55">Bài viết cũ số {n} của huyện (1{n}/06/2022)</a></li>' for n in range(1, 7)
) + "</ul></div>"  # fmt: skip


def page(head: str, body: str) -> Page:
    html = f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{TITLE} - Đông Giang</title>{head}</head><body>{MENU}{body}<footer><p>Giấy phép số 12/GP-STTTT. Ghi rõ nguồn khi phát hành lại.</p></footer></body></html>"
    return Page.parse(html.encode(), "http://donggiang.example.gov.vn/tin/quyet-toan-ngan-sach-nam-2021-271")


SOFTWARE = {
    "joomla-content": page(
        '<meta name="generator" content="Joomla! - Open Source Content Management">',
        f"""<div class="item-page" itemscope itemtype="https://schema.org/Article"><div class="page-header"><h2 itemprop="headline">{TITLE}</h2></div>
        <dl class="article-info muted"><dd class="createdby">Viết bởi Ban biên tập</dd><dd class="category-name">Chuyên mục: <a href="/ngan-sach">Ngân sách</a></dd>
        <dd class="published"><time datetime="2022-07-15T16:05:00+07:00" itemprop="datePublished">Được đăng: 15 Tháng 7 2022</time></dd><dd class="hits">Lượt xem: 318</dd></dl>
        <div itemprop="articleBody">{BODY}</div></div>{RELATED}""",
    ),
    "drupal-like": page(
        '<meta name="Generator" content="Drupal 9 (https://www.drupal.org)">',
        f"""<main><h1 class="page-title">{TITLE}</h1><article class="node node--type-article"><footer class="node__meta">Được đăng bởi admin vào 15/07/2022 - 16:05</footer>
        <div class="node__content"><div class="field field--name-body">{BODY}</div></div></article>{RELATED}</main>""",
    ),
    "plone-like": page(
        '<meta property="article:published_time" content="2022-07-15T16:05:00+07:00">',
        f"""<div id="content"><header><h1 class="documentFirstHeading">{TITLE}</h1></header><div id="content-core"><div id="parent-fieldname-text">{BODY}</div></div></div>{RELATED}""",
    ),
    "tables-of-2009": page(
        "",
        f"""<table width="980"><tr><td width="200">{RELATED}</td><td><span class="tieude"><b>{TITLE}</b></span><br><i>Ngày đăng: 15/07/2022 16:05</i>
        <div>{BODY}</div></td></tr></table>""",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SOFTWARE)
def test_title_day_and_paragraphs_are_read_and_nothing_else(name):
    reading = read(SOFTWARE[name])
    assert reading.kind == "article", reading.reason
    article = reading.article
    assert article.title == TITLE
    assert [article.lead, *article.paragraphs] == PARAGRAPHS
    assert article.published.value.startswith("2022-07-15")


def test_joomlas_own_articles_say_section_and_views():
    article = read(SOFTWARE["joomla-content"]).article
    assert (article.family, article.section, article.views) == ("joomla_content", "Ngân sách", 318)


def test_text_set_in_tables_with_line_breaks_is_an_article_though_a_list_of_others_follows_it():
    others = "".join(
        f'<li><a href="/tin.php?id={n}">Xã An Lễ triển khai nhiệm vụ số {n} về sản xuất vụ xuân</a> (0{n}/02/2023)'
        for n in range(1, 6)
    )
    text = "<br><br>".join(
        f"Đoạn {n}: hội nghị bàn về xây dựng nông thôn mới và giải phóng mặt bằng ở cơ sở, với 112 hộ dân tham dự."
        for n in range(8)
    )
    html = f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=utf-8"><TITLE>Trang tin xã Đại Thắng</TITLE></HEAD>
      <BODY><table><tr><td class=menu><a href="/xem.php?cm=1">Tin tức - Sự kiện</a></td></tr><tr><td><table>
      <tr><td><font size=4><b>Huyện đẩy mạnh sản xuất vụ xuân</b></font></td></tr><tr><td><i>Cập nhật lúc 08:12 ngày 13/01/2023</i></td></tr>
      <tr><td><div align=justify>{text}</div></td></tr><tr><td><b>Các tin khác:</b><br>{others}</td></tr></table></td></tr></table></BODY></HTML>"""
    reading = read(Page.parse(html.encode(), "http://xadaithang.example/tin.php?id=12"))
    assert reading.kind == "article", reading.reason
    assert reading.article.published.value == "2023-01-13T08:12+07:00"
    assert reading.article.text.count("Đoạn") + (reading.article.lead or "").count("Đoạn") == 8
    assert "nhiệm vụ số" not in reading.article.text
