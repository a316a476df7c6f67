"""From blocks to an article: what is lead and what is text, what is taken out and told, who signs it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Article
from crawler.cms.recognise import family_named
from crawler.extract.assemble import Body, assemble, sign, sort_out, split_lead
from crawler.extract.clean.blocks import Block, Link
from crawler.extract.credits.byline import Signature
from crawler.extract.locate.located import Located
from crawler.page.metadata import read_metadata
from crawler.page.page import Page

URL = "http://xahoa.gov.vn/tin/bai-1.html"
ONE = "Sáng qua, Ủy ban nhân dân xã họp bàn việc sửa đường liên thôn trước mùa mưa."
TWO = "Các thôn cùng góp ngày công và vật liệu, phần còn lại do ngân sách xã chi trả."
THREE = "Cuộc họp thống nhất hoàn thành trước ngày khai giảng để học sinh đi lại dễ dàng."


def text(words: str, **named) -> Block:
    return Block("text", words, **named)


def sorted_out(*blocks: Block, title: str | None = "Xã họp") -> Body:
    return sort_out(list(blocks), URL, title)


def lines(body: Body) -> list[str]:
    return [block.text for block in body.blocks]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Lượt xem: 265", "counter"),
        ("Chia sẻ lên Facebook", "share"),
        ("Bình luận (0)", "comments"),
        ("Chuyên mục: Kinh tế", "section"),
        ("In bài viết", "toolbar"),
    ],
)
def test_a_line_of_boilerplate_is_taken_out_and_told(line, kind):
    body = sorted_out(text(ONE), text(line), text(TWO))
    assert lines(body) == [ONE, TWO]
    assert [(piece.kind, piece.text) for piece in body.removed] == [(kind, line)]


def test_what_a_counter_and_a_section_line_say_is_kept_as_such():
    body = sorted_out(
        text("Chuyên mục: Kinh tế"),
        text("Chuyên mục: Văn hóa"),
        text(ONE),
        text("Lượt xem: 1.265"),
        text("Lượt xem: 3"),
    )
    assert (body.views, body.section) == (1265, "Kinh tế")


def test_the_date_above_the_text_is_taken_out_and_a_day_the_text_tells_of_stays():
    body = sorted_out(text("Ngày đăng: 12/03/2024 08:30"), text(ONE), text("Thời gian: 08:00 ngày 12/03/2024"))
    assert lines(body) == [ONE, "Thời gian: 08:00 ngày 12/03/2024"]
    assert [piece.text for piece in body.removed] == ["Ngày đăng: 12/03/2024 08:30"]


def test_other_news_under_its_heading_is_taken_out_to_the_next_paragraph():
    links = [
        text("Tin hôm trước của xã", links=[Link("http://xahoa.gov.vn/2", "Tin hôm trước của xã")]) for _ in range(2)
    ]
    body = sorted_out(text(ONE), text("Tin liên quan"), *links, text(TWO * 3))
    assert lines(body) == [ONE, TWO * 3]
    assert {piece.kind for piece in body.removed} == {"related"}
    assert body.removed[-1].href == "http://xahoa.gov.vn/2"


POINTERS = {
    "another article": ("Xem thêm: Tin hôm trước của xã", "http://xahoa.gov.vn/2", False),
    "with its mark": ("» Đọc thêm: Tin hôm trước của xã", "http://xahoa.gov.vn/2", False),
    "a sentence": ("Người dân mời xem thêm ở trụ sở, theo Tin hôm trước của xã", "http://xahoa.gov.vn/2", True),
    "a file": ("Xem thêm: Tin hôm trước của xã", "http://xahoa.gov.vn/van-ban.pdf", True),
}


@pytest.mark.parametrize(("line", "href", "stays"), POINTERS.values(), ids=POINTERS)
def test_a_line_between_paragraphs_that_points_to_another_article_is_none_of_the_text(line, href, stays):
    pointer = text(line, links=[Link(href, "Tin hôm trước của xã")])
    body = sorted_out(text(ONE), pointer, text(TWO), text(THREE))
    assert (line not in [piece.text for piece in body.removed if piece.kind == "related"]) is stays
    assert [one for one in lines(body) if one != line] == [ONE, TWO, THREE]


def test_a_pointer_that_begins_with_a_linked_picture_is_one_all_the_same():
    links = [Link("http://xahoa.gov.vn/2", ""), Link("http://xahoa.gov.vn/2", "Tin hôm trước của xã")]
    body = sorted_out(text(ONE), text("Xem thêm: Tin hôm trước của xã", links=links), text(TWO), text(THREE))
    assert lines(body) == [ONE, TWO, THREE]


def test_links_without_such_a_heading_are_text():
    link = text("Tin hôm trước của xã", links=[Link("http://xahoa.gov.vn/2", "Tin hôm trước của xã")])
    assert "Tin hôm trước của xã" in lines(sorted_out(text(ONE), link, text(TWO)))


def test_the_title_above_the_text_is_no_paragraph_and_one_further_down_is():
    assert lines(sorted_out(text("Xã họp"), text(ONE))) == [ONE]
    assert lines(sorted_out(text(ONE), text("XÃ HỌP"), text(TWO))) == [ONE, TWO]
    late = [text(ONE), text(TWO), text(THREE), text(ONE + "."), text("Một việc chung")]
    assert lines(sorted_out(*late, title="Một việc chung"))[-1] == "Một việc chung"


def test_bread_crumbs_are_taken_out_and_a_list_of_the_text_stays():
    def item(words: str, linked: bool) -> Block:
        return Block("item", words, links=[Link("http://xahoa.gov.vn/", words)] if linked else [])

    assert lines(sorted_out(item("Trang chủ", True), item("Tin tức", True), text(ONE))) == [ONE]
    assert lines(sorted_out(item("Một là đường", False), text(ONE))) == ["Một là đường", ONE]


def test_a_bullet_is_no_paragraph():
    assert lines(sorted_out(text(ONE), text("***"), text("•"), text(TWO))) == [ONE, TWO]


def test_a_signature_is_taken_out_of_the_text():
    body = sorted_out(text(ONE), text(TWO), text("Tin, ảnh: Minh Hương", align="right"))
    assert (lines(body), body.signature.author) == ([ONE, TWO], "Minh Hương")


def test_a_foreign_page_is_signed_by_no_vietnamese_words():
    body = sort_out([text(ONE), text(TWO), text("Tin, ảnh: Minh Hương", align="right")], URL, "Xã họp", foreign=True)
    assert body.signature is None and lines(body)[-1] == "Tin, ảnh: Minh Hương"


@pytest.mark.parametrize(
    ("blocks", "marked", "lead", "paragraphs"),
    [
        ([text(ONE), text(TWO)], [], ONE, [TWO]),
        ([text(ONE), text(TWO)], [1], TWO, [ONE]),
        ([text(ONE)], [], ONE, []),
        ([], [], None, []),
        ([text("Nội dung:"), text(ONE)], [], None, ["Nội dung:", ONE]),
        ([Block("heading", ONE), text(TWO)], [], ONE, [TWO]),
        ([Block("heading", "Mục một"), text(TWO)], [], TWO, ["Mục một"]),
        ([Block("item", ONE), text(TWO)], [], None, [ONE, TWO]),
        ([text(ONE), text(ONE.upper()), text(TWO)], [0], ONE, [TWO]),
        ([Block("image", url="u"), text(ONE), text(TWO)], [], ONE, [TWO]),
        ([Block("caption", "Ảnh"), text(ONE), text(TWO)], [], ONE, [TWO]),
    ],
    ids=["first", "marked", "alone", "nothing", "label", "sentence-heading", "short-heading", "list-first", "printed-twice", "picture-first", "caption-first"],
)  # fmt: skip
def test_the_lead_is_what_the_page_marks_else_the_first_paragraph(blocks, marked, lead, paragraphs):
    assert split_lead(blocks, {id(blocks[n]) for n in marked}) == (lead, paragraphs)


@given(
    st.lists(
        st.builds(Block, st.sampled_from(["text", "heading", "item", "row", "caption"]), st.text(max_size=80)),
        max_size=8,
    ),
    st.data(),
)
def test_a_paragraph_is_lead_or_text_and_never_lost_or_doubled(blocks, data):
    marked = {id(block) for block in blocks if data.draw(st.booleans())}
    lead, paragraphs = split_lead(blocks, marked)
    prose = [block.text for block in blocks if block.is_prose and block.text]
    if marked:  # a sapo printed again goes
        assert {*paragraphs, lead} - {None} <= set(prose)
    else:
        assert sorted([*paragraphs, *([lead] if lead else [])]) == sorted(prose)


@pytest.mark.parametrize(
    ("signature", "beside", "account", "byline", "author", "source"),
    [
        (None, [], None, None, None, None),
        (None, [], "Lê Thu", None, "Lê Thu", None),
        (Signature("Tin: Minh Hương", "Minh Hương"), [], "Lê Thu", "Tin: Minh Hương", "Minh Hương", None),
        (None, ["Tác giả: Minh Hương"], None, "Minh Hương", "Minh Hương", None),
        (Signature("PV"), [], "Lê Thu", "PV", "Lê Thu", None),
        (Signature("Tin: Minh Hương", "Minh Hương"), ["Nguồn: Báo Thái Bình"], None, "Tin: Minh Hương", "Minh Hương", "Báo Thái Bình"),
        (None, ["không phải chữ ký của ai cả vì câu này dài!"], None, None, None, None),
    ],
    ids=["nobody", "account", "signature-over-account", "beside", "initials-and-account", "source-beside", "no-signature"],
)  # fmt: skip
def test_an_article_is_signed_by_its_text_then_by_what_stands_beside_then_by_the_account(
    signature, beside, account, byline, author, source
):
    article = Article(URL, URL)
    sign(article, Body(signature=signature), beside, account)
    assert (article.byline, article.author, article.source) == (byline, author, source)


def assembled(markup: str, head: str = "", **located) -> Article:
    page = Page.parse(f"<html><head>{head}</head><body>{markup}</body></html>".encode(), URL, content_type="text/html")
    return assemble(page, family_named("joomla_k2"), Located("selectors", markup, **located), read_metadata(page))


BODY = f"<p>{ONE}</p><p>{TWO}</p>"


def test_what_a_page_does_not_say_is_none_or_empty():
    article = assembled(BODY)
    assert (article.lead, article.text) == (ONE, TWO)
    absent = (article.title, article.section, article.byline, article.author, article.source, article.published)
    assert absent == (None,) * 6
    assert (article.tags, article.images, article.attachments, article.removed, article.views) == ([], [], [], [], None)


def test_how_it_was_read_is_told():
    article = assembled(BODY)
    assert (article.family, article.extractor.split("/")[:2]) == ("joomla_k2", ["joomla_k2", "selectors"])


def test_tags_printed_in_one_element_are_told_apart():
    assert assembled(BODY, tags=["giao thông, thủy lợi; giao thông"]).tags == ["giao thông", "thủy lợi"]


def test_a_picture_named_twice_is_kept_once_with_its_caption():
    markup = '<p><img src="/a.jpg"></p><p><em>Quang cảnh cuộc họp</em></p>' + BODY + '<img src="/a.jpg">'
    assert [image.url for image in assembled(markup).images] == ["http://xahoa.gov.vn/a.jpg"]


def test_files_are_attachments_and_a_line_of_nothing_else_is_no_paragraph():
    article = assembled(BODY + '<p><a href="/files/cong-van.pdf">Công văn số 12</a></p>')
    assert [file.url for file in article.attachments] == ["http://xahoa.gov.vn/files/cong-van.pdf"]
    assert "Công văn số 12" not in article.text


def test_numbers_of_documents_are_found_in_title_and_text():
    article = assembled(f"<p>{ONE}</p><p>Theo Quyết định số 12/2024/QĐ-UBND của tỉnh, các thôn lập tổ tự quản.</p>")
    assert article.documents == ["12/2024/QĐ-UBND"]


def test_who_weighs_the_parts_may_change_them():
    page = Page.parse(f"<html><body>{BODY}</body></html>".encode(), URL, content_type="text/html")

    def without_last(body: Body, title: str | None) -> None:
        body.blocks.pop()

    located = Located("density", BODY)
    article = assemble(page, family_named(None), located, read_metadata(page), without_last)
    assert (article.lead, article.text) == (ONE, "")
