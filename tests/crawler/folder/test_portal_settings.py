"""What the settings of a portal ask for, leave out and refuse."""

from __future__ import annotations

import re

import pytest

from crawler.errors import ConfigInvalid
from crawler.folder.hours import Hours
from crawler.folder.portal_settings import NOTES, PortalSettings, read_portal_settings, refuse_misspelt
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

WHERE = "tinhuyen.toml: portals.xahoa"
URL = "http://xahoa.gov.vn/lich/2020"
RULE = Reason(Code.TRAP_SERIES)


def settings(**entry) -> PortalSettings:
    return read_portal_settings({"url": "http://xahoa.gov.vn/", **entry}, WHERE)


@pytest.mark.parametrize(
    ("entry", "rule", "code"),
    [
        ({}, None, None),
        ({}, RULE, Code.TRAP_SERIES),
        ({"lift": "/lich/"}, RULE, None),
        ({"lift": "/khac/"}, RULE, Code.TRAP_SERIES),
        ({"include": "/lich/"}, RULE, None),
        ({"include": "/khac/"}, None, Code.NOT_INCLUDED),
        ({"include": "/khac/"}, RULE, Code.NOT_INCLUDED),
        ({"exclude": "2020"}, None, Code.EXCLUDED),
        ({"exclude": "2020", "include": "/lich/", "lift": "/lich/"}, RULE, Code.EXCLUDED),
        ({"include": ["/khac/", "/lich/"]}, None, None),
    ],
)
def test_exclude_wins_then_include_and_lift_then_the_rule(entry, rule, code):
    found = settings(**entry).leaves_out(URL, rule)
    assert (found.code if found else None) is code


@pytest.mark.parametrize(
    ("entry", "asks", "lifts"),
    [
        ({"lift": "/lich/"}, True, True),
        ({"include": "/lich/"}, False, True),
        ({"lift": "/lich/", "exclude": "2020"}, False, True),
        ({}, False, False),
    ],
)
def test_only_lift_asks_for_what_brings_nothing(entry, asks, lifts):
    assert (settings(**entry).asks(URL), settings(**entry).lifts(URL)) == (asks, lifts)


def test_files_and_pictures_are_left_out_by_exclude_alone():
    chosen = settings(include="/tin/", exclude=r"\.mp4$")
    assert chosen.excludes("http://xahoa.gov.vn/a.pdf") is None
    assert chosen.excludes("http://xahoa.gov.vn/a.mp4").code is Code.EXCLUDED


def test_seeds_are_addresses_by_what_they_are():
    chosen = settings(
        feeds=["http://xahoa.gov.vn/rss"],
        sitemaps="http://xahoa.gov.vn/map.xml",
        sections=[{"url": "http://xahoa.gov.vn/tin", "title": "Tin"}],
    )
    assert chosen.seeds == [
        ("http://xahoa.gov.vn/rss", "feed"), ("http://xahoa.gov.vn/map.xml", "sitemap"), ("http://xahoa.gov.vn/tin", "listing"),
    ]  # fmt: skip


def test_own_hours_come_before_those_of_the_archive():
    archive = Hours.parse("22:00-06:00")
    assert str(read_portal_settings({"hours": "08:00-09:00"}, WHERE, default_hours=archive).hours) == "08:00-09:00"
    assert read_portal_settings({}, WHERE, default_hours=archive).hours is archive
    assert read_portal_settings({}, WHERE).hours == Hours()


def test_a_portals_own_selectors_are_one_or_several():
    chosen = settings(selectors={"content": ".noi-dung", "title": ["h1.ten", "h2"]}).selectors
    assert (chosen.body, chosen.title, chosen.lead) == ((".noi-dung",), ("h1.ten", "h2"), ())


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"include": "(tin"}, "include: '(tin' is no regular expression"),
        ({"exclude": [1]}, "exclude must be a list of regular expressions"),
        ({"feeds": [7]}, "feeds must be a list of addresses"),
        ({"sections": [{"title": "Tin"}]}, "sections must be a list of addresses"),
        ({"hours": "always"}, "hours: 'always' is no span of hours"),
        ({"neighbours": "yes"}, "neighbours must be true or false"),
        ({"selectors": "h1"}, "selectors must be a table"),
        ({"selectors": {"heading": "h1"}}, "selectors.heading is not known: use one of"),
        ({"selectors": {"title": "h1["}}, "'h1[' is no CSS selector"),
        ({"selectors": {"title": 3}}, "must be a CSS selector or a list of them"),
        ({"sections": ["mailto:x"]}, "sections must be a list of addresses"),
        ({"selectors": {"title": [" "]}}, "must be a CSS selector or a list of them"),
        ({"proxy": "socks5://a:1"}, "proxy"),
        ({"delay": "fast"}, "delay"),
        ({"exlude": "x"}, "did you mean exclude?"),
        ({"Max-Pages": 5}, "did you mean max_pages?"),
    ],
)
def test_a_slip_is_one_line_that_names_where_it_stands(entry, says):
    with pytest.raises(ConfigInvalid) as caught:
        settings(**entry)
    assert WHERE in str(caught.value) and says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", [*NOTES, "ghi_chu", "x"])
def test_a_note_of_ones_own_is_no_slip(key):
    assert settings(**{key: "x"}) == settings()


def test_a_key_is_near_another_whatever_its_case_and_hyphens():
    with pytest.raises(ConfigInvalid, match=re.escape("limits.Quota-Gb is not known: did you mean quota_gb?")):
        refuse_misspelt(["Quota-Gb"], ("quota_gb", "min_free_mb"), "limits")


@pytest.mark.parametrize(
    ("floors", "says"),
    [
        (3, "floors must be a table like"),
        ({"fill": 1}, "floors must be a table like"),
        ({"articles": 3}, "floors.articles is not known: use one of articles_a_month, fill"),
        ({"fill": {"titel": 1}}, "floors.fill.titel is not known: use one of title"),
        ({"fill": {"title": 95}}, "floors.fill.title must be a share from 0 to 1, not 95"),
        ({"fill": {"title": True}}, "floors.fill.title must be a share"),
        ({"articles_a_month": -1}, "floors.articles_a_month must be a number of at least 0"),
    ],
)
def test_a_floor_that_would_hold_nothing_is_refused(floors, says):
    with pytest.raises(ConfigInvalid, match=re.escape(says)):
        settings(floors=floors)


def test_floors_are_numbers_and_shares():
    found = settings(floors={"articles_a_month": 8, "fill": {"title": 0.99}}).floors
    assert (found.articles_a_month, found.fill, settings().floors) == (8, {"title": 0.99}, None)
