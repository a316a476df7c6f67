"""Where a family's selectors say the article is: body, lead, title, dates, section, account, files, views."""

from __future__ import annotations

import pytest

from crawler.cms.family import Selectors
from crawler.extract.locate.by_selectors import by_selectors
from crawler.page.page import Page

URL = "http://xahoa.gov.vn/tin/bai-1.html"
LONG = "Xã Hòa An họp bàn việc sửa đường liên thôn, các thôn cùng góp ngày công và vật liệu. " * 6
SELECTORS = Selectors(
    title=("h1.moi", "h1"),
    lead=(".sapo",),
    body=(".noi-dung", ".bai"),
    published=(".dang",),
    modified=(".sua",),
    section=(".muc",),
    account=(".tai-khoan",),
    signature=(".ky",),
    tags=(".the a",),
    attachments=(".tep a",),
    views=(".xem",),
    image=(".anh img",),
    caption=(".chu-thich",),
    drop=((".quang-cao", "ad_label"), (".chia-se", "share")),
    aside=((".lien-quan", "related"),),
)


def located(html: str, selectors: Selectors = SELECTORS):
    return by_selectors(
        Page.parse(f"<html><body>{html}</body></html>".encode(), URL, content_type="text/html"), selectors
    )


@pytest.mark.parametrize(
    "html",
    ["<p>x</p>", '<div class="noi-dung"></div>', '<div class="noi-dung"><span> &nbsp;</span></div>'],
    ids=["no-match", "empty", "blanks"],
)
def test_a_page_on_which_no_body_has_a_word_is_none_of_the_family(html):
    assert located(html) is None


def test_a_body_of_pictures_alone_is_a_body():
    assert located('<div class="noi-dung"><img src="/a.jpg"></div>') is not None


def test_the_first_selector_that_finds_a_body_counts():
    found = located('<div class="bai"><p>cũ</p></div><div class="noi-dung"><p>mới</p></div>')
    assert "mới" in found.markup and "cũ" not in found.markup


def test_an_empty_body_gives_way_to_the_next_selector():
    assert "cũ" in located('<div class="noi-dung"></div><div class="bai"><p>cũ</p></div>').markup


def test_two_bodies_are_one_article_in_their_order():
    found = located('<div class="noi-dung"><p>một</p></div><p>giữa</p><div class="noi-dung"><p>hai</p></div>')
    assert found.markup.index("một") < found.markup.index("hai")
    assert "giữa" not in found.markup


def test_many_bodies_are_teasers_of_a_list_unless_one_is_an_article():
    teasers = '<div class="noi-dung"><p>tin ngắn</p></div>' * 4
    assert located(teasers) is None
    found = located(teasers + f'<div class="noi-dung"><p>{LONG}</p></div>')
    assert LONG.strip() in found.markup and "tin ngắn" not in found.markup


def test_a_body_within_a_body_is_not_read_twice():
    found = located('<div class="noi-dung"><p>một</p><div class="noi-dung"><p>hai</p></div></div>')
    assert found.markup.count("hai") == 1


def test_a_lead_stands_before_the_body_and_one_behind_it_is_of_another_article():
    body = '<div class="noi-dung"><p>thân bài</p></div>'
    assert "sapo" in located(f'<div class="sapo">lời sapo</div>{body}').lead
    assert located(f'{body}<div class="sapo">của tin khác</div>').lead == ""


def test_a_lead_within_the_body_is_not_in_the_text_once_more():
    found = located('<div class="noi-dung"><div class="sapo">lời sapo</div><p>thân bài</p></div>')
    assert "lời sapo" in found.lead
    assert "lời sapo" not in found.markup and "thân bài" in found.markup


def test_what_is_dropped_is_told_with_its_kind_and_is_not_in_the_text():
    found = located('<div class="noi-dung"><p>thân bài</p><div class="quang-cao">mua ngay</div></div>')
    assert "mua ngay" not in found.markup
    assert [(piece.kind, piece.text) for piece in found.removed] == [("ad_label", "mua ngay")]


def test_what_stands_beside_the_body_is_told_once_and_three_times_at_most():
    beside = "".join(f'<ul class="lien-quan"><li>tin {n}</li></ul>' for n in (1, 1, 2, 3, 4))
    found = located(f'<div class="noi-dung"><p>thân bài</p></div>{beside}')
    assert [piece.text for piece in found.removed] == ["tin 1", "tin 2"]


def test_the_title_is_the_first_selector_with_words():
    body = '<div class="noi-dung"><p>x</p></div>'
    assert located(f'<h1 class="moi"> </h1><h1>Tên bài</h1>{body}').title == "Tên bài"
    assert located(body).title is None


@pytest.mark.parametrize(
    ("html", "published", "modified"),
    [
        ('<i class="dang">Ngày đăng: 12/03/2024</i>', {"visible": "Ngày đăng: 12/03/2024"}, {}),
        ('<i class="dang"><time datetime="2024-03-12T08:00">12/03/2024</time></i>', {"time": "2024-03-12T08:00", "visible": "12/03/2024"}, {}),
        ('<i class="dang" content="2024-03-12">12/03/2024</i>', {"microdata": "2024-03-12", "visible": "12/03/2024"}, {}),
        ('<i class="dang" style="display:none">12/03/2024</i>', {"microdata": "12/03/2024"}, {}),
        ('<i class="dang">2024-03-12T08:00:00+07:00</i>', {"microdata": "2024-03-12T08:00:00+07:00"}, {}),
        ('<i class="dang">Ngày đăng: 12/03/2024</i><i class="sua">13/03/2024</i>', {"visible": "Ngày đăng: 12/03/2024"}, {"visible": "13/03/2024"}),
    ],
    ids=["printed", "time-element", "content", "hidden", "for-machines", "modified"],
)  # fmt: skip
def test_a_date_is_visible_only_where_a_reader_sees_it(html, published, modified):
    found = located(f'{html}<div class="noi-dung"><p>x</p></div>')
    assert (found.published, found.modified) == (published, modified)


@pytest.mark.parametrize(
    ("printed", "section"),
    [("Tin tổng hợp", "Tin tổng hợp"), ("Chuyên mục: Kinh tế", "Kinh tế"), ("Xuất bản trong Văn hóa", "Văn hóa")],
)  # fmt: skip
def test_a_section_is_named_without_its_label(printed, section):
    found = located(f'<i class="muc">{printed}</i><div class="noi-dung"><p>x</p></div>')
    assert found.section == section


@pytest.mark.parametrize(
    ("printed", "account"),
    [("Viết bởi Lê Thu", "Lê Thu"), ("Tác giả: Lê Thu", "Lê Thu"), ("Đăng bởi: Lê Thu", "Lê Thu"), ("Byron", "Byron"), ("", None)],
)  # fmt: skip
def test_an_account_is_named_without_its_label_and_no_name_is_cut(printed, account):
    found = located(f'<i class="tai-khoan">{printed}</i><div class="noi-dung"><p>x</p></div>')
    assert found.account == account


@pytest.mark.parametrize(
    ("printed", "views"),
    [("Lượt xem: 1.234", 1234), ("1,234", 1234), ("265", 265), ("Ngày 12 | Đọc 7 lần", 7), ("nhiều", None), ("", None)],
)
def test_views_are_a_number_that_stands_alone_or_in_a_counter(printed, views):
    assert located(f'<i class="xem">{printed}</i><div class="noi-dung"><p>x</p></div>').views == views


def test_files_are_named_by_their_title_unless_that_is_but_the_files_name():
    links = (
        '<a href="/a.pdf" title="Công văn số 1">tải</a><a href="/b.pdf" title="b.pdf">Công văn số 2</a>'
        '<a href="javascript:void(0)">không</a>'
    )
    found = located(f'<div class="noi-dung"><p>x</p></div><div class="tep">{links}</div>')
    assert [(file.url, file.name) for file in found.attachments] == [
        ("http://xahoa.gov.vn/a.pdf", "Công văn số 1"),
        ("http://xahoa.gov.vn/b.pdf", "Công văn số 2"),
    ]


def test_tags_are_each_named_once_without_their_marks():
    links = "<a>#giao thông</a><a>thủy lợi, </a><a>giao thông</a><a> </a>"
    found = located(f'<div class="noi-dung"><p>x</p></div><p class="the">{links}</p>')
    assert found.tags == ["giao thông", "thủy lợi"]


def test_the_picture_beside_the_text_bears_the_caption_beside_it():
    beside = '<div class="anh"><img src="/a.jpg"></div><p class="chu-thich">Lãnh đạo xã dự họp</p>'
    (image,) = located(f'{beside}<div class="noi-dung"><p>x</p></div>').images
    assert (image.url, image.caption) == ("http://xahoa.gov.vn/a.jpg", "Lãnh đạo xã dự họp")
