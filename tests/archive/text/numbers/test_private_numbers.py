"""Private numbers are masked by what stands beside them: every example and counter-example of the tables."""

from __future__ import annotations

import pytest

from archive.model import Article
from archive.text.numbers.private_numbers import NOTE, masked, masked_line, tables

ENTRIES = [entry for name in ("card", "office") for entry in tables()[name]]


@pytest.mark.parametrize(("before", "after"), [pair for entry in ENTRIES for pair in entry["yes"]])
def test_an_example_is_masked(before, after):
    assert masked_line(before) == after
    assert masked_line(after) == after


@pytest.mark.parametrize("text", [text for entry in ENTRIES for text in entry["no"]])
def test_a_counter_example_stays(text):
    assert masked_line(text) == text


def test_an_article_says_that_numbers_are_masked():
    article = Article("u", "u", "Tin", text="Một đoạn.\n\nÔng A, CMND 034123456.", removed=[])
    made = masked(article)
    assert made.text == "Một đoạn.\n\nÔng A, CMND •••••••••." and made.notes == [NOTE]
    assert masked(made) is made
    assert masked(Article("u", "u", "Tin", text="Không có số.")).notes == []
