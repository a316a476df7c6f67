"""The words: both languages complete and alike, numbers and times as each writes them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import archive.site
from archive.site.words.speaker import WORDS, Speaker

WORDS_FOLDER = Path(archive.site.__file__).parent / "words"
TEMPLATES = Path(archive.site.__file__).parent / "templates" / "tinhuyen"


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_take_the_same_values(key):
    vi, en = (set(re.findall(r"\{(\w+)\}", text)) for text in WORDS[key])
    assert vi == en
    assert all(WORDS[key])


def test_every_word_a_template_asks_for_exists():
    asked = {
        word
        for template in TEMPLATES.glob("*.html")
        for word in re.findall(r"\bt(?:\.count)?\(\"(\w+)\"[,)]", template.read_text("utf-8"))
    }
    assert len(asked) > 50
    assert asked <= set(WORDS)


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        pytest.param(
            "2024-03-12T09:14:00+07:00", "12/03/2024 09:14 (GMT+7)", "12 Mar 2024, 09:14 (GMT+7)", id="minute"
        ),
        pytest.param("2024-03-12T20:00:00Z", "13/03/2024 03:00 (GMT+7)", "13 Mar 2024, 03:00 (GMT+7)", id="UTC"),
        pytest.param("2024-03-02", "02/03/2024", "2 Mar 2024", id="day"),
        pytest.param("2024-03", "03/2024", "Mar 2024", id="month"),
        pytest.param(None, "", "", id="none"),
    ],
)
def test_times(value, vi, en):
    assert (Speaker("vi").when(value), Speaker("en").when(value)) == (vi, en)


def test_numbers_and_sizes():
    assert Speaker("vi")("articles", n=12431) == "12.431 bài"
    assert Speaker("en").count("articles", 1) == "1 article"
    assert Speaker("vi").size(1_234_567) == "1,2 MB"
    assert Speaker("en").size(12) == "12 bytes"


def test_both_languages_have_the_same_texts_with_the_same_names_to_fill_in():
    vi, en = (tomllib.loads((WORDS_FOLDER / f"{language}.toml").read_text("utf-8")) for language in ("vi", "en"))
    assert vi.keys() == en.keys()
    for table in vi:
        assert vi[table].keys() == en[table].keys()
        for key, text in vi[table].items():
            assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", en[table][key])), key
