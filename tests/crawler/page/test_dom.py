"""Helpers on the parsed page: links in elements of some names are found as the selectors name them."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.page.dom import LinksIn, title_text

FILES = LinksIn(holders="[class*=files i], #kem", links="a[href]", others='a[rel~="enclosure"]')


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<div id="at"><p class="Files"><a href="1">1</a></p><a href="2">2</a></div>', ["1"]),
        ('<div class="tin-files"><div id="at"><p><a href="1">1</a></p></div></div>', ["1"]),
        ('<div id="kem"><div id="at"><a href="1">1</a></div></div>', ["1"]),
        ('<div id="at"><a href="1">1</a></div><p class="files"><a href="2">2</a></p>', []),
        ('<div id="at"><a href="1">1</a><a rel="enclosure" href="2">2</a></div>', ["2"]),
        ('<div id="at"><a rel="enclosure" href="1">1</a><p class="files"><a href="2">2</a></p></div>', ["1", "2"]),
        ('<div id="at"><p class="files"><a>no address</a></p></div>', []),
    ],
    ids=["within", "around", "around-by-id", "beside", "by-itself", "both-in-order", "no-address"],
)  # fmt: skip
def test_links_are_found_in_whatever_holds_them(markup, found):
    scope = LexborHTMLParser(markup).css_first("#at")
    assert scope is not None
    assert [node.attributes.get("href") for node in FILES.of(scope)] == found


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<h1>  Hội nghị \n tổng kết </h1>", "Hội nghị tổng kết"),
        ("<h1>Hội nghị<!-- dòng --> tổng kết</h1>", "Hội nghị tổng kết"),
        ("<h1>Hội nghị <b>tổng kết</b></h1>", "Hội nghị tổng kết"),
        ("<h1>Hội nghị tổng kết năm <sup>Mới</sup></h1>", "Hội nghị tổng kết năm"),
        ("<h1>Hội nghị tổng kết<br><small>02.02.2022 • Tin xã</small></h1>", "Hội nghị tổng kết"),
        ("<h1>Hội nghị tổng kết <small>năm 2022</small></h1>", "Hội nghị tổng kết năm 2022"),
        ("<h1> </h1>", None),
    ],
)
def test_a_title_is_what_its_element_prints(markup, title):
    assert title_text(LexborHTMLParser(markup).css_first("h1")) == title
