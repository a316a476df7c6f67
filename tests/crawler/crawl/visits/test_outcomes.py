"""Kept articles and files whose page brings something else: what stays, what is noted, when they are asked for again."""

from __future__ import annotations

import time

import pytest

from archive.model import Capture
from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.outcomes import Endings
from crawler.ledger.revisits import GONE_AFTER
from crawler.ledger.rows import Ack
from tests.crawler.crawl.opened import HOME, page_of, why

DAY = 86400.0
LIMIT = 3


@pytest.fixture
def endings(opened) -> Endings:
    return Endings(opened())


def visit_of(status: int | None = None, **known) -> Visit:
    """A visit to a kept article, unless ``known`` says otherwise, that was answered ``status``."""
    row = page_of(HOME + "1", **{"was": "stored", "role": "article", "article_id": 7, **known})
    capture = status and Capture("urn:uuid:1", "a", 0, 1, row.url, "2026-03-01T00:00:00Z", status, "", "xahoa")
    ack = Ack(row.key, 3, row.was, why(""), suspect_since=row.suspect_since, unseen_since=row.unseen_since)
    return Visit(row, ack, capture or None)


@pytest.mark.parametrize(
    ("days", "state", "next_days", "gone"),
    [(0, "suspect", 1, False), (1.5, "suspect", 3, False), (8, "suspect", 14, False), (14, "gone", None, True)],
)
def test_an_article_is_gone_only_after_fourteen_days_of_404(endings, days, state, next_days, gone):
    since = time.time() - days * DAY
    visit = visit_of(was="suspect", suspect_since=since) if days else visit_of()
    endings.missing(visit, 404)
    assert (visit.ack.state, visit.gone) == (state, gone)
    assert visit.ack.due == (None if next_days is None else pytest.approx(since + next_days * DAY, abs=60))
    assert visit.ack.suspect_since == pytest.approx(since, abs=60)


def test_an_article_that_is_gone_is_not_gone_once_more(endings):
    visit = visit_of(was="gone", suspect_since=time.time() - 3 * GONE_AFTER)
    endings.missing(visit, 404)
    assert (visit.ack.state, visit.gone) == ("gone", False)


def test_anything_but_404_ends_the_count(endings):
    visit = visit_of(was="suspect", suspect_since=5.0)
    endings.not_gone(visit, "home page")
    assert (visit.ack.state, visit.ack.suspect_since, visit.instead) == ("stored", None, "home page")


@pytest.mark.parametrize(
    ("status", "instead"), [(500, "server error"), (503, "server error"), (403, "refused"), (429, None), (None, None)]
)
def test_a_failed_look_at_an_article_says_what_was_answered_in_its_place(endings, status, instead):
    visit = visit_of(status)
    endings.fail(visit, why("the server refuses it"))
    assert (visit.ack.state, visit.instead) == ("stored", instead)
    assert "last visit failed" in str(visit.ack.reason)
    assert visit.ack.due == pytest.approx(time.time() + DAY, abs=60)
    assert (visit.ack.unseen_since is not None) is (instead is not None)


def test_since_when_an_article_is_not_found_is_kept_over_looks(endings):
    visit = visit_of(unseen_since=time.time() - 10 * DAY)
    endings.skip(visit, why("a list page came"))
    assert visit.ack.unseen_since == pytest.approx(time.time() - 10 * DAY, abs=60)
    assert visit.ack.due == pytest.approx(time.time() + 20 * DAY, abs=60)


def test_an_answer_that_has_not_changed_ends_every_count(endings):
    visit = visit_of(304, was="suspect", suspect_since=5.0, unseen_since=5.0, etag='"a1"')
    endings.not_modified(visit)
    assert (visit.ack.state, visit.ack.suspect_since, visit.ack.unseen_since) == ("unchanged", None, None)
    assert visit.ack.etag == '"a1"'


@pytest.mark.parametrize(
    ("known", "again"), [({"was": "listed", "role": "listing"}, False), ({"was": "file", "role": "file"}, True)]
)
def test_a_list_that_has_not_changed_is_due_and_a_file_waits_for_its_article(endings, known, again):
    visit = visit_of(304, article_id=None, **known)
    endings.not_modified(visit)
    assert (visit.ack.state, visit.file_again) == (known["was"], again)
    assert (visit.ack.due is None) is again


def test_a_file_that_is_not_there_leaves_the_copy_and_when_it_was_missed_first(endings):
    visit = visit_of(404, was="file", role="file", article_id=None, unseen_since=5.0)
    endings.missing(visit, 404)
    assert (visit.ack.state, visit.ack.due, visit.ack.unseen_since) == ("file", None, 5.0)


def test_a_gate_for_people_is_named_and_a_plain_refusal_is_none(endings):
    gate = "<html><head><title>Just a moment...</title></head><body><div class='cf-challenge'></div></body></html>"
    for body, said in ((gate.encode(), "blocked"), (b"<h1>Forbidden</h1>", "refuses")):
        visit = visit_of(403, was="new", article_id=None)
        endings.refused(visit, 403, body)
        assert said in str(visit.ack.reason)


@pytest.mark.parametrize(("tags", "dense"), [(LIMIT, False), (LIMIT + 1, True)])
def test_markup_is_too_dense_beyond_the_bound_and_not_at_it(endings, tags, dense):
    visit = visit_of(was="new", article_id=None)
    assert endings.too_dense(visit, b"<p>" * tags, LIMIT) is dense
    assert (visit.ack.state == "failed") is dense


def test_failures_are_told_by_address_and_what_was_skipped_is_counted_by_reason(endings):
    endings.fail(visit_of(was="new", article_id=None), why("the server refuses it (403)"))
    for _ in range(2):
        endings.missing(visit_of(was="new", article_id=None, role="page"), 404)
    assert list(endings.crawl.run.tally.failed) == [HOME + "1"]
    assert sum(endings.crawl.run.tally.skipped.values()) == 2
