"""What an answer makes of its row: what stays of kept articles and files, what is noted, when they are asked for again."""

from __future__ import annotations

import pytest

from crawler.crawl.records.kept import Kept
from crawler.crawl.records.visit import Tally
from crawler.crawl.visits import outcomes
from crawler.crawl.visits.outcomes import Look
from crawler.fetch.failures import FetchFailure
from crawler.ledger.revisits import GONE_AFTER, RETRY
from crawler.ledger.rows import NO_VALIDATORS, Outcome, Validators
from crawler.reasons.codes import Code
from tests.crawler.crawl.opened import HOME, page_of, why

DAY = 86400.0
NOW = 1_770_000_000.0
ARTICLE = {"was": "stored", "role": "article", "article_id": 7}
FILE = {"was": "file", "role": "file"}
GATE = b"<html><head><title>Just a moment...</title></head><body><div class='cf-challenge'></div></body></html>"


def look(status: int | None = None, **row) -> Look:
    """A look at a page never asked before, unless ``row`` says otherwise, that was answered ``status``."""
    return Look(page_of(HOME + "1", **row), NOW, status)


def days(due: float | None) -> float | None:
    return None if due is None else (due - NOW) / DAY


FAIL, LEFT = why("the server refuses it"), why("a list page came")
WAIT = 2.0  # seconds, where an answer asks for none
ROBOTS = FetchFailure(why("503"), True, wait=120.0)

TABLE = [
    # name, the row, what is made of it, state, days until the next visit, what came instead
    ("failed-new", {}, lambda at: outcomes.failed(at, FAIL), "failed", None, None),
    ("failed-article", ARTICLE, lambda at: outcomes.failed(at, FAIL), "stored", 1, None),
    ("failed-file", FILE, lambda at: outcomes.failed(at, FAIL), "file", 1, None),
    ("failed-gone", {**ARTICLE, "was": "gone"}, lambda at: outcomes.failed(at, FAIL), "gone", 1, None),
    ("skipped-new", {}, lambda at: outcomes.skipped(at, LEFT), "skipped", None, None),
    ("skipped-article", ARTICLE, lambda at: outcomes.skipped(at, LEFT), "stored", 1, "other page"),
    ("skipped-suspect", {**ARTICLE, "was": "suspect"}, lambda at: outcomes.skipped(at, LEFT), "stored", 1, "other page"),
    ("skipped-gone", {**ARTICLE, "was": "gone"}, lambda at: outcomes.skipped(at, LEFT), "gone", None, "other page"),
    ("skipped-file", FILE, lambda at: outcomes.skipped(at, LEFT), "file", None, "other page"),
    ("dead-link", {}, lambda at: outcomes.missing(at, 404), "skipped", None, None),
    ("home-missing", {"role": "home"}, lambda at: outcomes.missing(at, 404), "failed", None, None),
    ("article-missing", ARTICLE, lambda at: outcomes.missing(at, 410), "suspect", 1, "missing"),
    ("file-missing", FILE, lambda at: outcomes.missing(at, 404), "file", None, "missing"),
    ("as-before-new", {}, lambda at: outcomes.not_modified(at, None), "new", WAIT / DAY, None),
    ("as-before-file", FILE, lambda at: outcomes.not_modified(at, None), "file", None, None),
    ("as-before-article", ARTICLE, lambda at: outcomes.not_modified(at, Kept("", NOW - DAY)), "unchanged", 2, None),
    ("as-before-unknown", ARTICLE, lambda at: outcomes.not_modified(at, None), "unchanged", 0.25, None),
    ("torn", {}, lambda at: outcomes.no_answer(at, FetchFailure(FAIL, True)), "new", WAIT / DAY, None),
    ("torn-listed", {"was": "listed", "tries": 2}, lambda at: outcomes.no_answer(at, FetchFailure(FAIL, True)), "listed", RETRY[2] / DAY, None),
    ("asked-to-wait", {}, lambda at: outcomes.no_answer(at, ROBOTS), "new", 120 / DAY, None),
    ("torn-for-good", {}, lambda at: outcomes.no_answer(at, FetchFailure(FAIL, False)), "failed", None, None),
    ("torn-too-often", {"tries": 3}, lambda at: outcomes.no_answer(at, FetchFailure(FAIL, True)), "failed", None, None),
    ("read-of-today", {}, lambda at: outcomes.article(at, NOW - 60), "stored", 0.25 - 60 / DAY, None),
    ("read-of-long-ago", {}, lambda at: outcomes.article(at, NOW - 900 * DAY), "stored", 365, None),
    ("read-undated", {}, lambda at: outcomes.article(at, None), "stored", 0.25, None),
    ("read-dated-tomorrow", {}, lambda at: outcomes.article(at, NOW + DAY), "stored", 0.25, None),
    ("file", {}, lambda at: outcomes.file(at, "application/pdf", 9), "file", None, None),
    ("feed", {}, lambda at: outcomes.announced(at, LEFT, "feed"), "listed", None, None),
    ("moved-within", {}, lambda at: outcomes.goes_elsewhere(at, LEFT, HOME + "2"), "new", 0, None),
    ("host-closed-new", {}, lambda at: outcomes.never_asked(at, FAIL), "failed", None, None),
    ("forbidden-new", {}, outcomes.forbidden, "skipped", None, None),
    ("forbidden-list", {"was": "listed"}, outcomes.forbidden, "skipped", None, None),
    ("forbidden-article", ARTICLE, outcomes.forbidden, "stored", 7, None),
    ("forbidden-file", FILE, outcomes.forbidden, "file", None, None),
    ("host-closed-article", ARTICLE, lambda at: outcomes.never_asked(at, FAIL), "stored", 1, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "made", "state", "due", "instead"), [line[1:] for line in TABLE], ids=[line[0] for line in TABLE]
)
def test_an_answer_makes_this_of_its_row(row, made, state, due, instead):
    outcome = made(look(**row))
    assert (outcome.state, outcome.instead) == (state, instead)
    assert days(outcome.due) == (None if due is None else pytest.approx(due, abs=1e-6))


@pytest.mark.parametrize(
    ("since", "state", "next_days", "gone"),
    [(0, "suspect", 1, False), (1.5, "suspect", 3, False), (8, "suspect", 14, False), (14, "gone", None, True)],
)
def test_an_article_is_gone_only_after_fourteen_days_of_404(since, state, next_days, gone):
    counted = {"was": "suspect", "suspect_since": NOW - since * DAY} if since else {}
    outcome = outcomes.missing(look(**{**ARTICLE, **counted}), 404)
    assert (outcome.state, outcome.gone) == (state, gone)
    assert outcome.due == (None if next_days is None else NOW + (next_days - since) * DAY)
    assert outcome.suspect_since == NOW - since * DAY


def test_an_article_that_is_gone_is_not_gone_once_more():
    outcome = outcomes.missing(look(**{**ARTICLE, "was": "gone"}, suspect_since=NOW - 3 * GONE_AFTER), 404)
    assert (outcome.state, outcome.gone) == ("gone", False)


@pytest.mark.parametrize(("was", "since"), [("suspect", None), ("stored", None), ("gone", 5.0)])
def test_anything_but_404_ends_the_count_of_an_article_that_is_not_gone_yet(was, since):
    outcome = outcomes.skipped(look(**{**ARTICLE, "was": was}, suspect_since=5.0), LEFT)
    assert outcome.suspect_since == since


@pytest.mark.parametrize(
    ("status", "instead"), [(500, "server error"), (503, "server error"), (403, "refused"), (429, None), (None, None)]
)
def test_a_failed_look_at_an_article_says_what_was_answered_in_its_place(status, instead):
    outcome = outcomes.failed(look(status, **ARTICLE), FAIL)
    assert (outcome.state, outcome.instead) == ("stored", instead)
    assert outcome.reason.has(Code.LAST_VISIT_FAILED)
    assert (outcome.unseen_since is not None) is (instead is not None)


def test_since_when_an_article_is_not_found_is_kept_over_looks_and_they_grow_rarer():
    outcome = outcomes.skipped(look(**ARTICLE, unseen_since=NOW - 10 * DAY), LEFT)
    assert (outcome.unseen_since, days(outcome.due)) == (NOW - 10 * DAY, 20)


@pytest.mark.parametrize("made", [lambda at: outcomes.not_modified(at, None), lambda at: outcomes.article(at, None)])
def test_an_article_that_is_there_again_ends_every_count(made):
    outcome = made(look(**{**ARTICLE, "was": "suspect"}, suspect_since=5.0, unseen_since=5.0))
    assert (outcome.suspect_since, outcome.unseen_since) == (None, None)


@pytest.mark.parametrize(
    "made",
    [
        lambda at: outcomes.not_modified(at, None),
        lambda at: outcomes.no_answer(at, FetchFailure(FAIL, True)),
        lambda at: outcomes.never_asked(at, FAIL),
        outcomes.forbidden,
    ],
    ids=["304", "torn", "host-closed", "forbidden"],
)
def test_validators_stay_where_nothing_came_in_their_place(made):
    outcome = made(look(**ARTICLE, etag='"a1"', last_modified="Mon"))
    assert outcome.validators == Validators('"a1"', "Mon")


def test_validators_are_those_of_the_page_that_came():
    given = Validators('"b2"', None)
    assert outcomes.listed(Look(page_of(HOME, etag='"a1"'), NOW, 200, None, given), LEFT).validators == given
    assert outcomes.missing(look(404, etag='"a1"'), 404).validators == NO_VALIDATORS


@pytest.mark.parametrize("counted", [{"suspect_since": 5.0}, {"unseen_since": 6.0}])
@pytest.mark.parametrize(
    "made", [lambda at: outcomes.never_asked(at, FAIL), outcomes.forbidden], ids=["closed", "forbidden"]
)
def test_an_article_that_cannot_be_asked_for_keeps_what_is_counted_of_it(made, counted):
    outcome = made(look(**{**ARTICLE, "was": "suspect"}, **counted))
    assert {name: getattr(outcome, name) for name in counted} == counted


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (403, GATE, Code.BLOCKED_BY_STATUS),
        (403, b"<h1>Forbidden</h1>", Code.SERVER_REFUSES),
        (401, b"", Code.SERVER_REFUSES),
        (418, GATE, Code.SERVER_ANSWERS),
    ],
)
def test_a_gate_for_people_is_named_and_a_plain_refusal_is_none(status, body, code):
    assert outcomes.refused(look(status), status, body).reason.code is code


@pytest.mark.parametrize(("depth", "least"), [(0, 1), (1, 1), (2, 7)])
def test_first_lists_are_due_daily_and_deeper_ones_weekly(depth, least):
    outcome = outcomes.listed(look(role="listing", depth=depth), LEFT)
    assert least <= days(outcome.due) <= least * 1.126


def test_failures_are_told_by_address_and_what_was_skipped_is_counted_by_reason():
    tally = Tally()
    looks = look(404), look(404), look(**ARTICLE)
    for at, outcome in zip(
        looks, (outcomes.missing(look(404), 404),) * 2 + (outcomes.failed(looks[2], FAIL),), strict=True
    ):
        tally.count(at.row, outcome)
    assert tally.failed == {HOME + "1": "the server refuses it"}
    assert list(tally.skipped.values()) == [2]
    tally.count(looks[2].row, outcomes.missing(looks[2], 404))
    assert tally.articles == {"suspect": 1}


def test_an_outcome_is_not_changed_once_made():
    with pytest.raises(AttributeError):
        Outcome("stored", FAIL).state = "failed"
