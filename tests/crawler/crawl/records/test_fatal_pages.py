"""Pages whose reading ended a crawl: left out after the second death, for a day."""

from __future__ import annotations

import pytest

from crawler.crawl.records.fatal_pages import LEFT_OUT_SECONDS, MOST_DEATHS, FatalPages, count, fatal, forgive
from tests.crawler.crawl.opened import HOME, add, key_of

NOW = 1_770_000_000.0
KEY = key_of(HOME + "1")


@pytest.fixture
def conn(opened):
    crawl = opened()
    add(crawl.ledger, HOME + "1", HOME + "2")
    return crawl.ledger.conn


@pytest.mark.parametrize(
    ("deaths", "left_out"), [(0, False), (MOST_DEATHS - 1, False), (MOST_DEATHS, True), (MOST_DEATHS + 3, True)]
)
def test_a_single_death_proves_nothing(conn, deaths, left_out):
    for _ in range(deaths):
        count(conn, [KEY], NOW)
    assert (fatal(conn, NOW) == {KEY}) is left_out


def test_the_watchdog_saw_it_and_counts_for_two(conn):
    count(conn, [KEY], NOW, deaths=MOST_DEATHS)
    assert fatal(conn, NOW) == {KEY}


def test_after_a_day_it_has_one_more_try_and_one_death_leaves_it_out_again(conn):
    count(conn, [KEY], NOW, deaths=5)
    later = NOW + LEFT_OUT_SECONDS
    assert fatal(conn, later - 1) == {KEY} and fatal(conn, later) == set()
    forgive(conn, later)
    assert fatal(conn, later) == set()
    count(conn, [KEY], later)
    assert fatal(conn, later) == {KEY}


def test_those_left_out_more_recently_are_not_forgiven(conn):
    count(conn, [KEY], NOW, deaths=MOST_DEATHS)
    forgive(conn, NOW + LEFT_OUT_SECONDS - 1)
    assert fatal(conn, NOW + 1) == {KEY}


def test_what_dead_processes_were_reading_is_counted_and_what_is_no_key_is_not(opened):
    crawl = opened()
    add(crawl.ledger, HOME + "1")
    pages = FatalPages(crawl.ledger, crawl.worker)
    for _ in range(MOST_DEATHS):
        pages.note({"a": KEY.hex(), "b": "", "c": "not a key", "d": "abc"})
    assert KEY in pages and key_of(HOME + "2") not in pages


def test_who_reads_says_so_and_no_longer_once_it_is_read(opened):
    crawl = opened()
    said = []
    crawl.worker.reads = said.append
    with pytest.raises(RuntimeError), FatalPages(crawl.ledger, crawl.worker).reading(KEY):
        raise RuntimeError
    assert said == [KEY.hex(), ""]
