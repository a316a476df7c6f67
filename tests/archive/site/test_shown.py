"""Long articles in parts, long fields cut; ordinary ones untouched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.model import Article, Removed
from archive.site.shown import FIELD_CHARS, LEAD_CHARS, LIST_ITEMS, PART_CHARS, PART_PARAGRAPHS, part_of


def article(**fields) -> Article:
    return Article(**{"url": "https://x.vn/1", "canonical_url": "https://x.vn/1", **fields})


def test_an_ordinary_article_is_one_part_and_the_same_object():
    plain = article(title="Họp", text="Một.\n\nHai.", tags=["a"])
    part = part_of(plain)
    assert part.article is plain
    assert part.paragraphs == [(1, "Một."), (2, "Hai.")]
    assert (part.number, part.of) == (1, 1)


def test_seventy_thousand_paragraphs_come_in_parts_that_bear_their_numbers():
    long = article(text="\n\n".join(f"xã {n}" for n in range(70_000)))
    part = part_of(long, "2")
    assert part.of == 140
    assert part.paragraphs[0] == (PART_PARAGRAPHS + 1, f"xã {PART_PARAGRAPHS}")


def test_a_part_that_is_none_is_the_nearest_one():
    long = article(text="\n\n".join("x" * 30_000 for _ in range(5)))
    assert part_of(long, "999").number == part_of(long).of
    assert part_of(long, "0").number == part_of(long, "x").number == part_of(long, "²").number == 1


def test_fields_and_lists_are_cut():
    huge = article(
        title="T" * 1_000_000, lead="L" * 100_000, tags=["t"] * 10_000, removed=[Removed("spam", "s" * 100_000)] * 1000
    )
    shown = part_of(huge).article
    assert len(shown.title) == FIELD_CHARS + 1
    assert len(shown.lead) == LEAD_CHARS + 1
    assert len(shown.tags) == len(shown.removed) == LIST_ITEMS
    assert huge.title == "T" * 1_000_000


@given(st.lists(st.text(alphabet="ab ", max_size=50_000), max_size=8))
def test_the_parts_together_hold_the_whole_text(paragraphs):
    text = "\n\n".join(paragraphs)
    whole = article(text=text)
    first = part_of(whole)
    pieces = [piece for number in range(1, first.of + 1) for piece in part_of(whole, str(number)).paragraphs]
    assert "".join(piece for _, piece in pieces) == "".join(whole.paragraphs)
    assert all(
        sum(len(piece) for _, piece in part_of(whole, str(n)).paragraphs) <= PART_CHARS for n in range(1, first.of + 1)
    )
