"""What is learnt of a portal, and what is refused: the portals are invented, each with a fault of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.cms.learnt import LearntTheme
from crawler.extract import read
from crawler.learn import HeldPage, learn
from crawler.page.page import Page
from tests.crawler.learn import invented
from tests.crawler.learn.invented import HOST, SECTIONS, Piece, Portal, frame, other, pieces, plain


def reading(portal: Portal, piece: Piece, themes: list[LearntTheme]):  # type: ignore[no-untyped-def]
    held = next(page for page in portal.pages() if page.url == portal.address(piece))
    page = Page.parse(held.body, held.url, content_type=held.content_type, fetched_at=held.fetched_at)
    return read(page, None, themes)


def expect_right(portal: Portal, themes: list[LearntTheme], *, dated: bool = True) -> None:
    """Every article is read as it was written, by a learnt theme."""
    for piece in portal.pieces:
        article = reading(portal, piece, themes).article
        assert article is not None and "/learnt-" in article.extractor
        assert article.title == piece.title
        assert [article.lead, *article.text.split("\n\n")] == [piece.lead, *piece.paragraphs]
        assert (article.published.value if article.published else None) == (piece.day.isoformat() if dated else None)


@pytest.mark.parametrize("theme", [plain, other], ids=["headed", "tables"])
@pytest.mark.parametrize("count", [8, 15, 40])
def test_the_places_of_title_day_lead_and_text_are_learnt(theme, count: int) -> None:  # type: ignore[no-untyped-def]
    portal = Portal(pieces(count), theme)

    expect_right(portal, learn(portal.pages()))


def test_three_articles_teach_nothing() -> None:
    assert learn(Portal(pieces(3), plain).pages()) == []


def test_the_section_is_the_list_that_holds_the_article() -> None:
    portal = Portal(pieces(20), plain)
    themes = learn(portal.pages())

    read_as = [reading(portal, piece, themes).article.section for piece in portal.pieces]

    assert read_as == [SECTIONS[piece.section] for piece in portal.pieces]


def test_two_themes_in_one_portal_are_learnt_apart() -> None:
    portal = Portal(pieces(30), lambda piece, whole: (plain if piece.section else other)(piece, whole))
    themes = learn(portal.pages())

    assert sorted(theme.learnt_from for theme in themes) == [10, 20]
    expect_right(portal, themes)


def test_a_theme_that_prints_no_day_borrows_none_from_the_list_beside_it() -> None:
    def undated(piece: Piece, portal: Portal) -> str:
        return re.sub(r'<span class="d3">.*?</span>', "", plain(piece, portal))

    portal = Portal(pieces(24), lambda piece, whole: (plain if piece.section else undated)(piece, whole))
    themes = learn(portal.pages())

    for piece in portal.pieces:
        published = reading(portal, piece, themes).article.published
        assert (published is None) == (piece.section == 0)


def test_a_theme_that_changes_half_way_leaves_two() -> None:
    portal = Portal(pieces(26), lambda piece, whole: (plain if piece.number > 13 else other)(piece, whole))
    themes = learn(portal.pages())

    assert [theme.learnt_from for theme in themes] == [13, 13]
    expect_right(portal, themes)


def test_lists_that_show_no_titles_leave_it_to_the_head() -> None:
    portal = Portal(pieces(16), lambda piece, _: plain(piece, Portal([], plain)), named=False)

    expect_right(portal, learn(portal.pages()))


def test_without_numbers_in_the_addresses_the_lists_date() -> None:
    portal = Portal(
        pieces(16),
        plain,
        address=lambda piece: (
            f"{HOST}/tin/{piece.title.replace(' ', '-').replace(str(piece.number), 'x' * piece.number)}"
        ),
    )

    expect_right(portal, learn(portal.pages()))


def test_without_days_in_the_lists_their_order_dates() -> None:
    portal = Portal(
        pieces(16), plain, dated=False, address=lambda piece: f"{HOST}/tin/{piece.slug}-{'x' * piece.number}"
    )
    [theme] = learn(portal.pages())

    assert theme.date == "visible" and (told := theme.of("published")) is not None and not told.asked
    expect_right(portal, [theme])


def clock(text: str):  # type: ignore[no-untyped-def]
    """A theme with something that looks like a day before the title, and prints no other."""

    def theme(piece: Piece, portal: Portal) -> str:
        return f'<div class="c4">{text.format(piece=piece)}</div>' + plain(piece, portal).replace(
            f">{piece.printed}</span>", "></span>"
        )

    return theme


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Chủ nhật, 01/03/2026", "the same day"),
        ("{piece.slug} 0{piece.section}/0{piece.section}/2025", "rank"),
    ],
    ids=["a clock", "days in no order"],
)
def test_a_day_that_is_not_the_articles_is_refused(text: str, why: str) -> None:
    portal = Portal(pieces(18), clock(text), dated=False)
    for piece in portal.pieces:
        piece.section = (piece.number * 5) % 3
    [theme] = learn(portal.pages())

    assert theme.date == "" and (told := theme.of("published")) is not None and why in told.refused
    assert all(reading(portal, piece, [theme]).article.published is None for piece in portal.pieces)


def test_a_clock_that_goes_with_the_visit_is_refused() -> None:
    portal = Portal(pieces(14), clock("Hôm nay {piece.printed}"), dated=False)
    pages = [
        HeldPage(page.url, page.body, page.content_type, f"{piece.day}T01:00:00Z")
        for page, piece in zip(portal.pages(), portal.pieces, strict=False)
    ]
    [theme] = learn(pages)

    assert theme.date == "" and "clock" in theme.of("published").refused  # type: ignore[union-attr]


def test_the_printed_day_stands_where_a_hidden_one_repeats_the_edit() -> None:
    def stamped(piece: Piece, portal: Portal) -> str:
        edited = piece.day + timedelta(days=200 if piece.number % 4 == 0 else 0)
        return plain(piece, portal).replace("<h2>", f'<span class="z8">{edited}T09:30:00+07:00</span><h2>')

    portal = Portal(pieces(20), stamped)

    expect_right(portal, learn(portal.pages()))


def test_a_portal_that_mixes_two_families_is_read_by_both_themes() -> None:
    def wordpress(piece: Piece, portal: Portal) -> str:
        return f'<article class="post-{piece.number} post hentry"><h1 class="entry-title">{piece.title}</h1><time datetime="{piece.day}T08:00:00+07:00">{piece.printed}</time><div class="entry-content"><p>{piece.lead}</p>{invented.body(piece)}</div></article>'

    def nukeviet(piece: Piece, portal: Portal) -> str:
        return f'<div class="news_column"><h1 class="title">{piece.title}</h1><span class="h5">{piece.printed} 08:00</span><div class="hometext">{piece.lead}</div><div id="news-bodyhtml">{invented.body(piece)}</div></div>'

    portal = Portal(pieces(24), lambda piece, whole: (wordpress if piece.number % 2 else nukeviet)(piece, whole))
    themes = learn(portal.pages())

    assert len(themes) == 2
    for piece in portal.pieces:
        article = reading(portal, piece, themes).article
        assert (article.title, article.lead, article.published.value[:10]) == (
            piece.title,
            piece.lead,
            piece.day.isoformat(),
        )


def test_lists_are_no_articles_and_bear_no_theme() -> None:
    portal = Portal(pieces(20), plain)
    themes = learn(portal.pages())

    for held in portal.pages()[len(portal.pieces) :]:
        page = Page.parse(held.body, held.url, content_type=held.content_type, fetched_at=held.fetched_at)
        assert read(page, None, themes).article is None


@pytest.mark.parametrize("entries", [1, 3])
def test_lists_of_few_entries_whose_teasers_stand_nowhere_else_are_no_second_theme(entries: int) -> None:
    """Pages of tags, of which a sample holds few: what they say of articles that are not held stands on them alone."""
    portal = Portal(pieces(12), plain)
    elsewhere = pieces(6 * entries, seed=9)
    for number in range(6):
        shown = elsewhere[number * entries : (number + 1) * entries]
        teasers = "".join(
            f'<li class="e1"><h3 class="e2"><a href="/tin/cu-{number}-{at}.html">{one.title} vừa qua</a></h3>'
            f'<div class="e3"><p>{" ".join(one.paragraphs[:2])}</p></div></li>'
            for at, one in enumerate(shown)
        )
        tag = replace(shown[0], title=f"Thôn Đoài số {number + 1}")
        page = frame(f'<div class="q1"><h2>{tag.title}</h2></div><ul class="e0">{teasers}</ul>', tag)
        portal.extra.append(HeldPage(f"{HOST}/the/thon-{number + 1}", page, "text/html", portal.fetched))

    themes = learn(portal.pages())

    assert len(themes) == 1
    expect_right(portal, themes)
    for held in portal.extra:
        page = Page.parse(held.body, held.url, content_type=held.content_type, fetched_at=held.fetched_at)
        assert read(page, None, themes).article is None


def test_what_stands_on_every_page_is_left_out_of_the_text() -> None:
    def noted(piece: Piece, portal: Portal) -> str:
        note = '<div class="n5">Quý vị gửi tin bài cộng tác xin liên hệ Ban biên tập theo số máy của văn phòng.</div>'
        return plain(piece, portal).replace(invented.body(piece), invented.body(piece) + note)

    portal = Portal(pieces(20), noted)

    expect_right(portal, learn(portal.pages()))


def test_learning_twice_gives_the_same() -> None:
    portal = Portal(pieces(12), plain)

    assert learn(portal.pages()) == learn(portal.pages())


def test_a_word_that_is_the_same_on_all_pages_is_no_section_where_no_list_of_that_name_holds_them() -> None:
    def signed(piece: Piece, portal: Portal) -> str:
        return re.sub(
            r'<p class="v7">.*?</p>', '<p class="v7"><a href="/gioi-thieu">Ban biên tập</a></p>', plain(piece, portal)
        )

    portal = Portal(pieces(16), signed)
    about = f"<h2>Ban biên tập</h2><p>{'Trang tin của xã Phương Mai do Ban biên tập của xã phụ trách. ' * 3}</p>"
    portal.extra = [HeldPage(f"{HOST}/gioi-thieu", invented.frame(about, None), "text/html", portal.fetched)]

    assert all(not theme.selectors.section for theme in learn(portal.pages()))


def test_a_line_of_small_print_that_no_list_prints_is_no_lead() -> None:
    def with_small_print(piece: Piece, portal: Portal) -> str:
        line = f"Created {piece.printed} | Updated {piece.printed} | {SECTIONS[piece.section]} | words {piece.number} | views"
        return plain(piece, portal).replace('<div class="q2">', f'<div class="s3">{line}</div><div class="q2">')

    portal = Portal(pieces(16), with_small_print)

    assert all(not theme.selectors.lead for theme in learn(portal.pages()))


def test_the_word_before_every_author_is_a_label_and_the_name_an_account() -> None:
    names = ("Thu Hà", "Minh Đức", "Lê Ngọc Bích")

    def authored(piece: Piece, portal: Portal) -> str:
        by = f'<div class="a5"><span>Author</span> <b>{names[piece.number % 3]}</b></div>'
        return f'<div class="o1">{plain(piece, portal)}{by}</div>'.replace('<ul class="r9">', '<ul class="r9">')

    portal = Portal(pieces(16), authored)
    [theme] = learn(portal.pages())

    assert theme.labels == ("Author",) and not theme.selectors.signature
    article = reading(portal, portal.pieces[3], [theme]).article
    assert article.author == names[portal.pieces[3].number % 3]
    assert article.byline is None


def test_all_tags_are_read_where_the_number_of_tags_differs_and_their_counts_are_none() -> None:
    words = ("bão", "lúa xuân", "chuyển đổi số", "khuyến học", "đất đai", "y tế", "lễ hội")

    def tagged(piece: Piece, portal: Portal) -> str:
        own = [words[(piece.number + at) % 7] for at in range(piece.number % 3 + 1)]
        links = "".join(
            f'<a class="g7" href="/tags/{words.index(tag)}">{tag}<i class="g8">{len(tag)}</i></a>' for tag in own
        )
        return plain(piece, portal).replace("</span></div>", f'</span></div><p class="g6">{links}</p>', 1)

    portal = Portal(pieces(21), tagged)
    [theme] = learn(portal.pages())

    for piece in portal.pieces:
        article = reading(portal, piece, [theme]).article
        assert article.tags == [words[(piece.number + at) % 7] for at in range(piece.number % 3 + 1)]


def test_a_label_the_reader_of_signatures_knows_leaves_the_byline_a_byline() -> None:
    names = ("Thu Hà", "Minh Đức", "Lê Ngọc Bích")

    def authored(piece: Piece, portal: Portal) -> str:
        return f'<div class="o1">{plain(piece, portal)}<p class="a5">Tác giả: {names[piece.number % 3]}</p></div>'

    portal = Portal(pieces(16), authored)
    [theme] = learn(portal.pages())

    assert theme.labels == () and theme.selectors.signature
    assert reading(portal, portal.pieces[3], [theme]).article.byline == names[portal.pieces[3].number % 3]
