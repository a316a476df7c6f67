"""Where no small print gives the day: the line below the title, its label's word, and no clock."""

from __future__ import annotations

import pytest

from crawler.extract import extract

PROSE = "".join(
    f"<p>The harbour office said in its note {n} that the ferry would run from six in the morning on.</p>"
    for n in "abcdefgh"
)
TITLE = "The ferry over the lower river is back"


@pytest.mark.parametrize(
    ("around", "day"),
    [
        (f"<h1>{TITLE}</h1> 20 December 2024 <div>{{}}</div>", "2024-12-20"),
        (f"<legend>{TITLE}</legend><br>December 20, 2024 <div>{{}}</div>", "2024-12-20"),
        (
            f"<h1>{TITLE}</h1><div>{{}}</div><p class='date'>December 3, 2024. <i>Updated: January 7, 2025</i></p>",
            "2024-12-03",
        ),
        (
            f"<h1>{TITLE}</h1><p><span>Last updated on:</span> <span>November 29, 2025</span></p>"
            "<p><span>Published:</span> <span>October 29, 2024</span></p><div>{}</div>",
            "2024-10-29",
        ),
        (f"<p id='todays-date'>Saturday, March 14, 2026</p><h1>{TITLE}</h1><div>{{}}</div>", None),
    ],
)
def test_the_day_of_publication_is_the_one_its_place_and_label_tell(around, day):
    page = f'<html lang="en"><head><title>{TITLE}</title></head><body><article>{around.format(PROSE)}</article></body></html>'
    published = extract(page.encode(), "https://riverpost.example.com/ferry-back.html").published
    assert (published.value[:10] if published else None) == day
