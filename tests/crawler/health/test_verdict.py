"""The verdict on a portal after a run, from its facts alone: a table of what was seen and what it is called."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.vietnam_time import DAY
from crawler.health.drift import Drift
from crawler.health.verdict import ADVICE, FAILING_LEAST, IDLE_LEAST, NOTHING_TO_DO, VERDICTS, WELL, Facts, judge
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

NOW = 1_770_000_000.0
HOME = "http://xahoa.gov.vn/"
SAYS_503 = Reason(Code.SERVER_ANSWERS, status=503)
NO_NAME = Reason(Code.NAME_UNKNOWN, asked="xahoa.gov.vn")
FORBIDDEN = Reason(Code.ROBOTS_FORBIDS)


def facts(**seen: Any) -> Facts:
    """A portal that was read and is well, but for what is seen of it."""
    well = Facts("xahoa", HOME, "finished", NOW, home_visited=True, home_state="listed", visited=50, held=40, new=2)
    return replace(well, **seen)


UNSEEN = {"home_visited": False, "visited": 0, "home_state": "new"}

TABLE = [
    ("well", {}, "complete", "2 new, 0 revised, 40 held"),
    # what ended the run
    ("disk-full", {"outcome": "disk full", "fatal": "no room"}, "disk full", "no room"),
    ("quota", {"outcome": "quota reached"}, "quota reached", "quota reached"),
    ("killed", {"outcome": "killed"}, "lost", "was killed"),
    ("paused", {"paused": True}, "paused", "paused"),
    ("no-network", {"network_lost": True, "home_state": "failed"}, "interrupted", "lost its network"),
    ("stopped-before-its-turn", {**UNSEEN, "outcome": "stopped"}, "stopped", "before its turn came"),
    ("stopped-under-way", {"outcome": "stopped"}, "stopped", "as asked"),
    ("at-its-limit", {"outcome": "limited"}, "limited", "reached its limit"),
    ("surveyed", {"outcome": "surveyed"}, "limited", "only its lists were read"),
    ("nothing-asked", UNSEEN, "not begun", "nothing of it was asked for"),
    # the portal itself
    ("no-name", {"home_state": "failed", "home_visited": False, "host_reason": NO_NAME}, "dead name", "xahoa.gov.vn"),
    ("home-503", {"home_state": "failed", "home_reason": SAYS_503}, "server errors", "503"),
    ("home-forbidden", {"home_state": "skipped", "home_reason": FORBIDDEN}, "robots forbids", "robots.txt"),
    ("home-404", {"home_state": "failed", "home_reason": Reason(Code.HOME_MISSING, status=404)}, "not found", "404"),
    (
        "home-failed-this-time",
        {"home_reason": SAYS_503.noting(Code.LAST_VISIT_FAILED)},
        "server errors",
        "last visit failed",
    ),
    (
        "given-up-at-the-end",  # nearly all was read before: the pages tell
        {"host_reason": SAYS_503, "visited": 1000, "failures": Counter({"server errors": 6}), "unreached": 20},
        "complete",
        "held",
    ),
    (
        "given-up-early",
        {"host_reason": SAYS_503, "visited": 10, "failures": Counter({"server errors": 6}), "unreached": 400},
        "server errors",
        "503",
    ),
    (
        "most-pages-want-a-log-in",
        {"failures": Counter({"login": 30}), "examples": {"login": "wants a log-in"}},
        "login",
        "30 of 50 pages: wants a log-in",
    ),
    ("a-few-pages-want-a-log-in", {"failures": Counter({"login": 20})}, "complete", "held"),
    # its pages
    ("drift", {"drifts": [Drift("lead", "share", 0.9, 0.0, ".lead")]}, "layout drift", "'.lead' stopped matching"),
    ("list-broken", {"broken_lists": [HOME + "p2 (500)", HOME + "p3"]}, "incomplete: lists", "p2 (500), and 1 more"),
    ("lists-repeated", {"repeated_lists": [HOME + "p2"]}, "incomplete: lists", "the very same list"),
    (
        "a-fifth-failed",
        {"failures": Counter({"server errors": 10}), "examples": {"server errors": "500 at /1"}},
        "incomplete: pages",
        "10 of 50 pages failed: 500 at /1",
    ),
    ("fewer-failed", {"failures": Counter({"server errors": 9})}, "complete", "held"),
    ("dead-links", {"failures": Counter({"not found": 40})}, "complete", "held"),
    ("some-wait", {"waiting": 1}, "incomplete: pages", "1 page was not reached"),
    # what it holds
    ("no-article", {"held": 0, "new": 0}, "empty", "50 pages were read"),
]  # fmt: skip


@pytest.mark.parametrize(("seen", "name", "why"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_was_seen_has_this_verdict_with_its_evidence(seen, name, why):
    verdict = judge(facts(**seen))
    assert verdict.name == name
    assert why in verdict.why
    assert verdict.is_well is (name in WELL)


@pytest.mark.parametrize(
    ("gap", "quiet", "watched", "new", "name"),
    [
        (2, IDLE_LEAST / DAY + 1, 90, 0, "idle"),
        (2, IDLE_LEAST / DAY - 1, 90, 0, "complete"),  # shorter than a month says little
        (20, 79, 90, 0, "complete"),
        (20, 81, 90, 0, "idle"),
        (2, 60, 20, 0, "complete"),  # we have not watched that long
        (2, 60, 90, 1, "complete"),
        (None, 60, 90, 0, "complete"),
    ],
)
def test_a_portal_is_idle_when_it_is_silent_far_longer_than_it_used_to_be(gap, quiet, watched, new, name):
    gap = None if gap is None else gap * DAY
    seen = facts(longest_gap=gap, last_new=NOW - quiet * DAY, watched_since=NOW - watched * DAY, new=new)
    assert judge(seen).name == name


def test_a_disk_that_is_full_is_told_before_anything_the_portal_did():
    assert judge(facts(outcome="disk full", home_state="failed", home_reason=SAYS_503)).name == "disk full"


def test_advice_names_the_portal_and_where_it_went():
    moved = Reason(Code.PORTAL_REDIRECTS, target="http://xamoi.gov.vn/")
    verdict = judge(facts(home_state="failed", home_reason=moved, moved_to="http://xamoi.gov.vn/"))
    assert (verdict.name, verdict.is_well) == ("moved", False)
    assert "tinhuyen add http://xamoi.gov.vn/" in verdict.advice
    assert "tinhuyen resume xahoa" in judge(facts(paused=True)).advice


def test_what_needs_nothing_done_is_advised_so():
    assert {name for name in ADVICE if ADVICE[name].startswith("Nothing to do")} == NOTHING_TO_DO


outcomes = st.sampled_from(["finished", "limited", "stopped", "interrupted", "disk full", "killed", "surveyed"])
reasons = st.sampled_from([None, SAYS_503, NO_NAME, FORBIDDEN, Reason(Code.FATAL)])
counts = st.dictionaries(st.sampled_from(["server errors", "login", "not found", "other"]), st.integers(1, 80)).map(
    Counter
)


@given(outcomes, reasons, reasons, counts, st.integers(0, 90), st.integers(0, 9), st.booleans())
def test_whatever_was_seen_has_one_verdict_with_a_reason_and_advice(
    outcome, home, host, failures, visited, held, at_home
):
    state = "failed" if home else "listed"
    verdict = judge(
        facts(
            outcome=outcome, home_reason=home, host_reason=host, failures=failures, visited=visited, held=held,
            home_visited=at_home, home_state=state,
        )
    )  # fmt: skip
    assert verdict.name in VERDICTS
    assert verdict.why and "\n" not in verdict.why
    assert verdict.advice and "{" not in verdict.advice


@given(st.integers(0, FAILING_LEAST - 1), st.integers(1, 10))
def test_a_failure_or_two_are_any_portals_life(failed, visited):
    verdict = judge(facts(failures=Counter({"server errors": failed}), visited=visited))
    assert verdict.name == "complete"
