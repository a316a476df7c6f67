"""The history of an address in plain words, and how its rows are found."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from archive.ids import url_key
from crawler.addresses.urls import canonical
from crawler.ledger.frontier import Ledger
from crawler.ledger.queries.story import METHODS, STATES, Story, stories_containing, stories_named, stories_of
from crawler.ledger.rows import Found, State
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

HOME = "http://xahoa.gov.vn/"
SEEN = 1_770_000_000.0  # 2026-02-02 09:40 in Vietnam

ROW: dict[str, Any] = {
    "url": HOME + "tin/1", "portal": "xahoa", "method": "link", "found_on": HOME, "found_at": SEEN, "state": "stored",
    "reason": "read as an article", "reason_facts": None, "visited_at": SEEN + 60, "status": 200, "visits": 1,
    "record_id": "urn:uuid:1", "warc": "a.warc.gz", "article_id": 7, "due": SEEN + 3600, "form": None,
    "suspect_since": None, "unseen_since": None, "key": b"k", "epoch": None, "was": None,
}  # fmt: skip


def told(host: dict[str, Any] | None = None, *, versions: int = 0, changed_at: str | None = None, **row: Any) -> str:
    return "\n".join(Story({**ROW, **row}, host or {}, versions=versions, changed_at=changed_at).lines())


def test_every_state_of_a_row_has_its_words():
    assert set(STATES) == set(get_args(State))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({}, "found     2026-02-02 09:40:00 +07:00: a page links it (http://xahoa.gov.vn/); portal xahoa"),
        ({"method": "seed", "found_on": None}, "it is the portal's own address; portal"),
        ({"method": "by hand"}, ": by hand (http"),
        ({}, "state     Kept as an article: read as an article"),
        ({"state": "new", "reason": None, "visited_at": None}, "state     Not fetched yet."),
        ({}, "answered 200; 1 visit\n"),
        ({"visits": 3, "status": None}, "no answer; 3 visits"),
        ({"state": "unchanged", "status": 304}, "answered 304, unchanged"),
        ({}, "capture   a.warc.gz, record urn:uuid:1"),
        ({"due": -5e7}, "next      as soon as its turn comes"),
        ({}, "next      2026-02-02 10:40:00 +07:00, or the first crawl after it"),
        ({"due": None, "state": "skipped"}, "not by itself; tinhuyen retry URL"),
    ],
)
def test_a_row_is_told(row, says):
    assert says in told(**row)


@pytest.mark.parametrize("row", [{"state": "new", "due": None}, {"state": "leased", "due": None}])
def test_what_waits_or_is_under_way_is_not_said_to_be_left(row):
    assert "not by itself" not in told(**row)


def test_versions_are_told_with_the_last_change():
    assert "Kept as an article: /bai/7" in told(versions=1)
    text = told(versions=3, changed_at="2026-03-01T17:30:00Z")
    assert "3 versions (changed 2026-03-02 00:30): /bai/7" in text
    assert "read as an article" not in text
    assert "Its article answers 404" in told(versions=1, state="suspect", reason="404")


@pytest.mark.parametrize(
    ("host", "row", "says"),
    [
        ({"why": "503", "not_before": SEEN}, {}, "left alone until 2026-02-02 09:40:00 +07:00: 503"),
        ({"tls": "unverified", "tls_why": "expired"}, {"url": "https://x.vn/"}, "its TLS is unverified (expired)"),
        ({"tls": "unverified"}, {}, None),
        ({"tls": "verified"}, {"url": "https://x.vn/"}, None),
        ({}, {}, None),
    ],
)
def test_a_host_is_told_of_when_there_is_something_to_tell(host, row, says):
    text = told(host, **row)
    assert says in text if says else "host      " not in text


def test_a_posted_page_is_two_lines():
    text = told(form="page 7 by Grid", state="listed", reason="a page of a list", due=None)
    assert len(text.splitlines()) == 2
    assert "page 7 by Grid, the form of http://xahoa.gov.vn/" in text and "when the first page of the list" in text


def test_the_same_as_json_has_no_key_and_times_people_can_read():
    kept = Story({**ROW, "due": -5e7, "reason_facts": '{"status": 404}'}, looks=["  seen   last"]).as_dict()
    assert not {"key", "epoch", "was"} & kept.keys()
    assert (kept["due"], kept["found_at"], kept["reason_facts"]) == (
        "now",
        "2026-02-02 09:40:00 +07:00",
        {"status": 404},
    )
    assert kept["looks"] == ["seen last"]


@pytest.fixture
def conn(tmp_path):
    ledger = Ledger(tmp_path / "crawl.db")
    for path in ("tin/hop-xa.html", "tin/h%E1%BB%8Dp.html", "Tin/HOP-2", "muc"):
        url = HOME + path
        skip = Reason(Code.TRAP_SERIES) if path == "muc" else None
        ledger.add([Found(url, url_key(canonical(url)), "xahoa", "page", "link", HOME, skip)])
    yield ledger.conn
    ledger.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HOME + "tin/hop-xa.html", 1),
        ("xahoa.gov.vn/tin/hop-xa.html", 1),
        (HOME + "tin/họp.html", 1),
        (HOME + "tin/hop-xa.html?utm_source=x#phan", 1),
        (HOME + "tin/khac.html", 0),
        ("không phải địa chỉ", 0),
    ],
)
def test_an_address_is_found_as_people_write_it(conn, text, found):
    assert len(stories_named(conn, text)) == found


def test_what_is_no_address_has_no_row(conn):
    assert stories_of(conn, "javascript:void(0)") == []


@pytest.mark.parametrize(
    ("part", "most", "found", "more"),
    [("hop", 10, 2, 0), ("HOP", 10, 2, 0), ("họp", 10, 1, 0), ("xahoa", 3, 3, 1), ("  ", 10, 0, 0), ("100%", 10, 0, 0)],
)
def test_a_part_of_an_address_is_found_in_any_case_and_encoding(conn, part, most, found, more):
    stories, left = stories_containing(conn, part, most)
    assert (len(stories), left) == (found, more)


def test_what_was_left_out_comes_last(conn):
    stories, _ = stories_containing(conn, "xahoa", 10)
    assert stories[-1].row["url"] == HOME + "muc"


def test_every_way_an_address_is_found_has_its_words():
    assert {
        "seed",
        "feed",
        "sitemap",
        "robots",
        "link",
        "redirect",
        "attachment",
        "image",
        "requisite",
        "style",
    } <= METHODS.keys()
