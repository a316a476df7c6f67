"""Class names never swallow text: a paragraph of prose, words within a sentence and prose without links stay whatever they
are called. And parts that are what their names say go."""

from __future__ import annotations

import pytest

from tests.crawler.extract.pages.plain import PARAGRAPHS, paragraphs_of, plain

FIRST, SECOND, THIRD = PARAGRAPHS
NAMES = [
    "MsoHeader", "MsoFooter", "MsoCommentText", "MsoFootnoteText", "header-font", "font-header", "tag", "tags", "cms-relate",
    "related", "overflow-hidden", "elementor-widget", "hljs-comment", "ad-container", "ads", "banner", "share-text", "keyword",
    "menu-item", "content-header", "vote", "print", "hidden-xs", "widget", "social", "footnotes",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tag", ["p", "div", "blockquote", "span"])
def test_prose_stays_whatever_its_class_says(name, tag):
    second = f'<{tag} class="{name}">{SECOND}</{tag}>'
    second = f"<p>{second}</p>" if tag == "span" else second
    assert paragraphs_of(plain(f"<p>{FIRST}</p>{second}<p>{THIRD}</p>")) == PARAGRAPHS


@pytest.mark.parametrize("name", [*NAMES, "footer", "sidebar", "comment", "author"])
def test_words_within_a_sentence_stay(name):
    linked = SECOND.replace("bốn máy", f'<a class="{name}" href="/may">bốn máy</a>')
    marked = THIRD.replace("quý này", f'<span class="{name}">quý này</span>')
    assert paragraphs_of(plain(f"<p>{FIRST}</p><p>{linked}</p><p>{marked}</p>")) == PARAGRAPHS


@pytest.mark.parametrize("name", ["footer", "sidebar", "comment", "MsoFooter"])
def test_a_paragraph_is_never_furniture(name):
    assert paragraphs_of(plain(f'<p>{FIRST}</p><p class="{name}">{SECOND}</p><p>{THIRD}</p>')) == PARAGRAPHS


OTHERS = {
    "tags": '<div class="tags"><a href="/tag/a">trạm bơm</a> <a href="/tag/b">thủy lợi</a></div>',
    "related": '<div class="related"><p><a href="/a">Khánh thành cầu treo bắc qua sông Lạch</a></p><p>Cầu dài tám mươi mét, nối hai bờ.</p></div>',
    "comments": '<div class="comments"><p>Bài viết hay, mong xã làm sớm để bà con yên tâm sản xuất vụ này.</p></div>',
    "share": '<div class="social-share"><a href="http://f.example/">Facebook</a> <a href="http://z.example/">Zalo</a></div>',
    "footer": '<div class="footer"><p>Cổng thông tin điện tử xã Đông Giang, trụ sở tại thôn Trung, xã Đông Giang.</p></div>',
}


@pytest.mark.parametrize("name", OTHERS)
def test_parts_that_are_what_their_names_say_go(name):
    assert paragraphs_of(plain("".join(f"<p>{text}</p>" for text in PARAGRAPHS) + OTHERS[name])) == PARAGRAPHS
