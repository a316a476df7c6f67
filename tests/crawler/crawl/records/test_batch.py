"""The batch of visits: written in the order that a kill cannot break, and kept when it cannot be written."""

from __future__ import annotations

import errno

import pytest

from archive.model import Article, Capture
from archive.warc.write import DiskFull
from crawler.crawl.records import batch as batches
from crawler.crawl.records.visit import Visit
from crawler.ledger.rows import Found, Outcome
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from tests.crawler.crawl.opened import HOME, add, key_of, leased, row_of, why


@pytest.fixture
def crawl(opened):
    crawl = opened()
    add(crawl.ledger, *(f"{HOME}tin/{n}" for n in range(60)))
    return crawl


@pytest.fixture
def pages(crawl):
    (turn,) = leased(crawl, pages=60)
    return {page.url: (page, turn.lease.epoch) for page in turn.pages}


def visit(pages, n: int, state: str = "listed", text: str | None = None, **brought) -> Visit:
    """The visit to page ``n``; ``text``: of the article it brought."""
    page, epoch = pages[f"{HOME}tin/{n}"]
    capture = Capture(f"urn:uuid:{n}", "a.warc.gz", n, 7, page.url, "2026-03-01T00:00:00Z", 200, f"sha256:{n}", "xahoa")
    article = Article(page.url, page.url, "Tin", text=text) if text is not None else None
    return Visit(page, epoch, Outcome(state, why("read")), capture, article, **brought)


def test_what_was_read_is_acknowledged_with_where_it_is_kept(crawl, pages):
    crawl.batch.add(visit(pages, 1, "stored", "Xã họp."))
    crawl.batch.flush()
    row = row_of(crawl.ledger, HOME + "tin/1")
    article = crawl.store.conn.execute("SELECT id FROM article").fetchone()[0]
    assert (row["state"], row["status"], row["record_id"], row["warc"]) == ("stored", 200, "urn:uuid:1", "a.warc.gz")
    assert row["article_id"] == article
    assert crawl.run.tally.articles == {"new": 1}
    assert crawl.run.tally.by_portal["xahoa"] == {"visits": 1, "bytes": 7, "new": 1}


def test_an_article_that_is_as_it_was_is_said_to_be_unchanged(crawl, pages):
    first = visit(pages, 1, "stored", "Xã họp.")
    crawl.batch.add(first)
    crawl.batch.flush()
    again = visit(pages, 2, "stored", "Xã họp.")
    again.article = first.article
    crawl.batch.add(again)
    crawl.batch.flush()
    row = row_of(crawl.ledger, HOME + "tin/2")
    assert (row["state"], row["reason_code"]) == ("unchanged", Code.ARTICLE_UNCHANGED.value)
    assert again.outcome.state == "stored"  # what the visit said is not changed for it


def test_a_repeated_payload_is_held_by_the_response_that_brought_it_first(crawl, pages):
    first, again = visit(pages, 1), visit(pages, 2)
    again.capture.record_type, again.capture.digest = "revisit", first.capture.digest
    for one in (first, again):
        crawl.batch.add(one)
        crawl.batch.flush()
    assert row_of(crawl.ledger, HOME + "tin/2")["record_id"] == "urn:uuid:1"


def test_a_visit_without_an_answer_leaves_what_was_kept_before(crawl, pages):
    page, epoch = pages[HOME + "tin/1"]
    crawl.batch.add(Visit(page, epoch, Outcome("failed", why("503"))))
    crawl.batch.flush()
    row = row_of(crawl.ledger, HOME + "tin/1")
    assert (row["state"], row["status"], row["record_id"]) == ("failed", None, None)


def test_a_batch_is_written_when_it_is_large(crawl, pages):
    told = []
    crawl.batch.after_flush = lambda visits: told.append(len(visits))
    for n in range(batches.BATCH_PAGES):
        assert crawl.batch.unwritten == n
        crawl.batch.add(visit(pages, n))
    assert (crawl.batch.unwritten, told) == (0, [batches.BATCH_PAGES])


def test_a_batch_is_written_when_it_is_old_and_not_before(crawl, pages, monkeypatch):
    crawl.batch.add(visit(pages, 1))
    monkeypatch.setattr(batches, "BATCH_SECONDS", 1e9)
    crawl.batch.flush_when_old()
    assert crawl.batch.unwritten == 1
    monkeypatch.setattr(batches, "BATCH_SECONDS", -1.0)
    crawl.batch.flush_when_old()
    assert crawl.batch.unwritten == 0


@pytest.mark.parametrize("step", ["evidence.writer.sync", "store.save_capture", "ledger.ack"])
def test_what_cannot_be_written_waits_for_another_try_and_is_then_written_once(crawl, pages, monkeypatch, step):
    owner, name = step.rsplit(".", 1)
    target = crawl.batch
    for part in owner.split("."):
        target = getattr(target, part)

    def full(*arguments):
        raise DiskFull(errno.ENOSPC, "no room")

    crawl.batch.add(visit(pages, 1))
    with monkeypatch.context() as patched:
        patched.setattr(target, name, full)
        with pytest.raises(DiskFull):
            crawl.batch.flush()
    assert crawl.batch.unwritten == 1
    assert row_of(crawl.ledger, HOME + "tin/1")["state"] == "leased"
    crawl.batch.flush()
    assert row_of(crawl.ledger, HOME + "tin/1")["state"] == "listed"
    assert crawl.store.conn.execute("SELECT count(*) FROM capture").fetchone()[0] == 1


def test_what_a_page_named_waits_before_the_page_is_acknowledged(crawl, pages):
    new = Found(HOME + "tin/99", key_of(HOME + "tin/99"), "xahoa", "article", "link", HOME)
    left = Found(HOME + "lich", key_of(HOME + "lich"), "xahoa", "page", "link", HOME, Reason(Code.TRAP_SERIES))
    crawl.batch.add(visit(pages, 1, found=[new, left]))
    crawl.batch.flush()
    assert row_of(crawl.ledger, new.url)["state"] == "new"
    assert (row_of(crawl.ledger, left.url)["state"], row_of(crawl.ledger, left.url)["due"]) == ("skipped", None)


def test_robots_txt_is_kept_without_a_row(crawl):
    crawl.batch.add_capture(
        Capture(
            "urn:uuid:r",
            "a.warc.gz",
            0,
            7,
            HOME + "robots.txt",
            "2026-03-01T00:00:00Z",
            200,
            "sha256:r",
            "xahoa",
            kind="robots",
        )
    )
    crawl.batch.flush()
    assert crawl.store.capture("urn:uuid:r").kind == "robots"


def test_an_empty_batch_writes_nothing(crawl):
    told = []
    crawl.batch.after_flush = told.append
    crawl.batch.flush()
    assert told == []
