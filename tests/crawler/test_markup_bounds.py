"""Bounds of markup: what would cost a parser the square of its length is seen in linear time, ordinary pages pass."""

from __future__ import annotations

import pytest

from crawler.page.markup_bounds import MOST_ATTRIBUTES, MOST_OPTIONS, too_many_attributes, without_options

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
