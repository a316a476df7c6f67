"""Paragraphs kept from BeautifulSoup come out as if it had read them."""

from __future__ import annotations

import gc

import pytest
from bs4 import BeautifulSoup

from crawler.extract.clean.clean import clean


def read(markup: str) -> list[tuple[str, str]]:
    (blocks,) = clean(markup, resolve=lambda href: href)
    return [(block.kind, block.text) for block in blocks]


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        ("<p>A</p>\n<p>B</p>", [("text", "A"), ("text", "B")]),
        ("<p>A &amp; B</p><p>1&nbsp;&lt; 2</p><p>&amp;nbsp;</p>", [("text", "A & B"), ("text", "1 < 2"), ("text", "&nbsp;")]),
        ('<p class="x"><b>A</b></p><p class="x"><b> </b></p><p class="x"><b>C</b></p>', [("text", "A"), ("text", "C")]),
        ("<p>A</p><p>B</p><h2>C</h2><p>D</p><p>E\nF</p>", [*zip(["text", "text", "heading", "text", "text"], ["A", "B", "C", "D", "E F"], strict=True)]),
        ("<table><tr><td><p>A</p><p>B</p></td><td>C</td></tr><tr><td>D</td><td>E</td></tr></table>", [("row", "A B | C"), ("row", "D | E")]),
        ("<table><tr><td><p>A</p><p>B</p></td></tr></table>", [("text", "A"), ("text", "B")]),
        ('<div style="display:none"><p>A</p><p>B</p><p>C</p></div><p>D</p>', [("text", "A"), ("text", "B"), ("text", "C"), ("text", "D")]),
        ("<p>\ue0f0A\ue0f37\ue0f3</p><p>B</p><p>C</p>", [("text", "A7"), ("text", "B"), ("text", "C")]),
        ("<p>\ue0f37\ue0f3</p>", [("text", "7")]),
    ],
)  # fmt: skip
def test_runs_of_paragraphs_are_read_as_written(markup, blocks):
    assert read(markup) == blocks


def test_paragraphs_of_a_run_keep_their_setting_and_what_hides_them():
    (blocks,) = clean(
        '<div style="display:none"><p style="text-align:right"><i>A</i></p><p style="text-align:right"><i>B</i></p>'
        '<p style="text-align:right"><i>C</i></p></div>',
        resolve=lambda href: href,
    )
    assert [(block.align, block.italic, block.hidden) for block in blocks] == [("right", 1.0, True)] * 3


def test_nothing_that_is_remembered_holds_what_was_parsed():
    clean("<p>Ngắn</p><h2>Tiêu đề</h2><ul><li>Một</li><li>Hai</li></ul>", resolve=lambda href: href)
    gc.collect()
    assert not any(isinstance(kept, BeautifulSoup) for kept in gc.get_objects())
