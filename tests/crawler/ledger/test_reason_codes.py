"""A ledger of the version before, whose reasons are sentences alone: it opens, its rows get codes once, and goes on."""

from __future__ import annotations

import re
import sqlite3
import string
from contextlib import closing

import pytest
from sqlite_utils import Database

from archive.database.older_reasons import code_of
from archive.site.words.crawl_words import SKIP_REASONS
from crawler.health.causes import cause_of
from crawler.health.list_coverage import coverage
from crawler.ledger.frontier import Ledger
from crawler.ledger.migrations.older_sentences import NOTES, OCCURRENCES, PAGES, coded
from crawler.ledger.migrations.schema import migrations
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason, reason_of

BEFORE = "m014_reason_codes"
ROBOTS = "; nothing of the host is fetched until its robots.txt answers"
WITHIN = {"asked": "a.vn:80", "host": "b.vn", "target": "http://c.vn/x", "known": "page 2", "how": "302"}


def told(template: str, tries: int = 3) -> str:
    """A sentence as the version before wrote it."""

    class Words(string.Formatter):
        def format_field(self, value, form):
            if not form.startswith("# "):
                return super().format_field(value, form)
            one, _, more = form[2:].partition("/")
            return f"{value} {one if value == 1 else more or one + 's'}"

    places = [(name, form) for _, name, form, _ in string.Formatter().parse(template) if name]
    facts = {name: 404 if name == "status" else tries if form else WITHIN.get(name, "đã nói") for name, form in places}
    return Words().format(template, **{**facts, "reason": "dead link (404)"})


@pytest.mark.parametrize(("code", "template"), PAGES, ids=[code for code, _ in PAGES])
def test_every_sentence_of_before_gives_its_code_and_facts(code, template):
    found = coded(told(template))
    assert found[0] == code and str(reason_of(*found))  # all its facts are there to tell it by


@pytest.mark.parametrize(("code", "template"), OCCURRENCES, ids=[code for code, _ in OCCURRENCES])
def test_so_does_every_sentence_about_an_occurrence(code, template):
    found = coded(told(template), True)
    assert found[0] == code and str(reason_of(*found))  # all its facts are there to tell it by


@pytest.mark.parametrize("tries", [1, 2])
@pytest.mark.parametrize(("code", "template"), NOTES, ids=[code for code, _ in NOTES])
def test_what_was_added_to_a_sentence_becomes_a_note(code, template, tries):
    reason = reason_of(*coded(told(template, tries)))
    assert reason.code is Code.DEAD_LINK and [note.code.value for note in reason.notes] == [code]
    assert str(reason)


@pytest.mark.parametrize(
    ("sentence", "cause"),
    [
        ("error page: the page says “503 Bảo trì: no connection to the server”", "switched off"),
        ("error page: the page says “the host name x does not resolve”", "switched off"),
        ("error page: a server error, the page says “503: no connection to the server”", "server errors"),
        ("static page: its title is “robots.txt forbids it”", "other"),
        ("static page: its title is “x; tried 2 times, to be tried again”", "other"),
        ("spam page: the server answers 503", "taken over"),
        ("empty page: nothing but a redirect in the markup", "moved"),
        ("empty page: no words to read", "broken answers"),
        ("blocked: a challenge asks for proof of being human (403)", "challenge"),
        ("the answer is no proper HTTP: it begins with b'x refuses the connection'", "broken answers"),
        ("redirects to http://x.vn/database%20connection/the-server-answers-503", "other"),
        ("the portal redirects to http://moi.vn/: add that address if it is the portal's new one", "moved"),
        ("redirects out of the portal, to http://x.vn/dang-nhap", "login"),
        ("the last visit failed: the host name a.vn does not resolve", "dead name"),
        ("waits for a later crawl: a.vn refuses the connection", "dead server"),
        ("a.vn:8080 did not answer within 60 s; tried 2 times, to be tried again", "no answer"),
        (f"robots.txt answers 503{ROBOTS}", "robots unreachable"),
        (f"a.vn refuses the connection{ROBOTS}", "dead server"),
        ("no name server answers for a.vn", "DNS failure"),
        ("no network: network is unreachable, asking a.vn", "no answer"),
        ("no network: network is unreachable, asking the proxy 10.0.0.1:3128", "proxy"),
        ("the server answers 429, asking to wait 30 s", "rate limited"),
        ("a page that was read", "other"),
    ],
)
def test_the_causes_of_before_stay(sentence, cause):
    reason = reason_of(*coded(sentence), sentence)
    assert cause_of(reason) == cause


ROWS = [
    ("home", "home", "failed", "the portal redirects to http://moi.vn/: add that address if it is the portal's new one", None),
    ("gone", "article", "skipped", "dead link (404)", None),
    ("closed", "article", "skipped", "robots.txt forbids it", None),
    ("excluded", "article", "skipped", "excluded by the portal's settings: /x", None),
    ("quoting", "article", "skipped", "static page: its title is “dead link (404)”", None),
    ("trap", "listing", "skipped", "trap: a calendar", "page 7 by #trang"),
    ("refused", "listing", "skipped", "the server answers 415", "page 8 by #trang"),
    ("older", "page", "skipped", "calendar (by an older rule)", None),
    ("waiting", "page", "new", None, None),
    ("strange", "page", "skipped", "words of a version nobody remembers", None),
]  # fmt: skip


@pytest.fixture
def before(tmp_path):
    """A ledger as the version before left it."""
    old = Database(tmp_path / "crawl.db")
    migrations.apply(old, stop_before=BEFORE)
    for name, role, state, reason, form in ROWS:
        old.conn.execute(
            "INSERT INTO page (key, url, origin, portal, role, state, reason, method, found_at, priority, form)"
            " VALUES (?, ?, 'http://a.vn', 'a', ?, ?, ?, 'link', 1, 50, ?)",
            (name.encode(), f"http://a.vn/{name}", role, state, reason, form),
        )
    old.conn.execute(
        "INSERT INTO host (origin, why) VALUES ('http://a.vn', 'the server answers 503, asking to wait 30 s')"
    )
    for reason in (
        "paused: tinhuyen resume a",
        "the process that crawled it died 4 times in a row: its next occurrence is waited for",
        None,
    ):
        old.conn.execute(
            "INSERT INTO run_due (portal, occurrence, at, state, reason) VALUES ('a', 1, 1, 'lost', ?)", (reason,)
        )
    old.conn.commit()
    old.close()
    return tmp_path / "crawl.db"


def test_its_rows_get_codes_and_keep_their_sentences(before):
    with closing(Ledger(before)) as ledger:
        rows = {row["url"].rpartition("/")[2]: row for row in ledger.conn.execute("SELECT * FROM page")}
        waits = ledger.conn.execute("SELECT why, why_code, why_facts FROM host").fetchone()
        due = ledger.conn.execute("SELECT reason_code FROM run_due ORDER BY id").fetchall()
    assert {name: row["reason"] for name, row in rows.items()} == {name: reason for name, _, _, reason, _ in ROWS}
    assert {name: row["reason_code"] for name, row in rows.items()} == {
        "home": "portal-redirects", "gone": "dead-link", "closed": "robots-forbids", "excluded": "excluded",
        "quoting": "static-page", "trap": "trap-calendar", "refused": "server-answers", "older": "calendar",
        "waiting": None, "strange": "other",
    }  # fmt: skip
    assert reason_of(waits["why_code"], waits["why_facts"]) == Reason(Code.SERVER_ANSWERS, status=503).noting(
        Code.ASKS_TO_WAIT, seconds=30.0
    )
    assert [row[0] for row in due] == ["paused", "died-in-a-row", None]


def test_what_is_counted_of_it_is_counted_by_codes(before):
    with closing(Ledger(before)) as ledger:
        found = coverage(ledger.conn, "a")
        assert found.states == {"gone before us": 1, "closed to us": 2}
        assert found.lists_failed == 2  # the home page, and the posted page that was refused: a trap is none
        ledger.judge_again([(b"older", Reason(Code.CALENDAR))])
        row = ledger.conn.execute("SELECT reason, reason_facts FROM page WHERE key = ?", (b"older",)).fetchone()
        assert tuple(row) == ("calendar", None)


def test_opening_it_again_changes_nothing(before):
    Ledger(before).close()
    with closing(sqlite3.connect(before)) as conn:
        conn.execute("UPDATE page SET reason = 'tag list' WHERE key = ?", (b"gone",))
        conn.commit()
    with closing(Ledger(before)) as ledger:
        assert (
            ledger.conn.execute("SELECT reason_code FROM page WHERE key = ?", (b"gone",)).fetchone()[0] == "dead-link"
        )


def test_frozen_sentences_are_of_codes_that_are_there():
    assert {code for code, _ in (*PAGES, *OCCURRENCES, *NOTES)} <= {code.value for code in Code}
    assert not any(re.search(r"\{said\}$", template) and template == "{said}" for _, template in PAGES)


@pytest.mark.parametrize(
    ("code", "template"), [row for row in PAGES if row[0] in SKIP_REASONS], ids=lambda value: value
)
def test_the_public_summaries_get_the_same_codes(code, template):
    sentence = told(template).replace("đã nói", "40")
    for said in (sentence, f"{sentence} (by an older rule)"):
        assert code_of(said).partition(":")[0] == code
