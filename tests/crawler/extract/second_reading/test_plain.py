"""Texts that need no second reading, and which of their lines go without one."""

from __future__ import annotations

import pytest

from crawler.extract.clean.blocks import Block, Link
from crawler.extract.second_reading.plain import is_plain, without_doubtful

SENTENCE = "The ferry over the lower river runs again from Monday, the harbour office said after a week of repairs."


def text(count: int = 12) -> list[Block]:
    return [Block("text", f"{number}. {SENTENCE}") for number in range(count)]


def linked(words: str) -> Block:
    return Block("text", words, links=[Link("https://example.org/", words)])


def test_a_text_of_sentences_is_plain():
    assert is_plain(text())


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param(text(3), id="short"),
        pytest.param([*text(), *(Block("item", f"Bolt number {n}") for n in range(40))], id="a list of labels"),
        pytest.param([*text(), *(linked(f"The ferry runs again, says office {n}") for n in range(20))], id="links"),
        pytest.param([*text(), *(Block("text", "Subscribe to our newsletter") for _ in range(3))], id="invitations"),
    ],
)
def test_a_text_of_other_things_is_not(blocks):
    assert not is_plain(blocks)


def test_invitations_credits_and_lone_links_go():
    lines = [
        Block("text", "Sign up for our newsletter"),
        Block("text", "Photo: Harbour Office"),
        linked("All about the ferry and its crew"),
    ]
    kept, dropped = without_doubtful([*text(), *lines])
    assert (kept, dropped) == (text(), lines)


def test_a_sentence_and_an_entry_with_a_link_stay():
    entry = linked("A list of all ferries of the lower river")
    entry.kind = "item"
    said = Block("text", "The photo by the old smith hangs in the harbour office.")
    assert without_doubtful([said, entry, said]) == ([said, entry, said], [])


def test_lines_before_the_first_and_after_the_last_sentence_go():
    before, after = Block("text", "River Post"), Block("heading", "Opening hours")
    picture = Block("image", url="https://example.org/ferry.jpg")
    kept, dropped = without_doubtful([picture, before, *text(), after])
    assert (kept, dropped) == ([picture, *text()], [before, after])
