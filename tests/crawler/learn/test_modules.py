"""Modules beside the articles, and how pages that bear no theme are read without them."""

from __future__ import annotations

from crawler.cms.learnt import LearntTheme
from crawler.extract import read
from crawler.learn import learn
from crawler.page.page import Page
from tests.crawler.learn.invented import HOST, Piece, Portal, body, frame, pieces, plain


def beside(piece: Piece | None, portal: Portal, inner: str) -> str:
    """A page's content in its column, the newest articles in the other."""
    newest = "".join(
        f'<div class="w2"><a href="{portal.address(one)}">{one.title}</a><p>{one.lead}</p></div>'
        for one in sorted(portal.pieces, key=lambda one: one.day, reverse=True)[:6]
    )
    return f'<div class="c1">{inner}</div><div class="c2"><h3>Tin mới nhất</h3>{newest}</div>'


def framed(piece: Piece, portal: Portal) -> str:
    return beside(piece, portal, plain(piece, portal))


def notice(portal: Portal) -> Page:
    """A page of another component of the same portal, the only one of its kind."""
    text = "".join(
        f"<p>Điều {number}. Người nộp hồ sơ tại bộ phận một cửa xã Phương Mai mang theo bản chính để đối chiếu, nhận kết quả sau {number} ngày.</p>"
        for number in range(2, 6)
    )
    inner = f'<div class="n1"><h2>Thông báo về việc tiếp nhận hồ sơ</h2><time datetime="2025-03-04">4/3/2025</time>{text}</div>'
    return Page.parse(frame(beside(None, portal, inner), None), f"{HOST}/thong-bao/90-tiep-nhan-ho-so.html")


def learnt(portal: Portal) -> list[LearntTheme]:
    return learn(portal.pages())


def test_a_module_that_stands_on_page_after_page_is_learnt_and_the_article_is_none() -> None:
    portal = Portal(pieces(20), framed)
    [theme] = learnt(portal)
    page = Page.parse(portal.pages()[0].body, portal.pages()[0].url)

    assert theme.beside
    left = page.without(theme.beside)
    assert "Tin mới nhất" not in (left.tree.body.text() if left.tree.body else "")
    assert portal.pieces[0].paragraphs[0] in (left.tree.body.text() if left.tree.body else "")


def test_a_page_without_a_theme_is_read_without_the_modules_around_it() -> None:
    portal = Portal(pieces(20), framed)
    reading = read(notice(portal), None, learnt(portal))

    assert reading.article is not None
    text = f"{reading.article.lead} {reading.article.text}"
    assert "Điều 5" in text and portal.pieces[-1].lead not in text


def test_a_page_of_teasers_is_no_article_however_much_stands_beside_it() -> None:
    portal = Portal(pieces(20), framed)
    entries = "".join(
        f'<table><tr><td><a href="{portal.address(one)}">{one.title}</a></td></tr><tr><td>{one.lead}</td></tr></table>'
        for one in portal.pieces[:9]
    )
    page = Page.parse(frame(beside(None, portal, f"<h2>Kinh tế</h2>{entries}"), None), f"{HOST}/muc-1")

    assert read(page, None, learnt(portal)).article is None


def test_a_column_that_is_another_template_s_text_is_no_module() -> None:
    """One template keeps its text where the other has its modules."""

    def turned(piece: Piece, portal: Portal) -> str:
        newest = beside(piece, portal, "").partition('<div class="c2">')[2]
        return (
            f'<div class="c1">{newest}<div class="c2"><h2>{piece.title}</h2><b>{piece.printed}</b>{body(piece)}</div>'
        )

    portal = Portal(pieces(24), lambda piece, whole: (framed if piece.section else turned)(piece, whole))
    for piece in portal.pieces:
        page = Page.parse(frame(portal.article(piece, portal), piece), portal.address(piece))
        for theme in learnt(portal):
            left = page.without(theme.beside)
            assert left.tree.body is not None and piece.paragraphs[0] in left.tree.body.text()


def test_a_page_without_what_is_looked_for_is_itself() -> None:
    page = Page.parse(b"<p>A</p>", HOST)

    assert page.without(()) is page and page.without(("div.x",)) is page
