"""URLs: what is fetched, what is compared, what is a trap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses.scope import portal_name, same_site
from crawler.addresses.traps import series, trap_of
from crawler.addresses.urls import absolute, canonical, without_visit
from crawler.reasons.codes import TRAPS

BASE = "http://hungha.thaibinh.gov.vn/index.php/tin-tuc/"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("item/5-bai", BASE + "item/5-bai"),
        ("/x#y", "http://hungha.thaibinh.gov.vn/x"),
        ("../a/./b", "http://hungha.thaibinh.gov.vn/index.php/a/b"),
        ("/tag/nông thôn", "http://hungha.thaibinh.gov.vn/tag/n%C3%B4ng%20th%C3%B4n"),
        ("/tag/x%C3%A3+Ch%C3%AD+H%C3%B2a", "http://hungha.thaibinh.gov.vn/tag/x%C3%A3+Ch%C3%AD+H%C3%B2a"),
        ("HTTP://Hungha.ThaiBinh.gov.vn:80", "http://hungha.thaibinh.gov.vn/"),
        ("?start=10", "http://hungha.thaibinh.gov.vn/index.php/tin-tuc/?start=10"),
        ("mailto:a@b.vn", None), ("javascript:void(0)", None), ("#top", None), ("", None), ("http://[", None),
        ("data:text/html,x", None), ("//cdn.vn/a.css", "http://cdn.vn/a.css"),
        ("\\tin\\bai-1.html", "http://hungha.thaibinh.gov.vn/tin/bai-1.html"),
        ("..\\a\\b.html?duong=a\\b", "http://hungha.thaibinh.gov.vn/index.php/a/b.html?duong=a%5Cb"),
        ("http:\\\\x.vn\\a", "http://x.vn/a"), ("C:\\anh\\x.jpg", None),
        ("/tin/\nbài\t 1|2.html", "http://hungha.thaibinh.gov.vn/tin/b%C3%A0i%201%7C2.html"),
        ("http:/x.gov.vn/a", "http://x.gov.vn/a"), ("https:///x.gov.vn/a", "https://x.gov.vn/a"),
        ("http://http://x.vn/a", "http://x.vn/a"), ("http//x.vn/a", "http://x.vn/a"),
        ("http:/tin/a", "http://hungha.thaibinh.gov.vn/tin/a"), ("http-loi.html", BASE + "http-loi.html"),
        ("www.chinhphu.vn/tin", "http://www.chinhphu.vn/tin"), ("tin.vn.html", BASE + "tin.vn.html"),
        ("hungha.thaibinh.gov.vn/a", "http://hungha.thaibinh.gov.vn/a"),
        ("\u200b\xa0/a b ", "http://hungha.thaibinh.gov.vn/a%20b"),
    ],
)  # fmt: skip
def test_links_become_addresses_fit_to_be_fetched(href, url):
    assert absolute(BASE, href) == url


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("http://x.vn/tag/x%C3%A3", "http://x.vn/tag/xã"),
        ("http://x.vn/a?b=1&c=2", "http://x.vn/a?c=2&b=1"),
        ("http://x.vn/a;jsessionid=12AB?b=1", "http://x.vn/a?b=1&utm_source=zalo"),
        ("http://X.vn/index.php", "http://x.vn/"),
        ("http://x.vn//a//b", "http://x.vn/a/b"),
        ("http://x.vn/a?sid=0123456789abcdef0123456789abcdef", "http://x.vn/a"),
        ("http://x.vn/a?PHPSESSID=12", "http://x.vn/a"),
        (
            "http://x.vn/(X(1)S(lit3py55t21z5v55vlm25s55))/a.aspx?id=1&AspxAutoDetectCookieSupport=1",
            "http://x.vn/a.aspx?id=1",
        ),
        ("http://x.vn/(lit3py55t21z5v55vlm25s55)/a.aspx", "http://x.vn/a.aspx"),
        ("http://x.vn/a?fbclid=Iw1&gclid=2&mc_cid=3&_gl=1*a&mibextid=x&zarsrc=30&gad_source=1", "http://x.vn/a"),
    ],
)
def test_two_forms_of_one_address_compare_equal(one, two):
    assert canonical(one) == canonical(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("http://x.vn/A", "http://x.vn/a"),
        ("http://x.vn/a?p=1", "http://x.vn/a?p=2"),
        ("http://x.vn/a+b", "http://x.vn/a%20b"),
        ("http://x.vn/m.php?name=News&sid=101", "http://x.vn/m.php?name=News&sid=102"),
        ("http://x.vn/?sid=cho-phien-ke-rao-nam-2020", "http://x.vn/?sid=tram-bom-dong-lac-nam-2020"),
        ("http://x.vn/?s=tin&cid=5", "http://x.vn/?s=tin&cid=6"),
        ("http://x.vn/bao-cao-(quy-1).pdf", "http://x.vn/bao-cao-(quy-2).pdf"),
    ],
)
def test_two_pages_stay_two(one, two):
    assert canonical(one) != canonical(two)


@given(st.text(max_size=60))
def test_any_link_is_taken_or_left_without_an_error(href):
    url = absolute(BASE, href)
    if url is not None:
        assert url.isascii() and "#" not in url
        canonical(url)
        trap_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://x.vn/en/vi/en/tin", "http://x.vn/a/b/a/b/c", "http://x.vn/a?start=12&start=12",
        "http://x.vn/tin/itemlist/date/2020/1/5", "http://x.vn/lich?month=2&year=1031", "http://x.vn/" + "a/b1/" * 9,
        "http://x.vn/?" + "a" * 2000, "http://x.vn/view/x/view/y/view/z", "http://x.vn/a?x=1&x=2&x=3",
        "http://x.vn/?" + "&".join(f"k{n}=1" for n in range(11)), "http://x.vn/?" + "&".join(f"k{n}=1" for n in range(40)) + "&page=2",
        "http://x.vn/calendar/day/5", "http://x.vn/lich/3031/5",
        "http://x.vn/su-kien?tribe-bar-date=2020-05-01",
    ],
)  # fmt: skip
def test_traps_are_told_by_their_shape(url):
    assert trap_of(url).code in TRAPS


@pytest.mark.parametrize(
    "url",
    [
        "http://x.vn/vi/news/van-hoa/bai-viet-2082.html", "http://x.vn/index.php/tin/item/5-a", "http://x.vn/2025/08/05/slug",
        "http://x.vn/web/guest/-/tin/-/view_content/12-a.html", "http://x.vn/?option=com_k2&view=item&id=5&Itemid=3",
        "http://x.vn/portal/Pages/2023-2-6/Ten-bai.aspx", "http://x.vn/a?b[]=1&b[]=2",
        "http://x.vn/lich-cong-tac/tuan-12-tu-17-3-den-23-3.html", "http://x.vn/lich-cong-tac?thang=2&nam=2020",
        "http://x.vn/lich/2020/05", "http://x.vn/events/2020/05/hop-dan.html", "http://x.vn/lich-cong-tac/calendar/2020-03",
        "http://x.vn/calendar/lich-tuan-12.html", "http://x.vn/tin/2011/11/11/11/bai", "http://x.vn/vi/tin/fr/bai", "http://x.vn/a?id=5&id=5",
        "http://x.vn/web/guest/home?p_p_id=101&p_p_lifecycle=0&p_p_state=maximized&p_p_mode=view&p_p_col_id=c&p_p_col_count=1"
        "&_101_struts_action=%2Fa&_101_assetEntryId=1&_101_type=content&_101_urlTitle=x&_101_groupId=1&inheritRedirect=true",
        "http://x.vn/web/guest/tin?p_p_id=101_INSTANCE_k&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&p_p_col_id=column-2&p_p_col_count=1"
        "&_101_INSTANCE_k_delta=10&_101_INSTANCE_k_keywords=&_101_INSTANCE_k_advancedSearch=false&_101_INSTANCE_k_andOperator=true"
        "&p_r_p_564233524_resetCur=false&_101_INSTANCE_k_cur=2",
        "http://x.vn/tin?" + "&".join(f"loc{n}=" for n in range(14)) + "&trang=3", "http://x.vn/tin?" + "&".join(f"loc{n}={n}" for n in range(12)) + "&page=3",
    ],
)  # fmt: skip
def test_addresses_of_real_portals_are_no_traps(url):
    assert trap_of(url) is None


def test_an_address_is_asked_for_without_what_names_the_visit():
    asked = without_visit("http://x.vn/(S(lit3py55t21z5v55vlm25s55))/xem.aspx?id=5&utm_source=zalo&a=b+c")
    assert asked == "http://x.vn/xem.aspx?id=5&a=b+c"


def test_a_numbered_list_names_its_series():
    assert series("http://x.vn/tin?start=10") == series("http://x.vn/tin?start=20")
    assert series("http://x.vn/tin/page/2/") == series("http://x.vn/tin/page/31/")
    assert series("http://x.vn/lich?ngay=5/3/2020") == series("http://x.vn/lich?ngay=12/11/2021")
    assert series("http://x.vn/lich/2020/3/5") == series("http://x.vn/lich/2021/11/12")
    assert series("http://x.vn/tin") is None
    assert series("http://x.vn/tin/2020/3/cho-phien.html") is None


@pytest.mark.parametrize(
    ("url", "portal", "inside"),
    [
        ("https://www.x.gov.vn/a", "http://x.gov.vn/", True),
        ("http://127.0.0.1:8103/a", "http://127.0.0.1:8103/", True),
        ("http://127.0.0.1:8111/a", "http://127.0.0.1:8103/", False),
        ("http://y.gov.vn/a", "http://x.gov.vn/", False),
        ("http://evil-x.gov.vn/", "http://x.gov.vn/", False),
        ("https://w3.x.gov.vn/sites/Dilinh/tin.aspx", "http://w3.x.gov.vn/sites/dilinh/", True),
        ("http://w3.x.gov.vn/sites/dalat/tin.aspx", "http://w3.x.gov.vn/sites/dilinh/", False),
        ("http://w3.x.gov.vn/", "http://w3.x.gov.vn/sites/dilinh/", False),
        ("http://x.gov.vn/sites/default/files/a.pdf", "http://x.gov.vn/", True),
    ],
)
def test_what_belongs_to_a_portal(url, portal, inside):
    assert same_site(url, portal) is inside


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://hungha.thaibinh.gov.vn/", "hungha.thaibinh"),
        ("http://www.hue.gov.vn/", "hue"),
        ("http://127.0.0.1:8103/", "127.0.0.1-8103"),
        ("https://example.org/x", "example.org"),
        ("http://w3.lamdong.gov.vn/sites/ductrong", "w3.lamdong-ductrong"),
        ("http://x.gov.vn/sites/default/", "x"),
    ],
)
def test_a_portal_is_named_after_its_host(url, name):
    assert portal_name(url) == name


@pytest.mark.parametrize("href", ["https://xa-hoa.gov.vn/", "http://a-b.c.vn/tin/bai_1.html", "https://a.vn/x/~y/z.9"])
def test_an_address_of_plain_letters_is_as_it_is_fetched(href):
    assert absolute("http://other.vn/", href) == href


@pytest.mark.parametrize(
    ("href", "fetched"),
    [
        ("https://a.vn/x/./y", "https://a.vn/x/y"),
        ("https://a.vn/x/../y", "https://a.vn/y"),
        ("https://A.vn/x", "https://a.vn/x"),
        ("https://a.vn:443/x", "https://a.vn/x"),
        ("https://a.vn", "https://a.vn/"),
        ("https://a.vn/bài", "https://a.vn/b%C3%A0i"),
    ],
)
def test_any_other_address_is_mended(href, fetched):
    assert absolute("http://other.vn/", href) == fetched
