"""However an editor lays three paragraphs out, three paragraphs are read: cells, preformatted lines, breaks."""

from __future__ import annotations

import textwrap

import pytest

from tests.crawler.extract.pages.plain import PARAGRAPHS, paragraphs_of, plain


def each(form: str) -> str:
    return "".join(form.format(text) for text in PARAGRAPHS)


FIRST, SECOND, THIRD = PARAGRAPHS
LINES = "\n\n".join(PARAGRAPHS)
FORMS = {
    "p in cells": f"<table>{each('<tr><td><p>{}</p></td></tr>')}</table>",
    "font in cells": f'<table border="0" width="100%">{each("<tr><td width=100%><font size=2>{}</font></td></tr>")}</table>',
    "nested": f"<table><tr><td><table>{each('<tr><td>{}</td></tr>')}</table></td></tr></table>",
    "margin column": f"<table>{each('<tr><td width=10>&nbsp;</td><td>{}</td></tr>')}</table>",
    "one row": f"<table><tr>{each('<td>{}</td>')}</tr></table>",
    "tables in a row": each("<table><tr><td>{}</td></tr></table>"),
    "breaks in a cell": f"<table><tr><td>{FIRST}<br><br>{SECOND}<br>{THIRD}</td></tr></table>",
    "pre": f"<pre>{LINES}</pre>",
    "pre, a line each": f"<pre>{LINES.replace(chr(10) * 2, chr(10))}</pre>",
    "pre, wrapped by hand": f"<pre>{chr(10).join(textwrap.fill(text, 70) + chr(10) for text in PARAGRAPHS)}</pre>",
    "pre with code": f"<pre><code>{LINES}</code></pre>",
    "pre-line": f'<div style="white-space: pre-line">{LINES}</div>',
    "pre-wrap, Windows lines": f'<p style="white-space:pre-wrap">{LINES.replace(chr(10), chr(13) + chr(10))}</p>',
    "pre-line by class": f'<div class="whitespace-pre-line">{LINES}</div>',
    "definitions": f"<dl>{each('<dd>{}</dd>')}</dl>",
}


@pytest.mark.parametrize("form", FORMS)
def test_three_paragraphs_are_three(form):
    assert paragraphs_of(plain(FORMS[form])) == PARAGRAPHS


def test_a_cell_beside_a_picture_is_text():
    """A paragraph's length tells it from a caption."""
    long = f"{FIRST} {SECOND}"
    table = f'<table><tr><td><img src="/a.jpg" width=200></td><td>{long}</td></tr><tr><td colspan=2>{THIRD}</td></tr></table>'
    assert paragraphs_of(plain(table)) == [long, THIRD]


def test_line_ends_of_plain_markup_say_nothing():
    assert (
        paragraphs_of(plain(f"<p>{FIRST.replace(', ', ',' + chr(10))}</p><p>{SECOND}</p><p>{THIRD}</p>")) == PARAGRAPHS
    )


def test_a_table_of_figures_stays_one_line_a_row_without_empty_columns():
    rows = [("Thôn", "", "Số hộ"), ("Thượng", "", "120"), ("Hạ", "", "95")]
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    body = f"<p>{FIRST}</p><p>{SECOND}</p><table>{table}</table><p>{THIRD}</p>"
    assert paragraphs_of(plain(body)) == [FIRST, SECOND, "Thôn | Số hộ", "Thượng | 120", "Hạ | 95", THIRD]


def test_words_own_elements_within_a_paragraph_do_not_split_it():
    first, second = FIRST.split(", ", 1)
    assert (
        paragraphs_of(plain(f"<p>{first}, <o:p>{second}</o:p></p><p>{SECOND}<o:p></o:p></p><p>{THIRD}</p>"))
        == PARAGRAPHS
    )
