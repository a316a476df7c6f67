"""Blocks: the key under which repeated texts are found, and its beginning."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.extract.clean.blocks import opening, squeeze


@given(st.text(max_size=200), st.integers(1, 20))
@example("a" * 9 + "\u0301" * 40 + "b" * 100, 2)
@example("ΑΣ" * 60, 3)
def test_an_opening_is_how_the_key_begins(text, most):
    assert opening(text, most) == squeeze(text)[:most]


@pytest.mark.parametrize(("text", "key"), [("Xã  Hòa_An – 2020!", "xãhòaan2020"), ("½ km²", "½km²"), ("—", "")])
def test_a_key_holds_letters_and_digits_alone(text, key):
    assert squeeze(text) == key
