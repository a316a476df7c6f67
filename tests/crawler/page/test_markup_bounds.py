"""Bounds of markup: what would cost a parser the square of its length is seen in linear time, ordinary pages pass."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.page.markup_bounds import (
    MOST_ATTRIBUTES,
    MOST_OPTIONS,
    MOST_TAGS,
    first_tags,
    too_many_attributes,
    without_options,
)
from crawler.page.page import Page

MANY = MOST_ATTRIBUTES + 5


@pytest.mark.parametrize(
    "tag",
    [
        pytest.param("<div " + " ".join(f"a{n}" for n in range(5 * MANY)) + ">", id="bare"),
        pytest.param("<div " + " ".join(f'a{n}="v"' for n in range(MANY)) + ">", id="with values"),
        pytest.param("<div " + "/".join(f"a{n}" for n in range(5 * MANY)) + ">", id="apart by slashes"),
        pytest.param("<div " + " ".join(f'a{n}=">"' for n in range(MANY)) + ">", id="a > in each value"),
        pytest.param("<div " + " ".join(f"a{n} <" for n in range(2 * MANY)) + ">", id="a < between"),
        pytest.param("<div " + " ".join(f"a{n}" for n in range(5 * MANY)), id="no end"),
    ],
)
def test_a_tag_of_thousands_of_attributes_is_seen(tag):
    assert too_many_attributes(f"<p>Xã họp</p>{tag}x</div>")


@pytest.mark.parametrize(
    "before", ["<script>" + "a<b;" * 2_000 + "</script>", "<p>" + "họp " * 2_000, "<a x='>'>" * 200]
)
def test_one_attribute_more_than_the_most_is_seen_and_the_most_is_not(before):
    tag = "<div" + " a" * MOST_ATTRIBUTES
    assert not too_many_attributes(f"{before}{tag}>x</div>")
    assert too_many_attributes(f"{before}{tag} b>x</div>")


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p>" + "xã họp bàn " * 20_000 + "</p>", id="long prose"),
        pytest.param('<img src="data:image/png;base64,' + "A" * 2_000_000 + '">', id="a pasted picture"),
        pytest.param('<p title=">">a</p>' * 500, id="many values with >"),
        pytest.param("<script>" + "a < b && c d e f; " * 5_000 + "</script>", id="a script"),
        pytest.param(
            "<SCRIPT type='a'>" + "if (i<n; " + "a b c d " * 5_000 + "</SCRIPT><p>x</p>", id="a comparison in a script"
        ),
        pytest.param("<!-- <b " + "a b c d " * 5_000 + "--><p>x</p>", id="a comment"),
        pytest.param("", id="nothing"),
    ],
)
def test_ordinary_markup_passes(markup):
    assert not too_many_attributes(markup)


def test_options_go_only_where_there_are_too_many():
    few = "<select>" + "<option>Xã</option>" * 300 + "</select>"
    assert without_options(few) == few
    many = "<p>Tin</p><select>" + '<OPTION value="1">Xã' * (MOST_OPTIONS + 1) + "</select><p>Bài</p>"
    assert without_options(many) == "<p>Tin</p><select></select><p>Bài</p>"


@pytest.mark.slow
def test_an_article_of_too_many_tags_is_read_as_far_as_the_bound_and_says_so():
    paragraphs = "".join(f"<p>Đoạn thứ {n} của biểu giá đất xã ta.</p>" for n in range(MOST_TAGS))
    body = f"<html><head><title>Biểu giá đất</title></head><body><article><h1>Biểu giá đất</h1>{paragraphs}</article></body></html>"
    page = Page.parse(body.encode(), "https://xa.example.gov.vn/bieu-gia-dat-12.html")
    assert page.notes == [f"only the first {MOST_TAGS:,} of {body.count('<'):,} tags were read"]
    article = extract(body.encode(), page.url)
    assert article.notes[0] == page.notes[0] and article.title == "Biểu giá đất"
    assert "Đoạn thứ 14000 " in article.text and "Đoạn thứ 15999 " not in article.text


@pytest.mark.parametrize("count", [0, 1, 5, 6])
def test_markup_within_the_bound_stays_as_it_is(count):
    assert first_tags("<b>" * count, most=6) == "<b>" * count
