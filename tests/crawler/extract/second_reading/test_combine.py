"""Two readings put together: the lead that only ours holds, and texts of which one stops early."""

from __future__ import annotations

import pytest

from crawler.extract.clean.blocks import Block
from crawler.extract.second_reading.combine import Reading, Witnesses, Words, combine

LEAD = "After a week of repairs the ferry over the lower river is back, and fares stay as they are."
TEXT = [
    "The harbour office said on Sunday that the ferry would run from six in the morning until the last train.",
    "Two of its four engines had been taken ashore, and the crew lent a hand at the slipway every evening.",
    "Farmers on the far bank had meanwhile carried their rice over the railway bridge, an hour's walk away.",
]


def kept(first: str, kind: str = "text", second: list[str] = TEXT) -> list[str]:
    own = [Block(kind, first), *(Block("text", paragraph) for paragraph in TEXT)]
    ours = Words("\n".join(block.text for block in own))
    blocks, _ = combine(own, ours, Reading.of(second), Witnesses(None, None, "theferryisback"), {})
    return [block.text for block in blocks]


@pytest.mark.parametrize("kind", ["text", "heading"])
def test_a_lead_that_the_other_reading_lacks_stays(kind):
    assert kept(LEAD, kind) == [LEAD, *TEXT]


@pytest.mark.parametrize(
    "line",
    [
        "Photo: the ferry at its berth on Sunday evening, seen from the smith's yard in Lower Bend.",
        "Subscribe to our newsletter and read every morning what happens along the lower river.",
        "By our reporter at the harbour, who has been on every ferry of the river for thirty years.",
    ],
    ids=["credit", "invitation", "byline"],
)
def test_what_stands_above_the_text_and_is_no_lead_goes(line):
    assert kept(line) == TEXT


def test_a_lead_that_published_text_lacks_stays():
    assert kept(LEAD, second=TEXT)[0] == LEAD
