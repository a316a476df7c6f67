"""Phrases that give a short line away: none of them is missed for the words that are looked for first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract.second_reading.phrases import CREDIT, PROMOTION, Phrases, ends_sentence


@pytest.mark.parametrize("phrases", [PROMOTION, CREDIT], ids=["promotion", "credit"])
@settings(max_examples=300)
@given(data=st.data())
def test_every_phrase_of_an_expression_has_a_word_that_is_looked_for(phrases: Phrases, data):
    written = data.draw(st.from_regex(phrases.pattern))
    plain = written.translate(str.maketrans("ſıİK", "siik"))  # no keyboard writes these for s, i and k
    assert phrases.are_in(plain) == (phrases.pattern.search(plain) is not None)


@pytest.mark.parametrize(
    ("line", "found"),
    [("Sign up for our NEWSLETTER", True), ("À Lire aussi", True), ("À lire : la crue du fleuve", True), ("The ferry runs again", False)],
)  # fmt: skip
def test_an_invitation_is_told_in_whatever_case(line, found):
    assert PROMOTION.are_in(line) is found


@pytest.mark.parametrize(
    ("line", "ends"),
    [("It runs again.", True), ("“It runs.”", True), ("(It runs)", True), ("The ferry", False), ("", False)],
)
def test_a_sentence_ends_with_its_sign(line, ends):
    assert ends_sentence(line) is ends
