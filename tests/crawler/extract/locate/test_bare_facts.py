"""A trail of links above a title tells the section, a menu does not; the number behind an eye is a counter, a time is none."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extract.locate.bare_facts import section_of_trail, views_behind_eye

TITLE = "Xã Vân Lĩnh làm đường mới"
NEXT = "<h1>Xã Vân Lĩnh làm đường mới</h1>"
DEEP = '<a href="/tin">Tin tức</a><a href="/tin/xa">Tin trong xã</a>'


@pytest.mark.parametrize(
    ("above", "section"),
    [
        (f"<p>{DEEP}</p>", "Tin trong xã"),
        (f'<div><h4><a href="/a">Kinh tế /</a></h4><a href="#">{TITLE}</a></div>', "Kinh tế"),
        (f'<div><a href="/a">Kinh tế</a> » {TITLE}</div>', "Kinh tế"),
        ('<div><a href="/">Trang chủ</a> › <a href="/x">Y tế</a></div>', "Y tế"),
        ('<div><a href="/">Trang chủ</a> <a href="/x">Y tế</a> <a href="/y">Văn hóa</a></div>', None),
        ('<div><a href="/truoc">Bài trước</a> | <a href="/sau">Bài sau</a></div>', None),
        (f"<p>{DEEP} và nhiều lời khác của trang</p>", None),
        ('<div><a href="/">Trang chủ</a></div>', None),
    ],
)
def test_the_section_is_the_last_step_of_a_trail(above, section):
    title = LexborHTMLParser(f"<div>{above}{NEXT}<p>Văn bản.</p></div>").css_first("h1")
    assert section_of_trail(title, TITLE) == section


@pytest.mark.parametrize(
    ("markup", "views"),
    [
        ('<i class="fa fa-eye"></i> 412', 412),
        ('<span><i class="bi bi-eye-fill"></i></span> <b>1.234</b> lượt', 1234),
        ('<img src="/img/icon-eye.png" alt=""> 77', 77),
        ('<svg><use xlink:href="/s.svg#eye"></use></svg> 5', 5),
        ('<i class="fa fa-eyebrow"></i> 412', None),
        ('<i class="fa fa-eye"></i> 08:15', None),
        ('<i class="fa fa-eye"></i> 12/03/2024', None),
        ('<i class="fa fa-eye"></i> Xem tiếp 20 tin', None),
        ('<footer><i class="fa fa-eye"></i> 412</footer>', None),
    ],
)
def test_views_stand_behind_an_eye(markup, views):
    scope = LexborHTMLParser(f"<div id=x>{markup}</div>").css_first("#x")
    found = views_behind_eye(scope)
    assert (found[0] if found else None) == views
