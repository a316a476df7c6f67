"""Titles of pages of unknown make: without the line above them, without the site's name, and not the logo."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.extract.locate.title_element import title_node
from crawler.page.metadata import read_metadata
from crawler.page.page import Page

PROSE = "".join(
    f"<p>The harbour office said on day {n} that the ferry would run from six in the morning until the last train.</p>"
    for n in range(8)
)
TITLE = "The ferry over the lower river is back"


def title_of(heading: str, *, head: str = f"<title>{TITLE} | River Post</title>", before: str = "") -> str | None:
    page = f'<html lang="en"><head>{head}</head><body>{before}<article>{heading}<div class="body">{PROSE}</div></article></body></html>'
    return extract(page.encode(), "https://riverpost.example.com/news/ferry-back.html").title


@pytest.mark.parametrize(
    "beside",
    [
        '<span class="kicker">Harbour</span>',
        '<span class="article__overline">Harbour</span><span class="visually-hidden">: </span>',
        '<span class="dachzeile">Harbour</span>',
        '<span class="ContentHead_titleheader__x1">Harbour</span><span class="ContentHead_hiddendash__x2"> – </span>',
    ],
)
def test_the_line_above_a_title_is_none_of_it(beside):
    assert title_of(f"<h1>{beside} <span>{TITLE}</span></h1>") == TITLE


def test_a_line_below_a_title_is_none_of_it():
    assert title_of(f'<h1>{TITLE} <small class="article-subtitle">Fares stay as they are</small></h1>') == TITLE


def test_a_title_of_its_kicker_alone_stays():
    assert title_of('<h1><span class="kicker">The ferry is back</span></h1>') == "The ferry is back"


def test_what_a_screen_reader_alone_says_goes():
    assert title_of(f'<h1>{TITLE}<span class="element-invisible"> | RIVER.POST</span></h1>') == TITLE


def test_a_heading_that_leads_home_is_a_logo():
    logo = '<h1><a href="https://riverpost.example.com/">The River Post of the Lower Bend</a></h1>'
    head = f"<title>The River Post of the Lower Bend » {TITLE}</title>"
    assert title_of(f"<h2><a href='/news/ferry-back.html'>{TITLE}</a></h2>", head=head, before=logo) == TITLE


def test_the_trail_of_bread_crumbs_names_a_page_in_short():
    trail = '<div class="breadcrumb-nav"><span class="breadcrumb-page-title">Ferry service</span></div>'
    assert title_of(f"<h1>{TITLE}</h1>", head="<title>Ferry service - River</title>", before=trail) == TITLE


def test_a_heading_of_something_else_gives_way_to_what_all_the_markup_says():
    head = f'<meta property="og:title" content="{TITLE}"><meta name="twitter:title" content="{TITLE}"><title>{TITLE}</title>'
    assert title_of("<h1>Morning coffee</h1>", head=head) == TITLE


@pytest.mark.parametrize("site", ["Example.com", "Example", "The Example"])
def test_a_document_title_goes_without_the_name_of_its_host(site):
    assert title_of("", head=f"<title>{TITLE} | {site}</title>") == TITLE


def test_letters_of_other_languages_stay_in_a_title():
    heading = "Sálfræðingar segja frá fljótinu"
    assert title_of(f"<h1>{heading}</h1>", head=f"<title>{heading}</title>") == heading


JSONLD = '<script type="application/ld+json">{"@type": "Article", "headline": "Post"}</script>'
NAMED = (
    '<title>River Post: {0}</title><meta property="og:title" content="{0}"><meta property="og:site_name" content="{1}">'
)


@pytest.mark.parametrize(
    ("heading", "head", "before"),
    [
        # the site's name is an h1 like every other heading of the theme
        (f"<h2>{TITLE}</h2>", NAMED.format(TITLE, "River Post"), "<h1>River Post</h1>"),
        ("<h1>Day 7</h1><h1>Day 8</h1>", NAMED.format(TITLE, "River Post"), "<h1>River Post</h1>"),
        # a CMS that fills in the page's title for the site's name
        (f"<h1>{TITLE}</h1>", NAMED.format(TITLE, TITLE) + JSONLD, ""),
        # a letter of its own element, and a hint of how a word is said
        (
            f"<h1><span>{TITLE[:5]}</span>{TITLE[5:]}</h1>",
            f'<title>{TITLE}</title><meta property="og:title" content="{TITLE}">',
            "",
        ),
        (f"<h1><ruby>{TITLE}<rt>feri</rt></ruby></h1>", "", ""),
        # words set above it that no class name tells
        (f"<h1><em>Harbour</em> {TITLE}</h1>", f'<meta property="og:title" content="{TITLE}">', ""),
    ],
)
def test_the_title_is_what_page_and_markup_agree_on(heading, head, before):
    assert title_of(heading, head=head, before=before) == TITLE


def test_the_first_words_of_a_title_stay_where_the_markup_shortens_it():
    short = TITLE.removeprefix("The ")
    assert title_of(f"<h1>{TITLE}</h1>", head=f'<meta property="og:title" content="{short}">') == TITLE


def test_a_summary_that_markup_calls_the_headline_gives_way_to_the_title_three_sources_give():
    head = f'<meta property="og:title" content="{TITLE}"><meta name="twitter:title" content="{TITLE}"><title>{TITLE}</title>'
    summary = (
        '<section itemprop="headline">From six in the morning boats go again, and fares stay as they are.</section>'
    )
    page = (
        f'<html lang="en"><head>{head}</head><body><div class="menu"><h1>{TITLE}</h1></div>'
        f'<article itemscope itemtype="http://schema.org/Article">{summary}<div class="body">{PROSE}</div></article></body></html>'
    )
    parsed = Page.parse(page.encode(), "https://riverpost.example.com/a")
    found = title_node(parsed, read_metadata(parsed))
    assert found is not None and found.tag == "h1"


def test_a_title_behind_the_name_of_the_host_stands_alone():
    head = f"<title>riverpost.example.com // » {TITLE}</title>"
    page = f'<html lang="en"><head>{head}</head><body><article><div class="body">{PROSE}</div></article></body></html>'
    assert extract(page.encode(), "https://riverpost.example.com/a").title == TITLE
