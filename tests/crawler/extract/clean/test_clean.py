"""The markup of an article as blocks in reading order: paragraphs however they are written, links, pictures, what is hidden."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.addresses.urls import absolute
from crawler.extract.clean.blocks import Block
from crawler.extract.clean.clean import clean

BASE = "http://xahoa.gov.vn/tin/bai-1.html"


def blocks(markup: str) -> list[Block]:
    (found,) = clean(markup, resolve=lambda href: absolute(BASE, href))
    return found


def texts(markup: str) -> list[str]:
    return [block.text for block in blocks(markup) if block.text and not block.hidden]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Câu một.</p><p>Câu hai.</p>",
        "<div>Câu một.</div><div>Câu hai.</div>",
        "Câu một.<br><br>Câu hai.",
        "Câu một.<br>Câu hai.",
        "<p>Câu một.<p>Câu hai.",
        "<table><tr><td><p>Câu một.</p><p>Câu hai.</p></td></tr></table>",
        "<div><div><div>Câu một.</div>Câu hai.</div></div>",
        "<p><span>Câu</span> <b>một</b>.</p>\n\n<p>Câu hai.<o:p></o:p></p>",
        "<section><p>Câu một.</p></section><section><p>Câu hai.</p></section>",
        "<pre>Câu một.\nCâu hai.</pre>",
        "<p>Câu một.</p><script>var x = 1;</script><style>p{}</style><p>Câu hai.</p>",
        "<p>Câu một.</p><!-- ghi chú --><p>Câu hai.</p>",
    ],
)
def test_two_paragraphs_are_two_however_an_editor_wrote_them(markup):
    assert texts(markup) == ["Câu một.", "Câu hai."]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Xã Hòa An<br>họp dân</p>", "Xã Hòa An họp dân"),
        ("<p>Xã Hòa An\n   họp\tdân</p>", "Xã Hòa An họp dân"),
        ("<p>Xã&nbsp;Hòa&nbsp;An</p>", "Xã Hòa An"),
        ("<p>Xã <i>Hòa</i><b>An</b></p>", "Xã HòaAn"),
        ("<p>5 &lt; 6 &amp; 7</p>", "5 < 6 & 7"),
    ],
    ids=["goes-on-in-small-letters", "line-ends", "hard-blanks", "no-blank-written", "entities"],
)
def test_a_line_is_one_paragraph_with_its_spaces_mended(markup, text):
    assert texts(markup) == [text]


@pytest.mark.parametrize(
    ("markup", "kind"),
    [("<h2>x</h2>", "heading"), ("<ul><li>x</li></ul>", "item"), ("<figcaption>x</figcaption>", "caption"), ("<p>x</p>", "text"), ("<blockquote>x</blockquote>", "text")],
)  # fmt: skip
def test_a_block_is_of_the_kind_its_element_makes_it(markup, kind):
    assert [block.kind for block in blocks(markup)] == [kind]


def test_a_table_of_data_is_a_row_a_line_and_a_layout_table_is_none():
    data = "<table border=1><tr><th>Thôn</th><th>Hộ</th></tr><tr><td>An</td><td>120</td></tr><tr><td>Bình</td><td>98</td></tr></table>"
    assert [(block.kind, block.text) for block in blocks(data)] == [
        ("row", "Thôn | Hộ"), ("row", "An | 120"), ("row", "Bình | 98"),
    ]  # fmt: skip
    assert [block.kind for block in blocks(f"<table><tr><td><p>{'Một câu dài. ' * 9}</p></td></tr></table>")] == [
        "text"
    ]


@pytest.mark.parametrize(
    "style",
    ["display:none", "DISPLAY : none", "visibility: hidden", "font-size:0"],
    ids=["none", "spaced", "hidden", "no-size"],
)
def test_what_no_reader_sees_is_marked_and_not_lost(style):
    found = blocks(f'<p>thấy</p><div style="{style}">giấu</div><p>thấy <span style="{style}">giấu</span> nữa</p>')
    assert [block.text for block in found if not block.hidden] == ["thấy", "thấy nữa"]
    assert {block.text for block in found if block.hidden} == {"giấu"}


def test_a_link_keeps_where_it_leads_and_its_words():
    (block,) = blocks('<p>Xem <a href="/van-ban/1.pdf">công <b>văn</b></a> kèm theo</p>')
    (link,) = block.links
    assert block.text == "Xem công văn kèm theo"
    assert (link.href, link.text) == ("http://xahoa.gov.vn/van-ban/1.pdf", "công văn")


@pytest.mark.parametrize("href", ["javascript:void(0)", "mailto:a@b.vn", "#muc-2", ""])
def test_a_link_to_no_address_is_text(href):
    (block,) = blocks(f'<p><a href="{href}">chữ</a></p>')
    assert (block.text, block.links) == ("chữ", [])


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ('<img src="/a.jpg">', True),
        ('<img data-src="/a.jpg" src="data:image/gif;base64,R0">', True),
        ('<noscript><img src="/a.jpg"></noscript>', True),
        ('<picture><source srcset="/a.jpg"><img></picture>', True),
        ('<img src="/a.jpg" width="16" height="16">', False),
        ('<img src="/images/icons/clock.png">', False),
        ('<img src="/a.jpg" class="avatar">', False),
        ('<a href="/tac-gia/le-thu"><img src="/a.jpg"></a>', False),
        ('<img src="data:image/png;base64,R0">', False),
    ],
    ids=["plain", "lazy", "noscript", "picture", "tiny", "icon", "avatar", "author", "inline"],
)
def test_a_picture_of_the_article_is_kept_and_signs_are_not(markup, kept):
    assert [block.url for block in blocks(markup)] == ["http://xahoa.gov.vn/a.jpg"] * kept


@pytest.mark.parametrize(
    ("markup", "bold", "italic", "align"),
    [
        ("<p><b>Lê Thu</b></p>", 1.0, 0.0, ""),
        ("<p><em>Lê</em> <i>Thu</i></p>", 0.0, 1.0, ""),
        ('<p style="text-align:right"><strong>Lê Thu</strong></p>', 1.0, 0.0, "right"),
        ('<div align="right"><p>Lê Thu</p></div>', 0.0, 0.0, "right"),
        ("<center>Lê Thu</center>", 0.0, 0.0, "center"),
    ],
)
def test_how_a_line_is_set_is_told(markup, bold, italic, align):
    (block,) = blocks(markup)
    assert (round(block.bold, 1), round(block.italic, 1), block.align) == (bold, italic, align)


def test_each_fragment_has_its_own_blocks_in_their_order():
    lead, body = clean("<div>sapo</div>", "<p>thân bài</p>", resolve=lambda href: href)
    assert ([block.text for block in lead], [block.text for block in body]) == (["sapo"], ["thân bài"])


WORDS = st.text("abcđêăấ ĐÊ0.,", min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
TAGS = st.sampled_from(["p", "div", "span", "b", "td", "li", "h2", "a", "blockquote", "font", "section"])
MARKUP = st.recursive(
    WORDS,
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=4)).map(
        lambda made: f"<{made[0]}>{' '.join(made[1])}</{made[0]}>"
    ),
    max_leaves=20,
)


@settings(max_examples=150)
@given(MARKUP)
def test_no_letter_is_lost_or_made_up_and_their_order_stays(markup):
    def letters(text: str) -> str:
        return "".join(char for char in text if char.isalpha())

    read = BeautifulSoup(f"<section>{markup}</section>", "lxml").get_text()
    assert letters("".join(block.text for block in blocks(markup))) == letters(read)
