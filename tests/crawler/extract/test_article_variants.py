"""One article of a district portal, told again and again with other names, numbers, adverts and layouts: nothing may
know the one it all began with."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract import extract, read
from crawler.page.page import Page

TITLE = "Xã Bình Minh ra quân nạo vét kênh mương nội đồng chuẩn bị vụ xuân năm 2021"
LEAD = (
    "Sáng ngày 05/12/2020, Ủy ban nhân dân xã Bình Minh tổ chức lễ ra quân làm thủy lợi nội đồng. Dự lễ có đồng chí "
    "Phạm Thị Lan - Phó Chủ tịch UBND huyện cùng hơn hai trăm đoàn viên, hội viên các đoàn thể trong xã."
)
PARAGRAPHS = [
    "Theo kế hoạch, toàn xã nạo vét 14,5 km kênh mương cấp ba, đắp lại 3 cống tưới và phát quang bờ vùng bờ thửa, "
    "bảo đảm đủ nước gieo cấy 412 ha lúa xuân trong khung thời vụ tốt nhất.",
    "Ngay sau lễ phát động, các lực lượng đã đào đắp được hơn 1.200 mét khối đất đá, giải phóng bèo rác trên tuyến "
    "kênh trung tâm dài gần 2 km chảy qua địa bàn năm thôn.",
    "Dịp này, hợp tác xã dịch vụ nông nghiệp cũng cấp miễn phí 300 kg thuốc diệt chuột sinh học cho các hộ dân./.",
]
CAPTIONS = ["Quang cảnh lễ ra quân", "Đoàn viên thanh niên nạo vét kênh trung tâm"]
BYLINE = "Hoài An (Đài TT-TH Đông Giang)"


def bare(
    *, counter="Đọc 1.407 lượt", rating="Đánh giá mục này\n(3 bỏ phiếu)", section="Xuất bản trong Nông nghiệp",
    advert="QUẢNG CÁO\n\nthong tac cong gia re ha noi", byline="                Hoài An ( Đài TT- TH Đông Giang)", ending="\n",
) -> bytes:  # fmt: skip
    parts = [
        TITLE, LEAD, "    ", CAPTIONS[0], PARAGRAPHS[0], PARAGRAPHS[1], CAPTIONS[1], PARAGRAPHS[2], byline,
        "\n".join(part for part in (counter, rating, section) if part), advert,
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part).replace("\n", ending).encode()


VARIANTS = {
    "as-it-began": {},
    "read-counter": {"counter": "Xem: 12.345 lần"},
    "other-votes": {"rating": "Đánh giá mục này\n(5 Bình chọn)"},
    "other-section-words": {"section": "Đăng tại Nông nghiệp"},
    "windows-lines": {"ending": "\r\n"},
    "another-advert": {"advert": "QUẢNG CÁO\n\ndich vu hut be phot 24h"},
    "no-advert": {"advert": ""},
}


@pytest.mark.parametrize("change", VARIANTS.values(), ids=VARIANTS)
def test_a_text_dump_is_read_as_a_careful_person_would(change):
    article = extract(bare(**change), "file:///x.txt", content_type="text/plain")
    assert (article.title, article.lead) == (TITLE, LEAD)
    assert article.paragraphs == PARAGRAPHS
    assert article.captions == CAPTIONS
    assert (article.byline, article.author, article.source) == (BYLINE, "Hoài An", "Đài TT-TH Đông Giang")
    assert (article.published, article.event_date) == (None, "2020-12-05")
    assert article.section == "Nông nghiệp"
    assert article.views == {"Xem: 12.345 lần": 12345}.get(change.get("counter", ""), 1407)
    kinds = {piece.kind for piece in article.removed}
    assert kinds >= {"counter", "rating", "section"}
    advert = change.get("advert", "QUẢNG CÁO\n\nthong tac cong gia re ha noi").rpartition("\n")[2]
    assert [piece.text for piece in article.removed if piece.kind == "spam"] == ([advert] if advert else [])


@pytest.mark.parametrize("byline", ["Tin, ảnh: Hoài An", "Hoài An", ""], ids=["tin-anh", "name", "none"])
def test_other_signatures_and_none(byline):
    article = extract(bare(byline=byline), "file:///x.txt", content_type="text/plain")
    assert article.byline == (byline or None)
    assert article.author == ("Hoài An" if byline else None)
    assert article.paragraphs == PARAGRAPHS


def k2(*, date="", prefix="item", pictures="plain") -> bytes:
    """An item page of Joomla K2; ``prefix`` stands for a theme that renamed the classes."""
    shown = {
        "plain": lambda c: (
            f'<p style="text-align:center"><img src="/i.jpg" alt=""></p><p style="text-align:center"><em>{c}</em></p>'
        ),
        "figure": lambda c: f'<figure><img src="/i.jpg"><figcaption>{c}</figcaption></figure>',
        "table": lambda c: f'<table align="center"><tr><td><img src="/i.jpg"></td></tr><tr><td>{c}</td></tr></table>',
    }[pictures]
    body = f"<p>{LEAD}</p>{shown(CAPTIONS[0])}<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>{shown(CAPTIONS[1])}<p>{PARAGRAPHS[2]}</p>"
    return f"""<!DOCTYPE html><html lang="vi-vn"><head><meta charset="utf-8"><title>{TITLE}</title>
<meta name="generator" content="Joomla! - Open Source Content Management"><link rel="stylesheet" href="/media/k2/k2.css"></head>
<body><ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/tin">Tin tức</a></li></ul>
<div id="k2Container" class="{prefix}View"><span id="startOfPageId9"></span>
<div class="{prefix}Header">{date}<h2 class="{prefix}Title">{TITLE}</h2></div>
<div class="{prefix}Toolbar"><ul><li><a class="itemPrintLink" href="?print=1">In</a></li></ul></div>
<div class="{prefix}Body"><div class="{prefix}FullText">{body}<p style="text-align:right"><strong>Hoài An ( Đài TT- TH Đông Giang)</strong></p></div>
<div class="{prefix}ContentFooter"><span class="{prefix}Hits">Đọc <b>1407</b> lượt</span></div></div>
<div class="{prefix}RatingBlock"><span>Đánh giá mục này</span><div class="{prefix}RatingLog">(3 bỏ phiếu)</div></div>
<div class="{prefix}Links"><div class="{prefix}Category"><span>Xuất bản trong</span> <a href="/tin">Nông nghiệp</a></div></div>
<div class="moduletable"><h3>QUẢNG CÁO</h3><p><a href="http://cong.example/">thong tac cong gia re ha noi</a></p></div></div></body></html>""".encode()


@pytest.mark.parametrize("pictures", ["plain", "figure", "table"])
@pytest.mark.parametrize("prefix", ["item", "chitiet"], ids=["k2-classes", "renamed-classes"])
def test_the_same_article_as_a_page(prefix, pictures):
    page = k2(prefix=prefix, pictures=pictures)
    reading = read(Page.parse(page, "http://donggiang.example.gov.vn/index.php/tin/item/9-ra-quan"))
    assert reading.kind == "article"
    article = reading.article
    assert (article.title, article.lead, article.paragraphs) == (TITLE, LEAD, PARAGRAPHS)
    assert article.captions == CAPTIONS
    assert (article.byline, article.section, article.views) == (BYLINE, "Nông nghiệp", 1407)
    assert (article.published, article.event_date) == (None, "2020-12-05")
    assert [p.text for p in article.removed if p.kind == "spam"] == ["thong tac cong gia re ha noi"]


def test_a_printed_date_is_taken_and_said_where_from():
    page = k2(date='<span class="itemDateCreated">Thứ bảy, 05 Tháng 12 2020 14:20</span>')
    article = extract(page, "http://donggiang.example.gov.vn/index.php/tin/item/9-ra-quan")
    assert article.published.value.startswith("2020-12-05T14:20")
    assert (article.published.precision, article.published.source) == ("minute", "visible")
    assert article.published.text.endswith("14:20")


LISTING = "".join(
    f'<div class="tin"><h3><a href="/tin/bai-so-{n}-{n}00.html">Bài viết số {n} về công việc đồng áng của xã</a></h3>'
    f"<span>0{n}/03/2021</span><p>Sáng nay, tại thôn {n}, bà con nông dân đã xuống đồng gieo cấy vụ xuân…</p></div>"
    for n in range(1, 9)
)
NOT_ARTICLES = {
    "listing": f"<h1>Nông nghiệp</h1>{LISTING}<ul class='pagination'><li>1</li><li><a href='?page=2'>2</a></li></ul>",
    "static": "<h1>Liên hệ</h1><p>Địa chỉ: thôn Trung, xã Bình Minh. Điện thoại: 0227.3861.234. Email: a@b.gov.vn</p><form><input name='ten'><textarea></textarea></form>",
    "error": "<h1>404</h1><p>Trang yêu cầu không được tìm thấy</p>",
    "blocked": '<script>document.cookie="D1N=0123456789abcdef0123456789abcdef"+"; expires=Fri, 31-Dec-37 23:59:59 GMT; path=/";window.location.reload(true);</script>',
}


@pytest.mark.parametrize("kind", NOT_ARTICLES)
def test_what_is_no_article_is_called_what_it_is(kind):
    html = f"<!doctype html><html><head><meta charset=utf-8><title>Xã Bình Minh</title></head><body>{NOT_ARTICLES[kind]}</body></html>"
    address = {"static": "lien-he"}.get(kind, "tin")
    reading = read(Page.parse(html.encode(), f"http://binhminh.example.gov.vn/{address}"))
    assert (reading.kind, reading.article) == (kind, None)
    assert reading.reason


@given(st.binary(max_size=600) | st.text(max_size=400).map(lambda t: f"<html><body><p>{t}</p><table><tr><td>".encode()))
@settings(deadline=None, max_examples=150)
def test_any_bytes_are_read_without_an_error(body):
    extract(body, "http://x.gov.vn/a")
    read(Page.parse(body, "http://x.gov.vn/a"))
