"""Pages that are not Vietnam's: whose clock their dates go by, who wrote them, where a date is looked for at last."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.extract.credits.authors import tidy_name
from crawler.extract.dates.last_resort import date_in_address
from crawler.extract.dates.other_languages import clock_of, month_comes_first, parse_foreign, parse_foreign_iso
from crawler.extract.foreign_pages import is_foreign
from crawler.page.metadata import read_metadata
from crawler.page.page import Page

PROSE = (
    "<p>The mill works twice a day, as long as the pond holds water after high tide, and the miller keeps the doors open.</p>"
    * 4
)
PRINTED = [
    ("28. April 2023", "2023-04-28"),
    ("Samstag, 5. Oktober 2013", "2013-10-05"),
    ("le 07 mai 2020 à 12:38", "2020-05-07"),
    ("12 de mayo de 2020", "2020-05-12"),
    ("Publicado em 3 de março de 2021", "2021-03-03"),
    ("16 Temmuz 2025", "2025-07-16"),
    ("2020年4月5日", "2020-04-05"),
    ("2024 Jun 30", "2024-06-30"),
    ("November 21, 2023", "2023-11-21"),
    ("11/21/2023", "2023-11-21"),
    ("21/11/2023", "2023-11-21"),
    ("June is a month", None),
    ("31 June 2023", None),
    ("version 4.2.2023.1", None),
]


@pytest.mark.parametrize(("text", "day"), PRINTED, ids=[text for text, _ in PRINTED])
def test_dates_of_a_dozen_languages_are_read(text, day):
    moment = parse_foreign(text)
    assert (moment and moment.day) == day


def test_the_month_comes_first_in_american_english_only():
    assert month_comes_first("en", "us", "www.vale.example")
    assert not month_comes_first("en", "gb", "www.vale.example")
    assert not month_comes_first("en", None, "www.vale.co.uk")
    assert not month_comes_first("de", None, "www.tal.example")
    assert parse_foreign("04/05/2020", month_first=True).day == "2020-04-05"
    assert parse_foreign("04/05/2020").day == "2020-05-04"


def test_a_time_keeps_the_day_of_the_zone_it_is_printed_in():
    assert parse_foreign_iso("2024-04-21T20:24:00+02:00").value == "2024-04-21T20:24:00+02:00"
    assert parse_foreign_iso("2025-11-05T17:00:00.000Z").value == "2025-11-05T17:00:00+00:00"


@pytest.mark.parametrize(
    ("url", "language", "title", "foreign"),
    [
        ("https://courier.vale.example/a.html", "en", "The mill grinds again", True),
        ("https://donggiang.gov.vn/en/a.html", "en", "The mill grinds again", False),
        ("https://tin.vanxuan.example/a.html", "en", "Huyện Đông Giang họp bàn việc sửa đê", False),
        ("https://tin.vanxuan.example/a.html", "vi", "The mill grinds again", False),
    ],
    ids=["foreign", "an English edition on a Vietnamese host", "Vietnamese whatever its lang says", "its lang says so"],
)
def test_whose_page_it_is(url, language, title, foreign):
    page = Page.parse(
        f'<html lang="{language}"><title>{title}</title><body><h1>{title}</h1>{PROSE}</body></html>'.encode(), url
    )
    assert is_foreign(page, read_metadata(page)) is foreign


ADDRESSES = [
    ("https://vale.example/2020/04/26/story", "2020-04-26"),
    ("https://tinh.gov.vn/portal/Pages/2023-2-6/Bai.aspx", "2023-02-06"),
    ("https://vale.example/20200428/story", "2020-04-28"),
    ("https://vale.example/news/29-10-2021", "2021-10-29"),
    ("https://vale.example/2020/13/01/story", None),
    ("https://vale.example/story-2020123456", None),
    ("https://vale.example/2020/04/story", None),
]


@pytest.mark.parametrize(("url", "day"), ADDRESSES, ids=[url for url, _ in ADDRESSES])
def test_an_address_names_a_day_or_nothing(url, day):
    assert date_in_address(url) == day


NAMES = [
    ("By Miriam Oakes", "Miriam Oakes"),
    ("Von Andreas Hoffmann", "Andreas Hoffmann"),
    ("Samuel Priddy | Updated 11:48", "Samuel Priddy"),
    ("Ada Lindqvist January 4", "Ada Lindqvist"),
    ("Top Growth Marketing", "Top Growth Marketing"),
    ("View all posts by Rosa", None),
    ("peter@saltby.example", None),
]


@pytest.mark.parametrize(("printed", "name"), NAMES, ids=[printed for printed, _ in NAMES])
def test_a_byline_is_brought_down_to_its_name(printed, name):
    assert tidy_name(printed) == name


def article(head: str, body: str = "", url: str = "https://courier.vale.example/news/mill.html"):
    page = f'<html lang="en-US"><head><title>The mill grinds again</title>{head}</head><body><h1>The mill grinds again</h1>{body}{PROSE}</body></html>'
    return extract(page.encode(), url)


def test_the_json_ld_of_the_page_is_believed_before_that_of_a_list():
    graph = """<script type="application/ld+json">{"@graph":[
      {"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"Another","datePublished":"2001-01-01","author":"Someone Else"}]},
      {"@type":"NewsArticle","headline":"The mill grinds again","datePublished":"2024-02-03T21:00:00-05:00","author":[{"@id":"#1"},{"name":"Joan Farrow"}]},
      {"@type":"Person","@id":"#1","name":"Peter Hallam"}]}</script>"""
    read = article(graph)
    assert read.author == "Peter Hallam, Joan Farrow"
    assert read.published.value == "2024-02-03T21:00:00-05:00"


def test_the_site_is_no_author_where_the_page_names_one():
    head = '<meta property="og:site_name" content="The Vale Courier"><meta name="author" content="The Vale Courier">'
    assert (
        article(head, '<div class="byline">By <a rel="author" href="/a/1">Peter Hallam</a></div>').author
        == "Peter Hallam"
    )


@pytest.mark.parametrize(
    ("head", "body", "day", "source"),
    [
        ('<script>var s = {"publishedAt":"2024-02-03T10:00:00Z"}</script>', "", "2024-02-03", "script"),
        ("", "<div class='meta'>February 3, 2024</div>", "2024-02-03", "visible"),
        ("", "<nav><time datetime='2001-01-01'></time></nav>", None, None),
    ],
    ids=["a script", "the line under the title", "not a menu"],
)
def test_where_a_date_is_found_at_last(head, body, day, source):
    published = article(head, body).published
    assert (published and published.value[:10]) == day
    assert (published and published.source) == source


@pytest.mark.parametrize(
    ("structured", "printed", "day"),
    [
        ("Jun 12, 2025", "November 2, 2022", "2022-11-02"),
        ("Jun 12, 2025", "July 4, 2025", "2025-06-12"),
        ("2025-06-12", "November 2, 2022", "2025-06-12"),
        ("Jun 12, 2025", "", "2025-06-12"),
    ],
)
def test_a_site_builders_date_of_last_publishing_yields_to_an_earlier_printed_one(structured, printed, day):
    html = (
        f'<html lang="en"><title>The mill</title><script type="application/ld+json">{{"@type": "BlogPosting", "headline": "The mill", '
        f'"datePublished": "{structured}"}}</script><body><h1>The mill</h1><div class="details"><p>{printed}</p></div>{PROSE}</body></html>'
    )
    article = extract(html.encode(), "https://www.vale.example/blog/the-mill", fetched_at="2025-11-01T00:00:00Z")
    assert article.published.value[:10] == day


def test_a_publication_that_only_repeats_the_modification_yields_to_an_earlier_source():
    now = "2024-08-05T19:49:50Z"
    head = f'<meta property="article:published_time" content="{now}"><meta property="article:modified_time" content="{now}">'
    told = '<span itemprop="datePublished" content="2024-08-04T13:23:00Z"></span>'
    assert article(head, told).published.value[:10] == "2024-08-04"
    assert article(head, "").published.value[:10] == "2024-08-05"


def test_soft_hyphens_and_eth_are_spelling_in_other_languages():
    text = "Sálfræðihernaður fyrir dómi og trú\u00adfélagið sem vitnin yfirgáfu fyrir mörgum árum síðan."
    page = f'<html lang="is"><title>Frétt</title><body><h1>Frétt dagsins</h1>{"".join(f"<p>{text} {n}</p>" for n in range(5))}</body></html>'
    assert text in extract(page.encode(), "https://frettir.example/a.html").text


@pytest.mark.parametrize(
    ("text", "host", "day"),
    [
        ("2022-11-06T23:00:00.000Z", "zeitung.example.de", "2022-11-07"),
        ("2021-07-04T22:00Z", "zeitung.example.de", "2021-07-05"),
        ("2021-07-04T22:04:00Z", "zeitung.example.de", "2021-07-04"),
        ("2022-11-06T23:00:00Z", "paper.example.com", "2022-11-06"),
        ("2022-11-06T23:00:00+00:00", "paper.example.co.uk", "2022-11-06"),
    ],
)
def test_midnight_of_a_land_told_in_utc_is_its_next_day(text, host, day):
    moment = parse_foreign_iso(text, clock=clock_of(host))
    assert moment is not None
    assert moment.day == day


@pytest.mark.parametrize(
    ("text", "day"), [("03-09-2026", "2026-03-09"), ("25-12-2026", "2026-12-25"), ("03/09/2026", "2026-03-09")]
)
def test_an_american_date_with_dashes_has_the_month_first(text, day):
    moment = parse_foreign_iso(text, month_first=True)
    assert moment is not None
    assert moment.day == day


@pytest.mark.parametrize(
    ("path", "day"),
    [("/home/2017/7/12/ferry", "2017-07-12"), ("/home/2019/6/10/ferry", "2019-06-17"), ("/home/ferry", "2019-06-17")],
)
def test_an_address_tells_the_day_of_what_was_published_anew_long_after(path, day):
    head = (
        '<script type="application/ld+json">{"@type": "Article", "datePublished": "2019-06-17T18:28:00+0200"}</script>'
    )
    article = extract(
        f"<html lang=en><head>{head}</head><body><h1>The ferry</h1>{PROSE}</body></html>".encode(),
        f"https://river.example.com{path}",
    )
    assert article.published is not None
    assert article.published.value[:10] == day


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Posted by Ada Miller on Tuesday", "Ada Miller"),
        ("Keith Barry Senior Harbour Reporter", "Keith Barry"),
        ("erstellt von Dora", "Dora"),
        ("Alles von Martin Fluss", "Martin Fluss"),
        ("Text und Interview: Harald Bach", "Harald Bach"),
        ("Image: Courtesy of the harbour", None),
        ("The Author", None),
        ("I review ferries and other boats", None),
        ("deinen Fährleuten", None),
        ("Ludwig van der Beek", "Ludwig van der Beek"),
        ("I. Newton", "I. Newton"),
    ],
)
def test_a_printed_name_goes_without_role_and_link_words(printed, name):
    assert tidy_name(printed) == name


@pytest.mark.parametrize(
    ("named", "author"),
    [
        ("Ada Miller, Updated by Ben Fisher", "Ada Miller"),
        ("Ada Miller, Medically reviewed by Dr. Ben Fisher", "Ada Miller"),
        ("Ada Miller, Ferry Staff", "Ada Miller"),
        ("Ferry Staff", "Ferry Staff"),
        ("Ada Miller im Gespräch mit Ben Fisher", "Ada Miller, Ben Fisher"),
    ],
)
def test_who_did_something_else_than_write_is_no_author(named, author):
    head = f'<meta name="author" content="{named}">'
    assert (
        extract(
            f"<html lang=en><head>{head}</head><body><h1>The ferry</h1>{PROSE}</body></html>".encode(),
            "https://river.example.com/a",
        ).author
        == author
    )
