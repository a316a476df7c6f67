"""Gaps between numbers: newest first, bounded, and only where a number alone shows an article."""

from __future__ import annotations

import pytest

from crawler.cms.recognise import family_named
from crawler.discovery.number_gaps import WIDEST, gaps

K2 = family_named("joomla_k2")


def item(number: int, root: str = "http://x.gov.vn/index.php") -> str:
    return f"{root}/tin/item/{number}-mot-bai"


def test_the_numbers_between_known_ones_are_asked_for_by_their_number():
    known = {K2.canonical(item(8))}
    assert list(gaps(K2, [item(5), item(7), item(10)], known)) == [
        "http://x.gov.vn/index.php/component/k2/item/9",
        "http://x.gov.vn/index.php/component/k2/item/6",
    ]


def test_a_wide_gap_is_none_and_the_number_of_tries_is_bounded():
    assert list(gaps(K2, [item(1), item(2 + WIDEST)], set())) == []
    assert len(list(gaps(K2, [item(n) for n in range(0, 1000, 10)], set(), most=30))) == 30


def test_drupal_counts_nodes_and_software_that_needs_a_name_has_no_neighbours():
    drupal = family_named("drupal")
    assert list(gaps(drupal, ["http://x.gov.vn/vi/node/3", "http://x.gov.vn/vi/node/5"], set())) == [
        "http://x.gov.vn/vi/node/4"
    ]
    nukeviet = family_named("nukeviet")
    assert list(gaps(nukeviet, ["http://x.gov.vn/news/tin/a-3.html", "http://x.gov.vn/news/tin/b-5.html"], set())) == []


@pytest.mark.parametrize(
    ("family", "one", "other", "between"),
    [
        ("sharepoint", "/Trang/ChiTietTinTuc.aspx?nid=812", "/Trang/ChiTietTinTuc.aspx?nid=814", "/Trang/ChiTietTinTuc.aspx?nid=813"),
        ("sharepoint", "/Trang/Tin.aspx?nid=812&cat=4", "/Trang/Tin.aspx?nid=814&cat=4", None),
        ("sharepoint", "/portal/Pages/2023-2-6/ten-bai.aspx", "/portal/Pages/2023-2-8/ten-bai.aspx", None),
        ("dotnetnuke", "/tin-tuc/tabid/55/ArticleId/12/Default.aspx", "/tin-tuc/tabid/55/ArticleId/14/Default.aspx", "/tin-tuc/tabid/55/ArticleId/13/Default.aspx"),
        ("dotnetnuke", "/tin/ArtMID/454/ArticleID/12/ten-bai", "/tin/ArtMID/454/ArticleID/14/ten-khac", None),
    ],
    ids=["sharepoint-number", "number-and-category", "sharepoint-name", "dnn-number", "dnn-name"],
)  # fmt: skip
def test_an_address_that_holds_a_number_alone_has_neighbours_and_one_that_needs_more_has_none(
    family, one, other, between
):
    found = list(gaps(family_named(family), [f"http://x.gov.vn{one}", f"http://x.gov.vn{other}"], set()))
    assert found == ([f"http://x.gov.vn{between}"] if between else [])
