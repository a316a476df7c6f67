"""A saved page drawn: pictures and styles from what is held, links to what is held, nothing that opens a connection."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.site.replay import Replay

HELD = {"https://a.vn/tin/anh.jpg": "/-/capture-file/1", "https://a.vn/nen.png": "/-/capture-file/2"}
STYLES = {
    "https://a.vn/css/s.css": '@import "t.css"; body { background: url(../nen.png) } p { background: url(http://b.vn/x.png) }',
    "https://a.vn/css/t.css": "h1 { color: red }",
    "https://a.vn/css/evil.css": "p { } </style><img src=https://evil.example/>",
    "https://a.vn/css/self.css": "@import url(self.css); h2 { color: blue }",
}


def drawn(html: str) -> str:
    return replay().drawn(html)


def replay() -> Replay:
    return Replay("https://a.vn/tin/1", HELD.get, STYLES.get, lambda address: f"/luu?url={address}", "not saved")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param('<img src="anh.jpg" alt="x">', '<img alt="x" src="/-/capture-file/1">', id="picture"),
        pytest.param('<img src="blank.gif" data-src="anh.jpg">', 'src="/-/capture-file/1"', id="picture loaded late"),
        pytest.param('<img src="/khac.jpg">', "data:image/svg+xml,", id="picture that is not held"),
        pytest.param('<a href="/tin/2#x">', 'href="/luu?url=https://a.vn/tin/2" target="_top"', id="link"),
        pytest.param("<A HREF=../khac TARGET=_blank>", 'href="/luu?url=https://a.vn/khac" target="_top"', id="capitals"),
        pytest.param('<a href="#dau">', 'href="#dau"', id="link within the page"),
        pytest.param('<link rel=stylesheet href="/css/s.css">', 'url("/-/capture-file/2")', id="style"),
        pytest.param('<link rel=stylesheet href="/css/s.css">', "h1 { color: red }", id="style that another imports"),
        pytest.param('<link rel="stylesheet" media="print" href="/css/t.css">', '<style media="print">', id="medium"),
        pytest.param('<style>p{background:url("/nen.png")}</style>', 'url("/-/capture-file/2")', id="style in the page"),
        pytest.param('<div style="background:url(/nen.png)">', "/-/capture-file/2", id="style of an element"),
        pytest.param('<base href="https://a.vn/tin/x/"><img src="../anh.jpg">', 'src="/-/capture-file/1"', id="base"),
        pytest.param('<link rel=stylesheet href="/css/self.css">', "h2 { color: blue }", id="style that imports itself"),
    ],
)  # fmt: skip
def test_what_is_held_takes_the_place_of_what_was_linked(html, expected):
    assert expected in drawn(html)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="javascript:alert(1)">',
        '<a href="data:text/html,x">',
        '<a href="https://evil.example/" onclick="x" ping="https://evil.example/p">',
        '<a href="https://evil.example/',
        "<a href='https://evil.example/>\"",
        '<img src=x onerror="alert(1)">',
        '<link rel="preconnect" href="https://evil.example">',
        '<link rel=stylesheet href="/css/evil.css">',
        '<meta http-equiv=refresh content="0;url=https://evil.example/">',
        '<iframe src="https://evil.example/"></iframe>',
        '<svg><a xlink:href="https://evil.example/"><image href="https://evil.example/x.png"/></a></svg>',
        '<base href="https://evil.example/"><a href="x">',
        '<img srcset="https://evil.example/x.png 2x" src="https://evil.example/y.png">',
        '<style>@import "https://evil.example/x.css"; p{background:url(https://evil.example/)}</style>',
    ],
)
def test_nothing_leads_out_of_the_archive(html):
    made = drawn(html)
    for tag in re.findall(r"<(?!wbr)[^<>]*", made):
        assert not re.search(r"(?<!url=)https?://evil|javascript:|\son\w+=|data:text", tag), made
    assert not re.search(r"(?:url\(|@import)[^)]*evil", made), made


def test_a_style_cannot_end_its_element():
    made = drawn('<link rel=stylesheet href="/css/evil.css">')
    assert made.count("</style>") == 1 and made.endswith("</style>")


def test_what_is_not_held_is_named():
    one = replay()
    one.drawn('<img src="/khac.jpg"><link rel=stylesheet href="/khac.css">')
    assert one.missing == ["https://a.vn/khac.jpg", "https://a.vn/khac.css"]


@given(st.text(alphabet="<>a\"'= /imgsrcstyle:;url()@&#\n", max_size=300))
def test_any_markup_is_drawn(html):
    made = drawn(html)
    assert not re.search(r"<(?:a|area)(?=[\s/>])(?! data-kept)", made, re.IGNORECASE)
