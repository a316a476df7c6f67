"""Every example of every table: what a phrase is, and what looks alike and is none. And what the tables hold each other to."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import crawler.words
from crawler.words.notation import NotationError, example, parsed
from crawler.words.tables import (
    AddressWords,
    AnyPhrases,
    Entry,
    Phrases,
    Place,
    TableError,
    address_words,
    concepts,
    entries_of,
    words,
)

ADDRESSES = ("folder", "slug", "page", "segment", "host")
ROOT = Path(crawler.words.__file__).parent
ENTRIES = [(concept, entry) for concept in concepts() for entry in entries_of(concept)]
EXAMPLES = [
    (concept, entry, text, wanted)
    for concept, entry in ENTRIES
    for wanted, texts in ((True, entry.yes), (False, entry.no))
    for text in texts
]


def is_found(entry: Entry, place: Place, text: str) -> bool:
    """Whether one phrase alone is found in a text, where its table looks for it."""
    if place in ADDRESSES:
        return AddressWords(lambda: (entry,), place).find(text) is not None
    alone = Phrases(lambda: (entry,))
    return (alone.open(text) if place == "opening" else alone.find(text)) is not None


@pytest.mark.parametrize(
    ("concept", "entry", "text", "wanted"), EXAMPLES, ids=[f"{concept}-{text}" for concept, _, text, _ in EXAMPLES]
)
def test_a_phrase_is_found_in_its_examples_and_not_in_what_looks_alike(concept, entry, text, wanted):
    is_address = text.startswith("/") or "host" in entry.where
    places = [
        place
        for place in entry.where
        if (place in ADDRESSES) == is_address and (place == "host") == ("." in text and text[0] != "/" and is_address)
    ]
    found = [is_found(entry, place, text) for place in places]
    assert found and any(found) is wanted


@pytest.mark.parametrize("concept", concepts())
def test_a_phrase_of_words_alone_is_found_by_its_table(concept):
    for entry in entries_of(concept):
        if "`" in entry.say:
            continue
        said = example(parsed(entry.say))
        for place in entry.where:
            if place not in ADDRESSES:
                table = words(concept, place)
                assert (table.open(said) if place == "opening" else table.find(said)) is not None, (said, place)


def test_a_phrase_whose_words_are_an_expression_has_an_example():
    bare = [(concept, entry.say) for concept, entry in ENTRIES if "`" in entry.say and not entry.yes]
    assert not bare


def test_a_phrase_stands_once_in_a_place_of_a_table():
    seen = [(concept, place, entry.say, entry.plain) for concept, entry in ENTRIES for place in entry.where]
    assert sorted(set(seen)) == sorted(seen)


def test_the_words_looked_for_first_stand_in_every_example():
    for concept, entry, text, wanted in EXAMPLES:
        if wanted and not text.startswith("/") and not set(entry.where) <= set(ADDRESSES):
            table = Phrases(lambda entry=entry: (entry,))
            assert table.may_be_in(text + " " * 100), (concept, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Khu nhà văn hoá của thôn", True),
        ("KHU NHÀ VĂN HÓA", True),
        ("khu nha van hoa", False),
        ("văn hóad", False),
    ],
)
def test_case_and_the_place_of_a_tone_make_no_other_word(text, found):
    table = Phrases(lambda: (Entry("văn hóa", ("text",), False, False),))
    assert (table.find(text) is not None) is found


def test_words_that_count_without_accents_are_found_word_by_word():
    table = Phrases(lambda: (Entry("giá rẻ", ("text",), False, True),))
    assert [table.find(text) for text in ("bán GIÁ RẺ nhất", "bán gia re nhất", "bán giá re", "gia rể")] == [
        "GIÁ RẺ",
        "gia re",
        "giá re",
        None,
    ]


@pytest.mark.parametrize(
    ("say", "texts"),
    [
        (
            "[trang] giới thiệu [chung]",
            ["giới thiệu", "trang giới thiệu", "giới thiệu chung", "trang giới thiệu chung"],
        ),
        ("in bài [viết] [này]", ["in bài", "in bài viết", "in bài này", "in bài viết này"]),
        ("chức năng[,] [-] nhiệm vụ", ["chức năng nhiệm vụ", "chức năng, nhiệm vụ", "chức năng - nhiệm vụ"]),
        ("các [tin] [bài] khác", ["các khác", "các tin khác", "các bài khác", "các tin bài khác"]),
        ("log[ ]in", ["login", "log in"]),
        ("lãnh đạo (xã|huyện)…5", ["lãnh đạo xã", "lãnh đạo huyện ta"]),
        ("# lượt", ["265 lượt"]),
    ],
)
def test_blanks_go_with_the_words_that_may_be_missing(say, texts):
    table = Phrases(lambda: (Entry(say, ("line",), True, False),))
    assert [text for text in texts if not table.is_all_of(text)] == []
    assert not any(table.is_all_of(f"{text}{end}") for text in texts for end in (" nữa mà thôi", "ngg mà"))


@pytest.mark.parametrize("say", ["[một", "một]", "(a|b", "a|b"])
def test_a_phrase_that_breaks_the_notation_is_refused(say):
    with pytest.raises(NotationError):
        parsed(say)


def test_a_table_nobody_wrote_is_refused():
    with pytest.raises(TableError):
        entries_of("no_such_table")


def test_every_table_says_what_it_is_about():
    for path in ROOT.glob("*/*.toml"):
        assert tomllib.loads(path.read_text("utf-8"))["about"], path


def test_an_address_word_is_bounded_by_slashes_and_hyphens():
    assert address_words("questions", "folder").find("/an-sinh-xa-hoi-dap-ung-yeu-cau.html") is None
    assert address_words("questions", "folder").find("/hoi-dap/lam-the-chan-1.html") is not None


TABLES = [words(name, "text") for name in ("spam_selling", "gambling", "loans_and_streams")]
YES = [said for table in TABLES for entry in table.entries for said in entry.yes]


@pytest.mark.parametrize("text", [*YES, "Tin về một hội nghị"])
def test_several_tables_are_asked_at_once_as_one_by_one(text):
    long = f"{text} {'— ' * 40}"
    assert AnyPhrases(*TABLES).may_be_in(long) is any(table.may_be_in(long) for table in TABLES)
