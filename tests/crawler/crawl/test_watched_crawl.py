"""Crawls under the watchdog: a page that keeps its reader busy, eats memory or kills it is left out, and all else is kept."""

from __future__ import annotations

import os
import signal

import pytest

from crawler.crawl import watched_crawl
from crawler.crawl.records import fatal_pages
from crawler.crawl.run import crawl
from crawler.crawl.visits import visitor as visits
from crawler.errors import CrawlStuck
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.reasons.codes import Code
from tests.conftest import answer
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow

GOOD = [f"/tin/bai-viet-{n}.html" for n in range(6)]
BAD = "/tin/bai-xau.html"


@pytest.fixture
def portal(loopback, tinhuyen, tmp_path):
    """An archive with one portal, one of whose articles is bad for who reads it."""
    loopback.routes |= {"/": answer(links(BAD, *GOOD)), BAD: answer(article("Bài xấu"))}
    loopback.routes |= {path: answer(article(f"Bài {path}")) for path in GOOD}
    tinhuyen("init")
    assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
    return ArchiveFolder(tmp_path / "kho")


def bad_for_its_reader(monkeypatch, harm):
    """Have the reading of the bad page do harm: in this process, and so in every child that is made of it."""
    read = visits.read

    def reading(page, *arguments, **named):
        if page.url.endswith(BAD):
            harm()
        return read(page, *arguments, **named)

    monkeypatch.setattr(visits, "read", reading)


def spin():
    while True:
        pass


def rows(folder):
    frontier = Ledger(folder.ledger)
    try:
        return {row["url"]: (row["state"], row["reason"]) for row in frontier.conn.execute("SELECT * FROM page")}
    finally:
        frontier.close()


def run(folder):
    return crawl(folder, [], delay=0, progress=False)


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        pytest.param(spin, "took more than", id="never ends"),
        pytest.param(lambda: os.kill(os.getpid(), signal.SIGKILL), "ended the process", id="kills its reader"),
    ],
)
def test_a_page_that_is_bad_for_its_reader_is_left_out_and_all_others_are_kept(
    portal, loopback, monkeypatch, harm, why, capsys
):
    monkeypatch.setattr(watched_crawl, "READING_SECONDS", 0.5)
    bad_for_its_reader(monkeypatch, harm)
    report = run(portal)
    assert sum(report.after.held.values()) == len(GOOD)
    assert all(why in line and BAD in line for line in report.broken_off)
    state, reason = rows(portal)[loopback.base + BAD]
    assert (state, reason) == ("failed", Code.FATAL.sentence)
    assert report.exit_code == 1
    assert BAD in capsys.readouterr().err
    assert [loopback.asked(path) for path in GOOD] == [1] * len(GOOD)


def test_the_next_crawl_does_not_read_it_again_and_one_after_a_day_does(portal, loopback, monkeypatch):
    monkeypatch.setattr(watched_crawl, "READING_SECONDS", 0.5)
    with monkeypatch.context() as bad:
        bad_for_its_reader(bad, spin)
        run(portal)
        assert run(portal).broken_off == []
    monkeypatch.setattr(fatal_pages, "LEFT_OUT_SECONDS", -1.0)
    assert sum(run(portal).after.held.values()) == len(GOOD) + 1


def test_a_crawl_that_dies_over_no_page_is_not_begun_for_ever(portal, monkeypatch):
    monkeypatch.setattr("crawler.crawl.one_crawl.Crawl._begin", lambda self: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(CrawlStuck, match="while it read no page"):
        run(portal)
