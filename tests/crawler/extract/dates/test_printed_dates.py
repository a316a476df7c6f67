"""Which printed date is the article's: not the clock's, not the modification's, not a comment's; and how machines write it."""

from __future__ import annotations

import pytest

from tests.crawler.extract.pages.plain import PARAGRAPHS, TITLE, plain, read_page

SEEN = "2026-11-28T10:00:00Z"
CLOCKS = {
    "today": '<div class="top-date">Hôm nay: Thứ bảy, 28/11/2026</div>',
    "by id": '<div id="clock">28/11/2026 17:00</div>',
    "header": '<div class="header"><span class="date">Thứ bảy, ngày 28 tháng 11 năm 2026</span></div>',
    "banner": '<div class="banner">Đông Giang, 28/11/2026</div>',
    "unnamed": "<div>Thứ bảy, 28/11/2026</div>",
    "place": "<p>Đông Giang, ngày 28 tháng 11 năm 2026</p>",
    "cell": "<table><tr><td>Thứ bảy, 28/11/2026</td><td>Trang chủ</td></tr></table>",
    "time": '<time datetime="2026-11-28">28/11/2026</time>',
    "marquee": "<marquee>Hôm nay là thứ bảy ngày 28/11/2026</marquee>",
}
FLAT = f"<h1>{TITLE}</h1>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
SIDE = '<ul><li><a href="/a">Tin khác của xã về thủy lợi nội đồng</a></li></ul>'


def dates(html: str, **how) -> tuple[str | None, str | None]:
    """The days of publication and of modification."""
    article = read_page(html, **how).article
    assert article is not None
    return tuple(printed.value[:10] if printed else None for printed in (article.published, article.modified))


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)
def test_a_clock_dates_no_article(clock):
    for html in (
        plain(date="", before=clock),
        plain(date="", after=clock),
        f"<html><head><title>{TITLE}</title></head><body>{clock}{FLAT}</body></html>",
        f"<html><head><title>{TITLE}</title></head><body>{FLAT}{clock}</body></html>",
        f"<html><head><title>{TITLE}</title></head><body><div><div>{FLAT}</div><div>{clock}{SIDE}</div></div></body></html>",
    ):
        assert dates(html, fetched_at=SEEN) == (None, None)
    for around in ({"before": clock}, {"after": clock}):
        assert dates(plain(**around), fetched_at=SEEN)[0] == dates(plain(**around))[0] == "2020-01-13"


@pytest.mark.parametrize(
    "printed", ['<p class="date">28/11/2026</p>', "<div>28/11/2026 08:30</div>", "<p>Ngày đăng: 28/11/2026</p>"]
)
def test_an_article_of_the_day_of_the_visit_keeps_its_date(printed):
    assert dates(plain(date=printed), fetched_at=SEEN)[0] == "2026-11-28"
    flat = FLAT.replace("</h1>", f"</h1>{printed}")
    assert (
        dates(f"<html><head><title>{TITLE}</title></head><body>{flat}</body></html>", fetched_at=SEEN)[0]
        == "2026-11-28"
    )


BOTH = [
    "Cập nhật: 15/01/2020 | Ngày đăng: 13/01/2020", "Ngày đăng: 13/01/2020 | Cập nhật: 15/01/2020",
    "Đăng ngày 13/01/2020 08:30, sửa lần cuối 15/01/2020 10:20", "Lần cập nhật cuối: 15/01/2020 – Xuất bản: 13/01/2020",
    "Ngày cập nhật 15/01/2020 - Ngày tạo 13/01/2020", "13/01/2020 (ngày đăng) - 15/01/2020 (cập nhật)",
    "15/01/2020 (cập nhật) | 13/01/2020 (đăng)", "Last updated: 15/01/2020. Posted: 13/01/2020",
    "08:30 13/01/2020 | Cập nhật 10:20 15/01/2020", "Cập nhật lúc: 10:20 15/01/2020 | Đăng lúc: 08:30 13/01/2020",
    "<span>Cập nhật: 15/01/2020</span> <span>Ngày đăng: 13/01/2020</span>",
    "<div><b>Cập nhật:</b> <span>15/01/2020</span></div><div><b>Ngày đăng:</b> <span>13/01/2020</span></div>",
    'Cập nhật <time datetime="2020-01-15">15/01/2020</time> | Đăng <time datetime="2020-01-13">13/01/2020</time>',
]  # fmt: skip


@pytest.mark.parametrize("printed", BOTH)
def test_of_two_labelled_dates_each_is_what_its_label_says(printed):
    assert dates(plain(date=f'<div class="info">{printed}</div>')) == ("2020-01-13", "2020-01-15")


def test_a_modification_printed_alone_is_the_date_there_is():
    assert dates(plain(date='<div class="info">Cập nhật: 15/01/2020</div>'))[0] == "2020-01-15"


META = '<meta property="article:{0}_time" content="{1}">'
LD = '<script type="application/ld+json">{0}</script>'
JSON = '{"@context":"https://schema.org","@type":"NewsArticle","headline":"x","datePublished":"%s"}'


@pytest.mark.parametrize(
    ("written", "printed", "day"),
    [
        ("4/5/2020 8:30:00 AM", "05/04/2020 08:30", "2020-04-05"),
        ("4/5/2020 8:30:00 AM", None, "2020-04-05"),
        ("5/4/2020 8:30:00 AM", "05/04/2020", "2020-04-05"),
        ("4/5/2020", "05/04/2020", "2020-04-05"),
        ("4/25/2020 8:30:00 PM", None, "2020-04-25"),
        ("04/25/2020", None, "2020-04-25"),
        ("05/04/2020", None, "2020-04-05"),
        ("2018-03-01+0706:32:37", None, "2018-03-01"),
    ],
)
@pytest.mark.parametrize(
    "head", [META.replace("{0}", "published"), LD.replace("{0}", JSON.replace("%s", "{1}"))], ids=["meta", "json"]
)
def test_month_and_day_are_told_apart_in_what_machines_write(head, written, printed, day):
    date = f'<div class="ngay-dang">Ngày đăng: {printed}</div>' if printed else ""
    assert dates(plain(date=date, head=head.replace("{1}", written)))[0] == day


def test_a_publication_that_repeats_the_modification_yields_to_the_printed_day():
    edited = "2020-03-01T08:00:00+07:00"
    head = META.format("published", edited) + META.format("modified", edited)
    assert dates(plain(head=head)) == ("2020-01-13", "2020-03-01")
    assert dates(plain(head=head, date="")) == ("2020-03-01", None)


SHIELDS = ["<![CDATA[%s]]>", "//<![CDATA[\n%s\n//]]>", "/*<![CDATA[*/%s/*]]>*/", "<!--\n%s\n-->", "<!--\n%s\n//-->",
           "<!--//--><![CDATA[//><!--\n%s\n//--><!]]>", "/* tin */ %s", "%s;", "%s // hết"]  # fmt: skip


@pytest.mark.parametrize("shield", SHIELDS)
def test_json_is_read_within_what_shields_it(shield):
    said = shield.replace("%s", JSON.replace("%s", "2020-01-13T08:30:00+07:00"))
    assert dates(plain(date="", head=LD.format(said)))[0] == "2020-01-13"


def test_midnight_is_no_printed_time():
    article = read_page(plain(date='<div class="t">12/03/2024 | 12:00 AM</div>')).article
    assert article is not None and article.published is not None
    assert (article.published.value, article.published.precision) == ("2024-03-12", "day")


def test_a_date_in_the_list_of_other_articles_is_theirs():
    others = '<div>Tin bài liên quan</div><ul><li><a href="/a1">Khánh thành cầu treo qua sông Lạch</a> <span class="bdate">(11/06/2025)</span></li></ul>'
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    html = plain(
        f"{body}<div>{others}</div>", date='<div class="more"><span>Thứ Hai, 13/01/2020, 08:15 (GMT+7)</span></div>'
    )
    assert dates(html)[0] == "2020-01-13"
