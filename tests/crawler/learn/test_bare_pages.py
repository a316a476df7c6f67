"""Pages laid out by tables and fonts, addressed by queries: what tells title, lead, section and day where nothing has a name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.extract import read
from crawler.learn import HeldPage, learn
from crawler.learn.signs.held import survey
from crawler.page.page import Page
from tests.crawler.learn.invented import HOST, SECTIONS, Piece, Portal, body, frame, pieces, plain, related
from tests.crawler.learn.test_learning import expect_right, reading


def fonts(piece: Piece, portal: Portal) -> str:
    """Rows and fonts without a name: section, title and lead stand at places of one kind."""
    rows = (SECTIONS[piece.section], piece.title, piece.lead)
    bold = "".join(f'<tr><td><font face="Arial"><b>{text}</b></font></td></tr>' for text in rows)
    foot = f"<tr><td><font><i>Ngày cập nhật: {piece.printed} - Số lần xem: {piece.number}</i></font></td></tr>"
    return f"<table>{bold}<tr><td><font>{body(piece)}</font></td></tr>{foot}<tr><td>{related(piece, portal)}</td></tr></table>"


def rows(piece: Piece, portal: Portal) -> str:
    """Rows of one table; only what a control prints has a name. A trail of bread crumbs comes first."""
    trail = f'<a href="/">Trang chủ</a> &gt; <a href="/muc-{piece.section}">{SECTIONS[piece.section]}</a>'
    return (
        f'<table><tr><td class="t0">{trail}</td></tr><tr><td><span id="a1">{piece.title}</span></td></tr>'
        f'<tr><td><span id="a2">({piece.printed})</span></td></tr><tr><td><span id="a3"><b>{piece.lead}</b></span></td></tr>'
        f'<tr><td class="t4"><span id="a4">{body(piece)}</span></td></tr><tr><td>{related(piece, portal)}</td></tr></table>'
    )


def one_cell(piece: Piece, portal: Portal) -> str:
    """Trail, title, day, lead and text side by side, in boxes like those of the paragraphs."""
    trail = f'<div><a href="/">Trang chủ</a> / <a href="/muc-{piece.section}">{SECTIONS[piece.section]}</a></div>'
    text = "".join(f"<div>{one}</div>" for one in piece.paragraphs)
    return (
        f'<table><tr><td>{trail}<p class="h1">{piece.title}</p><p class="h2">Cập nhật: {piece.printed}</p>'
        f"<p><b>{piece.lead}</b></p>{text}{related(piece, portal)}</td></tr></table>"
    )


@pytest.mark.parametrize("theme", [fonts, rows, one_cell])
@pytest.mark.parametrize("count", [12, 40])
def test_boxes_without_names_are_told_apart(theme, count: int) -> None:  # type: ignore[no-untyped-def]
    portal = Portal(pieces(count), theme)
    themes = learn(portal.pages())

    expect_right(portal, themes)
    assert [reading(portal, piece, themes).article.section for piece in portal.pieces] == [
        SECTIONS[piece.section] for piece in portal.pieces
    ]


def test_a_trail_of_bread_crumbs_is_no_tag() -> None:
    portal = Portal(pieces(30), rows)

    assert all(not theme.selectors.tags for theme in learn(portal.pages()))


def by_query(markup: bytes | str) -> str:
    text = markup.decode() if isinstance(markup, bytes) else markup
    return text.replace("/muc-", "/danhmuc.aspx?CatID=")


def test_sections_addressed_by_a_query_are_told_apart() -> None:
    portal = Portal(pieces(24), plain, address=lambda piece: f"{HOST}/chitiet.aspx?ID={piece.number}")
    held = [HeldPage(by_query(page.url), by_query(page.body).encode(), page.content_type) for page in portal.pages()]
    [theme] = learn(held)

    assert theme.selectors.section == ("p.v7 > a",)


def test_the_way_back_to_a_list_is_no_section() -> None:
    def with_way_back(piece: Piece, portal: Portal) -> str:
        name = f"<h4>{SECTIONS[piece.section]}</h4>"
        return name + plain(piece, portal).replace(f">{SECTIONS[piece.section]}</a>", ">« Quay lại</a>")

    portal = Portal(pieces(24), with_way_back)
    themes = learn(portal.pages())

    assert [reading(portal, piece, themes).article.section for piece in portal.pieces] == [
        SECTIONS[piece.section] for piece in portal.pieces
    ]


def test_articles_that_every_page_shows_do_not_hide_their_sections() -> None:
    """In a small portal the module of the latest articles, on lists too, links most of what there is."""

    def latest(portal: Portal) -> str:
        return "".join(
            f'<p class="l1"><a href="{portal.address(piece)}">{piece.title}</a></p>' for piece in portal.pieces[-10:]
        )

    def alone(piece: Piece, portal: Portal) -> str:
        return plain(piece, portal).removesuffix(related(piece, portal))

    portal = Portal(pieces(14), alone)
    module = f'<div class="l0">{latest(portal)}</div><footer>'.encode()
    held = [
        HeldPage(page.url, page.body.replace(b"<footer>", module), page.content_type, page.fetched_at)
        for page in portal.pages()
    ]

    assert all(theme.selectors.section == ("p.v7 > a",) for theme in learn(held))


def entry(inner: str) -> bytes:
    """A list of one entry."""
    return frame(f'<div class="k1"><div class="k2">{inner}</div></div>', None)


ADDRESS = f"{HOST}/tin/bai-1.html"
LINK = f'<a href="{ADDRESS}">Hội Nông dân xã Phương Mai họp cuối năm</a>'
TEASER = "Sáng ngày 12/01/2024, Hội Nông dân xã Phương Mai họp cuối năm, có hơn ba trăm hội viên ở các thôn về dự"


@pytest.mark.parametrize(
    ("inner", "days"),
    [
        (f"{LINK}<i>15/01/2024</i>", {"2024-01-15"}),
        (f"{LINK} (Thứ Hai, 15/01/2024, 07:30)", {"2024-01-15"}),
        (f"{LINK}<p>{TEASER}</p>", set()),
        (f"{LINK}<p>{TEASER}</p><i>15/01/2024</i>", {"2024-01-15"}),
    ],
    ids=["beside", "in-brackets", "in-a-sentence", "both"],
)
def test_a_day_in_a_teasers_sentence_is_no_day_of_publication(inner: str, days: set[str]) -> None:
    held = survey([HeldPage(f"{HOST}/muc-0", entry(inner)), HeldPage(ADDRESS, frame("<p>Chuyện ở xã.</p>", None))])

    assert set(held.said.days["phuongmai.example/tin/bai-1.html"]) == days


def test_a_page_that_lists_one_other_lends_it_neither_its_day_nor_its_text() -> None:
    piece = pieces(1)[0]
    page = frame(f'<div class="q">{plain(piece, Portal([piece], plain))}<p class="r">{LINK}</p></div>', piece)
    held = survey([HeldPage(f"{HOST}/tin/bai-2.html", page), HeldPage(ADDRESS, frame("<p>Chuyện ở xã.</p>", None))])

    assert not held.said.days["phuongmai.example/tin/bai-1.html"]
    assert not held.said.teasers["phuongmai.example/tin/bai-1.html"]


def test_a_teaser_ends_before_the_link_that_says_to_read_on() -> None:
    inner = f'{LINK}<p>{TEASER}... <a href="{ADDRESS}">Xem tiếp</a></p>'
    held = survey([HeldPage(f"{HOST}/muc-0", entry(inner)), HeldPage(ADDRESS, frame("<p>Chuyện ở xã.</p>", None))])

    assert all(not told.endswith("xem tiếp") for told in held.said.teasers["phuongmai.example/tin/bai-1.html"])
    assert held.said.teasers["phuongmai.example/tin/bai-1.html"]


@pytest.mark.parametrize("listed", ["Sửa đổi lần cuối {}", "Cập nhật: {}"])
@pytest.mark.parametrize("first", [True, False], ids=["edit-first", "edit-behind"])
def test_the_day_of_publication_is_told_from_the_edit_that_lists_print(listed: str, first: bool) -> None:
    """Every article was edited; lists print the edit, the article both, each with its label."""

    def edited(piece: Piece) -> str:
        return (piece.day + timedelta(days=1 + piece.number % 3)).strftime("%d/%m/%Y")

    def theme(piece: Piece, portal: Portal) -> str:
        days = [f'<i class="e1">Sửa đổi lần cuối {edited(piece)}</i>', f'<i class="e2">xuất bản {piece.printed}</i>']
        return plain(piece, portal).replace(
            f'<span class="d3">{piece.printed}</span>', "".join(days if first else days[::-1])
        )

    portal = Portal(pieces(24), theme, dated=False)
    held = portal.pages()
    for page in held[len(portal.pieces) :]:  # the lists
        for piece in portal.pieces:
            link = f">{piece.title}</a>".encode()
            page.body = page.body.replace(link, link + f"<i>{listed.format(edited(piece))}</i>".encode())

    expect_right(portal, learn(held))


def run_on(piece: Piece, portal: Portal) -> str:
    """Title, text and tags in one column, as its lists print their entries there: one after the other, in no boxes."""
    tags = "".join(f'<li><a href="/tu-khoa/{word}">{word}</a></li>' for word in words_of(piece))
    return f'<div class="c0"><h1>{piece.title}</h1></div><div class="c1"><p>{piece.lead}</p>{body(piece)}<ul class="c2">{tags}</ul></div>'


def words_of(piece: Piece) -> list[str]:
    every = ("lua-mua", "tiem-chung", "duong-lang", "cho-phien", "hoi-lang", "nuoc-sach", "thu-vien", "do-dan")
    return [every[piece.number % 8], every[(piece.number * 3 + 1) % 8]]


def flat_list(portal: Portal, own: list[Piece], address: str, name: str) -> HeldPage:
    entries = "".join(
        f'<h2><a href="{portal.address(one)}">{one.title}</a></h2><p>{one.lead}</p><p>{one.paragraphs[0]}</p>'
        for one in own
    )
    inner = f'<div class="c0"><h1>{name}</h1></div><div class="c1">{entries}</div>'
    return HeldPage(address, frame(inner, None), "text/html", portal.fetched)


def test_lists_without_boxes_are_no_articles_of_the_theme_they_share_a_column_with() -> None:
    portal = Portal(pieces(24), run_on)
    words = sorted({word for piece in portal.pieces for word in words_of(piece)})
    lists = [
        flat_list(portal, [p for p in portal.pieces if word in words_of(p)][:6], f"{HOST}/tu-khoa/{word}", word)
        for word in words
    ]
    themes = learn([*portal.pages()[: len(portal.pieces)], *lists])

    assert [theme.learnt_from for theme in themes] == [24]
    for piece in portal.pieces:
        article = reading(portal, piece, themes).article
        assert article is not None
        assert (article.tags, article.lead) == (words_of(piece), piece.lead)
    for held in lists:
        page = Page.parse(held.body, held.url, content_type=held.content_type, fetched_at=held.fetched_at)
        assert read(page, None, themes).kind != "article"


def test_figures_in_the_cells_of_tables_stay_in_the_text() -> None:
    """They are the same on page after page, but for their digits."""

    def with_table(piece: Piece, portal: Portal) -> str:
        figures = "".join(
            f"<tr><td><p>Thôn {row}</p></td><td><p>{piece.number * row}</p></td></tr>" for row in range(1, 5)
        )
        return plain(piece, portal).replace("</div><ul", f"<table border=1>{figures}</table></div><ul")

    portal = Portal(pieces(20), with_table)
    themes = learn(portal.pages())

    text = reading(portal, portal.pieces[6], themes).article.text
    assert all(str(7 * row) in text for row in range(1, 5)), text


def test_a_few_notices_without_a_text_of_their_own_are_no_second_theme() -> None:
    """Their prose stands around the place of the others' text; by such a theme every page with a title would be an article."""

    def theme(piece: Piece, portal: Portal) -> str:
        text = body(piece) if piece.number > 5 else ""
        notes = "" if text else f"<p>{piece.paragraphs[0]}</p><p>{piece.paragraphs[1]}</p>"
        return f'<div class="w1"><h2 class="w2">{piece.title}</h2><i class="w3">{piece.printed}</i><div class="w4">{text}</div>{notes}</div>'

    portal = Portal(pieces(30), theme)

    assert [theme.selectors.body for theme in learn(portal.pages())] == [("div.w1 > div.w4",)]
