"""Pages that a form leads to: one row each, given out with a form while it is fresh, and not twice."""

from __future__ import annotations

import sqlite3

import pytest
from sqlite_utils import Database

from archive.database.sqlite_file import connect, migrate
from archive.text.vietnam_time import DAY
from crawler.ledger import controls as control
from crawler.ledger.forms import Offer, State, key_of
from crawler.ledger.frontier import Ledger
from crawler.ledger.migrations.schema import migrations
from crawler.ledger.rows import Ack, Found, Outcome
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

LIST = b"list" * 4
URL = "http://a.vn/tin.aspx"


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def frontier(tmp_path, clock):
    frontier = Ledger(tmp_path / "crawl.db", clock=clock)
    frontier.add([Found(URL, LIST, "p", "listing", "link", depth=1)])
    yield frontier
    frontier.close()


def offer(*numbers, state="x" * 1000, pager="grid"):
    form = State(URL, [["__VIEWSTATE", state]])
    return Offer("p", LIST, URL, 2, pager, form, [(n, [["__EVENTARGUMENT", f"Page${n}"]]) for n in numbers])


def claim(frontier, worker="one"):
    (lease,) = frontier.claim(worker, 1, 50, 60, ["p"])
    return lease


def answer(frontier, lease, again=None, state="listed", due=None):
    for page in lease.pages:
        ack = Ack(page.key, lease.epoch, Outcome(state, Reason(Code.NOT_SAID), due=due))
        if page.form is not None and due is None:
            frontier.forms.settle(page, ack, again)
        frontier.ack([ack])
    frontier.release(lease, 0.0)


def states(frontier):
    return frontier.conn.execute("SELECT count(*) FROM form_state").fetchone()[0]


def test_page_7_of_a_list_is_one_row_however_its_form_was_found(frontier, clock):
    assert frontier.forms.offer(offer(2, 3, 7), 0.0) == 3
    assert frontier.forms.offer(offer(7, 8, state="y"), 0.0) == 1
    assert frontier.forms.offer(offer(7, state="z"), clock.now + 1) == 1  # a later crawl: the fresher form
    assert frontier.forms.offer(offer(7, pager="other"), 0.0) == 1
    assert frontier.counts(["p"]) == {"new": 6}
    assert frontier.forms.of(key_of(LIST, "grid", 7)).state.fields == [["__VIEWSTATE", "z"]]
    assert frontier.forms.of(key_of(LIST, "grid", 3)).event == [["__EVENTARGUMENT", "Page$3"]]


def test_the_pages_of_one_answer_share_its_state_and_it_goes_with_the_last_of_them(frontier):
    frontier.forms.offer(offer(*range(2, 12)), 0.0)
    assert states(frontier) == 1
    lease = claim(frontier)
    assert [page.form for page in lease.pages[1:3]] == ["page 2 by grid", "page 3 by grid"]
    assert lease.pages[0].form is None
    answer(frontier, lease)
    assert states(frontier) == 0
    assert frontier.forms.of(key_of(LIST, "grid", 2)) is None


def test_a_page_that_is_to_be_tried_again_keeps_its_form(frontier, clock):
    frontier.forms.offer(offer(2), 0.0)
    answer(frontier, claim(frontier), due=clock.now + 5, state="new")
    clock.now += 6
    assert frontier.forms.of(claim(frontier).pages[1].key) is not None


def test_an_answer_that_comes_after_the_lease_was_lost_takes_no_form_away(frontier, clock):
    frontier.forms.offer(offer(2), 0.0)
    lost = claim(frontier)
    clock.now += 61
    claim(frontier, "two")
    answer(frontier, lost)
    assert frontier.forms.of(key_of(LIST, "grid", 2)) is not None


def test_a_page_is_given_out_again_after_a_week_and_not_by_itself(frontier, clock):
    frontier.forms.offer(offer(2), 0.0)
    answer(frontier, claim(frontier))
    for days, waits in ((1, 0), (3, 0), (2.5, 1)):  # a day's grace
        clock.now += days * DAY
        frontier.begin(["p"])
        assert frontier.forms.offer(offer(2), clock.now) == waits
    assert [page.form for page in claim(frontier).pages].count("page 2 by grid") == 1


def test_what_failed_is_given_out_by_the_next_crawl_and_not_by_the_one_it_failed_in(frontier, clock):
    frontier.forms.offer(offer(2), clock.now)
    began = clock.now
    clock.now += 10
    answer(frontier, claim(frontier), state="failed")
    assert frontier.forms.offer(offer(2), began) == 0
    assert frontier.forms.offer(offer(2), clock.now + DAY) == 1


def test_retry_asks_for_the_list_whose_form_it_needs(frontier):
    frontier.forms.offer(offer(2, 3), 0.0)
    answer(frontier, claim(frontier), state="failed")
    frontier.conn.execute("UPDATE page SET state = 'listed' WHERE form IS NULL")
    assert control.retry(frontier, "p").pages == 2
    assert [page.form for page in claim(frontier).pages] == [None]
    assert frontier.forms.offer(offer(2, 3), 0.0) == 2


def test_retry_of_one_page_asks_for_its_list(frontier):
    frontier.forms.offer(offer(2), 0.0)
    answer(frontier, claim(frontier))
    assert control.retry_url(frontier, key_of(LIST, "grid", 2)).pages == 1
    assert [page.key for page in claim(frontier).pages] == [LIST]


def test_a_removed_portal_leaves_no_forms(frontier):
    frontier.forms.offer(offer(2, 3), 0.0)
    assert control.remove(frontier, "p") == 3
    assert (states(frontier), frontier.conn.execute("SELECT count(*) FROM form").fetchone()[0]) == (0, 0)


def test_a_ledger_of_before_forms_keeps_its_rows(tmp_path):
    conn = connect(tmp_path / "crawl.db")
    conn.row_factory = sqlite3.Row
    migrations.apply(Database(conn), stop_before="m008_forms")
    conn.execute(
        "INSERT INTO page (key, url, origin, portal, role, method, found_at, priority, due) VALUES"
        " (x'01', 'http://a.vn/1', 'http://a.vn', 'p', 'page', 'link', 1, 50, -5)"
    )
    migrate(Database(conn), migrations)
    assert dict(conn.execute("SELECT url, form FROM page").fetchone()) == {"url": "http://a.vn/1", "form": None}
    assert conn.execute("SELECT count(*) FROM form").fetchone()[0] == 0
