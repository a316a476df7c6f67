"""URLs: what is fetched, what is compared, what is a trap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.frontier.traps import series, trap_of
from crawler.frontier.urls import absolute, canonical, portal_name, same_site

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
        "http://x.vn/?" + "a" * 2000, "http://x.vn/view/x/view/y/view/z",
    ],
)  # fmt: skip
def test_traps_are_told_by_their_shape(url):
    assert trap_of(url).startswith("trap: ")


@pytest.mark.parametrize(
    "url",
    [
        "http://x.vn/vi/news/van-hoa/bai-viet-2082.html", "http://x.vn/index.php/tin/item/5-a", "http://x.vn/2025/08/05/slug",
        "http://x.vn/web/guest/-/tin/-/view_content/12-a.html", "http://x.vn/?option=com_k2&view=item&id=5&Itemid=3",
        "http://x.vn/portal/Pages/2023-2-6/Ten-bai.aspx", "http://x.vn/a?b[]=1&b[]=2",
    ],
)  # fmt: skip
def test_addresses_of_real_portals_are_no_traps(url):
    assert trap_of(url) is None


def test_a_numbered_list_names_its_series():
    assert series("http://x.vn/tin?start=10") == series("http://x.vn/tin?start=20")
    assert series("http://x.vn/tin/page/2/") == series("http://x.vn/tin/page/31/")
    assert series("http://x.vn/tin") is None


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
