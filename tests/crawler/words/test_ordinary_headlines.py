"""Two thousand ordinary headlines of all sections against every table: none makes news another thing, and what hits there
are may only fall."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from archive.text.fold import fold
from crawler.addresses.shapes import generic_kind, is_static_address
from crawler.extract import read
from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.boilerplate.spam import has_jargon, is_advert_text
from crawler.page.page import Page
from crawler.words.tables import address_words, concepts, entries_of, words
from tests.crawler.extract.test_ordinary_titles import PARAGRAPHS, k2, unknown

SECTIONS = tomllib.loads((Path(__file__).parent / "headlines.toml").read_text("utf-8"))["section"]
HEADLINES = [
    headline
    for section in SECTIONS
    for headline in (*(f"{who} {what}" for who in section["who"] for what in section["what"]), *section["whole"])
]
PARTS = 20


def slug(headline: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in fold(headline)).split())


def test_there_are_some_two_thousand_and_none_twice():
    assert len(HEADLINES) >= 2_000
    assert len(set(HEADLINES)) == len(HEADLINES)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("made", [k2, unknown], ids=["k2", "unknown"])
def test_every_headline_with_a_day_and_paragraphs_is_an_article(made, part):
    lost = []
    for headline in (HEADLINES if made is unknown else HEADLINES[::5])[part::PARTS]:
        address = f"/index.php/tin/item/7-{slug(headline)}" if made is k2 else f"/tin/{slug(headline)}.html"
        reading = read(Page.parse(made(headline).encode(), f"http://donggiang.example.gov.vn{address}"))
        article = reading.article
        if article is None or (article.title, [article.lead, *article.paragraphs]) != (headline, PARAGRAPHS):
            lost.append((headline, reading.kind, str(reading.reason)))
    assert not lost


MOST = {
    ("static_or_news", "title"): 8,
    ("media", "title"): 4,
    ("questions", "title"): 2,
    ("media", "folder"): 3,
}
"""Headlines that words of another kind are found in; every table of titles and addresses that is not named has none."""
OTHER_PLACES = ("menu", "line", "opening", "text", "segment", "slug", "host")


@pytest.mark.parametrize("concept", [concept for concept in concepts() if concept != "enforcement"])
def test_words_of_other_kinds_are_found_in_no_more_headlines_than_they_were(concept):
    places = {place for entry in entries_of(concept) for place in entry.where} - {*OTHER_PLACES}
    for place in places:
        if place == "title":
            found = [headline for headline in HEADLINES if words(concept, place).find(headline)]
        else:
            table = address_words(concept, place)
            found = [headline for headline in HEADLINES if table.find(f"/{slug(headline)}.html")]
        assert len(found) <= MOST.get((concept, place), 0), found


def test_no_headline_is_an_advert_or_a_line_around_a_text():
    lines = [headline for headline in HEADLINES if boilerplate.kind_of(headline) or is_advert_text(headline)]
    assert not [*lines, *filter(has_jargon, HEADLINES)]


def test_no_address_of_a_headline_is_left_aside():
    addresses = [
        f"http://x.vn/{slug(headline)}{ending}" for headline in HEADLINES for ending in (".html", "-12.html", "/")
    ]
    judged = {address: generic_kind(address) for address in addresses}
    assert not [address for address, kind in judged.items() if kind is not None and kind[0] != "article"]
    assert not [address for address in addresses if is_static_address(address)]
