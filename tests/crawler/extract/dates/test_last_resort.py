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


def day_of(body: str, *, head: str = "", path: str = "/ferry-back.html", language: str = "en") -> str | None:
    page = f'<html lang="{language}"><head><title>{TITLE}</title>{head}</head><body><article>{body}</article></body></html>'
    published = extract(page.encode(), f"https://riverpost.example.com{path}").published
    return published.value[:10] if published else None


@pytest.mark.parametrize(
    ("opening", "language", "day"),
    [
        ("29.11.2022 – Die Fähre über den unteren Fluss fährt seit Montag wieder im alten Takt.", "de", "2022-11-29"),
        ("Pressemitteilung vom 25. Januar 2022 | Hafenstadt – Die Fähre fährt seit Montag wieder.", "de", "2022-01-25"),
        ("Press release of 5 May 2021 | The ferry over the lower river runs again since Monday.", "en", "2021-05-05"),
        ("On 5 May 2021 – a Wednesday – the ferry over the lower river stopped for the last time.", "en", None),
        ("5 May 2021 was the last day on which the ferry over the lower river left the old quay.", "en", None),
    ],
)
def test_a_dateline_dates_a_text_that_nothing_else_dates(opening, language, day):
    long = f"{opening} {PROSE[3:100]} {PROSE[3:100]}"  # too long for a line that only tells a day
    assert day_of(f"<h1>{TITLE}</h1><div><p>{long}</p>{PROSE}</div>", language=language) == day


@pytest.mark.parametrize(
    ("around", "day"),
    [
        (f"<h2 class='date-header'><span>Saturday, October 5, 2013</span></h2><h3 class='post-title'>{TITLE}</h3>", "2013-10-05"),
        (f"<div class='date-header'>Saturday, October 5, 2013</div><h1>{TITLE}</h1>", None),
        (f"<div class='Datetime ArticleHeader-Date'>6 May 2022</div><h1>{TITLE}</h1>", "2022-05-06"),
        (f"<div class='Datetime Header-Date'>6 May 2022</div><h1>{TITLE}</h1>", None),
        (f"<h1>{TITLE}</h1><div class='uploaded-date'> 23.09.22 </div>", "2022-09-23"),
        (f"<h1>{TITLE}</h1><div class='uploaded-date'> 1.2.22 </div>", None),
        (f"<h1>{TITLE}<br><small>{' ' * 400}02.02.2022 •{' ' * 400}<i>Harbour</i></small></h1>", "2022-02-02"),
    ],
)  # fmt: skip
def test_the_name_of_a_header_makes_a_clock_only_outside_of_an_article(around, day):
    assert day_of(f"{around}<div>{PROSE}</div>") == day
