"""Which day is taken on a foreign page where its sources name several."""

from __future__ import annotations

import pytest

from crawler.extract import extract

TITLE = "The ferry over the lower river is back"
PROSE = "".join(
    f"<p>The harbour office said in its note {n} that the ferry would run from six in the morning on.</p>"
    for n in "abcdefgh"
)


def dated(*, jsonld: str = "", modified: str = "", meta: str = "", printed: str = "", path: str = "/ferry.html"):
    head = (
        ""
        if not jsonld
        else f'<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{jsonld}", "dateModified": "{modified}"}}</script>'
    )
    if meta:
        head += f'<meta property="article:published_time" content="{meta}">'
    beside = f"<p class='date'>{printed}</p>" if printed else ""
    page = (
        f'<html lang="en"><head><title>{TITLE}</title>{head}</head>'
        f"<body><article><h1>{TITLE}</h1>{beside}<div>{PROSE}</div></article></body></html>"
    )
    return extract(page.encode(), f"https://riverpost.example.com{path}")


@pytest.mark.parametrize(
    ("said", "day", "source"),
    [
        ({"jsonld": "2022-01-04T07:29:00Z", "meta": "2022-01-06T08:29:34", "printed": "January 6, 2022"}, "2022-01-06", "meta"),
        ({"jsonld": "2022-01-04T07:29:00Z", "meta": "2022-01-06T08:29:34", "printed": "January 4, 2022"}, "2022-01-04", "jsonld"),
        ({"jsonld": "2022-01-04T07:29:00Z", "meta": "2022-01-06T08:29:34"}, "2022-01-04", "jsonld"),
        # the day of the next morning's paper, on which an article was out the evening before
        ({"jsonld": "2026-05-17T19:30:02+02:00", "meta": "2026-05-18", "printed": "May 18, 2026"}, "2026-05-17", "jsonld"),
        ({"jsonld": "2020-02-25T02:25:54Z", "printed": "February 24, 2020", "path": "/2020/02/24/ferry/"}, "2020-02-24", "visible"),
        ({"jsonld": "2020-02-25T02:25:54Z", "printed": "February 25, 2020", "path": "/2020/02/24/ferry/"}, "2020-02-25", "jsonld"),
        ({"jsonld": "2020-02-25T02:25:54-05:00", "printed": "February 24, 2020", "path": "/2020/02/24/ferry/"}, "2020-02-25", "jsonld"),
        ({"meta": "2020-04-30", "printed": "29.04.2020, 12:01"}, "2020-04-29", "visible"),
        ({"meta": "2020-04-30", "printed": "29.04.2020"}, "2020-04-30", "meta"),
        ({"meta": "2020-04-30", "printed": "01.05.2020, 12:01"}, "2020-04-30", "meta"),
        ({"meta": "2020-04-30T08:00:00", "printed": "29.04.2020, 12:01"}, "2020-04-30", "meta"),
    ],
)  # fmt: skip
def test_a_day_two_sources_agree_on_is_taken_against_one(said, day, source):
    found = dated(**said).published
    assert (found.value[:10], found.source) == (day, source)


@pytest.mark.parametrize(
    ("modified", "told"), [("2020-02-25T02:25:54Z", None), ("2020-02-26T09:00:00Z", "2020-02-26T09:00:00+00:00")]
)
def test_an_instant_that_repeats_the_publication_is_no_modification_of_the_day_printed(modified, told):
    said = dated(jsonld="2020-02-25T02:25:54Z", modified=modified, printed="February 24, 2020", path="/2020/02/24/a/")
    assert said.published.value == "2020-02-24"
    assert (said.modified.value if said.modified else None) == told
