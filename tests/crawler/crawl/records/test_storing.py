"""What a visit brought goes into the archive: articles, files, looks, and what was gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.model import Article, Attachment, Capture
from crawler.crawl.records.storing import store_visit
from crawler.crawl.records.visit import FileSeen, Tally, Visit
from crawler.ledger.rows import Outcome
from tests.crawler.crawl.opened import HOME, page_of, why

URL = HOME + "tin/1"
FILE = HOME + "a.pdf"


@pytest.fixture
def crawl(opened):
    return opened()


@pytest.fixture
def stored(crawl):
    """Stores a visit; answers its outcomes and what was stored."""
    numbers = iter(range(1, 100))

    def store(visit: Visit):
        n = next(numbers)
        status = (
            304 if visit.outcome.state in ("unchanged",) or (visit.page.was == "file" and visit.file is None) else 200
        )
        capture = Capture(
            f"urn:uuid:{n}",
            "a.warc.gz",
            n,
            1,
            visit.page.url,
            f"2026-03-{n:02d}T00:00:00Z",
            status,
            f"sha256:{n}",
            "xahoa",
        )
        with crawl.store.batch():
            return store_visit(crawl.store, crawl.run.tally, replace(visit, capture=capture))

    return store


def visit(url: str = URL, state: str = "stored", *, row=None, more=None, **brought) -> Visit:
    return Visit(page_of(url, **(row or {})), 3, Outcome(state, why(""), **(more or {})), **brought)


def article(text: str = "Xã họp.") -> Article:
    return Article(URL, URL, "Tin", text=text, attachments=[Attachment(FILE, "Kế hoạch")])


def test_an_article_is_new_then_unchanged_then_revised(stored):
    outcomes = [stored(visit(article=article(text))) for text in ("một", "một", "hai")]
    assert [one.outcomes for one in outcomes] == [["new"], ["unchanged"], ["revised"]]
    assert len({one.article.id for one in outcomes}) == 1


def test_a_page_without_an_article_keeps_its_capture_alone(stored, crawl):
    assert stored(visit(state="listed")).outcomes == []
    assert crawl.store.capture("urn:uuid:1") is not None
    assert crawl.store.conn.execute("SELECT count(*) FROM article").fetchone()[0] == 0


def test_nothing_came_and_nothing_is_stored(crawl):
    assert store_visit(crawl.store, Tally(), visit(state="failed")).outcomes == []


def test_a_304_moves_when_the_article_was_seen_last(stored, crawl):
    known = stored(visit(article=article())).article.id
    again = visit(state="unchanged", row={"was": "stored", "article_id": known}, seen_again=URL)
    assert stored(again).outcomes == ["unchanged"]
    record = crawl.store.record(known)
    assert (record.first_seen, record.last_seen) == ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")


def test_a_look_that_found_something_else_is_kept_and_proves_nothing_else(stored, crawl):
    known = stored(visit(article=article())).article.id
    stored(visit(row={"was": "stored", "article_id": known}, more={"instead": "home page"}))
    record = crawl.store.record(known)
    assert [look.found for look in record.not_seen] == ["home page"]
    assert (record.gone_at, record.missing_since) == (None, None)


def test_an_article_that_counts_as_gone_is_told_once_and_only_if_it_is_kept(stored, crawl):
    known = stored(visit(article=article())).article.id
    row = {"was": "suspect", "article_id": known}
    assert stored(visit(state="gone", row=row, more={"gone": True, "instead": "missing"})).outcomes == ["gone"]
    assert crawl.store.record(known).gone_at is not None
    lost = visit(
        state="gone", row={"was": "suspect", "article_id": known + 1}, more={"gone": True, "instead": "missing"}
    )
    assert stored(lost).outcomes == []


def test_other_bytes_of_a_file_are_a_revision_of_the_articles_that_offer_it(stored, crawl):
    stored(visit(article=article()))
    row = {"was": "file", "role": "file"}
    first = stored(visit(FILE, "file", row={"role": "file"}, file=FileSeen("aa" * 32, 10, "kh.pdf")))
    same = stored(visit(FILE, "file", row=row))
    other = stored(visit(FILE, "file", row=row, file=FileSeen("bb" * 32, 11, None)))
    assert (first.outcomes, same.outcomes, other.outcomes) == ([], [], ["revised"])
    assert crawl.run.tally.replaced == 1


def test_an_address_that_leads_to_a_file_offers_it_too(stored, crawl):
    named = replace(article(), attachments=[Attachment(HOME + "tai?id=1", None)])
    known = stored(visit(article=named)).article.id
    brought = FileSeen("aa" * 32, 10, "kh.pdf")
    stored(visit(FILE, "file", row={"role": "file"}, file=brought, file_aliases=[(HOME + "tai?id=1", FILE)]))
    (kept,) = crawl.store.record(known).article.attachments
    assert (kept.sha256, kept.bytes, kept.name) == ("aa" * 32, 10, "kh.pdf")
