"""The frontier's protocol, on SQLite: leased once, acknowledged once, nothing lost."""

import os
import sqlite3

import pytest

from archive.ids import url_key
from archive.text.vietnam_time import DAY
from crawler.ledger import revisits
from crawler.ledger.frontier import Ledger
from crawler.ledger.processes import Worker, dead_workers
from crawler.ledger.queries.story import stories_of
from crawler.ledger.rows import Ack, Found, Outcome
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason


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
    yield frontier
    frontier.close()


def found(path, host="a.vn", role="page", **more):
    url = f"http://{host}/{path}"
    return Found(url, url_key(url), "p", role, "link", **more)


def done(lease, page, state="stored", **more):
    return Ack(page.key, lease.epoch, Outcome(state, Reason(Code.NOT_SAID), **more))


def test_a_url_is_one_row_however_often_it_is_found(frontier):
    assert frontier.add([found("1"), found("2"), found("1")]) == 2
    assert frontier.add([found("2"), found("3")]) == 1
    assert frontier.counts(["p"]) == {"new": 3}


def test_a_host_is_leased_to_one_worker_at_a_time(frontier):
    frontier.add([found(str(n)) for n in range(5)] + [found("x", "b.vn")])
    first = frontier.claim("one", 10, 3, 60, ["p"])
    assert sorted((lease.host.origin, len(lease.pages)) for lease in first) == [("http://a.vn", 3), ("http://b.vn", 1)]
    assert frontier.claim("two", 10, 3, 60, ["p"]) == []


def test_pages_come_by_priority_then_as_found(frontier, clock):
    frontier.add([found("list", role="listing")])
    clock.now += 1
    frontier.add([found("old", role="article")])
    clock.now += 1
    frontier.add([found("new", role="article"), found("home", role="home"), found("css", role="requisite")])
    (lease,) = frontier.claim("w", 1, 10, 60, ["p"])
    assert [p.url.rpartition("/")[2] for p in lease.pages] == ["home", "old", "new", "list", "css"]


def test_a_worker_that_died_loses_its_lease_and_no_page(frontier, clock):
    frontier.add([found(str(n)) for n in range(4)])
    (dead,) = frontier.claim("dead", 1, 4, 60, ["p"])
    frontier.ack([done(dead, dead.pages[0])])
    clock.now += 61
    (alive,) = frontier.claim("alive", 1, 10, 60, ["p"])
    assert {p.key for p in alive.pages} == {p.key for p in dead.pages[1:]}
    frontier.ack([done(dead, dead.pages[1], "failed")])  # woken too late: its epoch has passed
    assert not frontier.renew(dead, 60)
    frontier.ack(done(alive, page) for page in alive.pages)
    assert frontier.counts(["p"]) == {"stored": 4}


def test_a_released_host_gives_its_pages_back_and_keeps_its_quiet(frontier, clock):
    frontier.add([found("1"), found("2")])
    (lease,) = frontier.claim("w", 1, 2, 60, ["p"])
    frontier.release(lease, clock.now + 5)
    assert frontier.claim("w", 1, 2, 60, ["p"]) == []
    assert frontier.next_due(["p"]) == clock.now + 5
    clock.now += 5
    (again,) = frontier.claim("w", 1, 2, 60, ["p"])
    assert len(again.pages) == 2 and again.epoch == lease.epoch + 1


def test_two_hosts_of_one_server_are_not_asked_at_once(frontier):
    frontier.add([found("1", "a.vn"), found("1", "b.vn")])
    one, two = frontier.claim("w", 2, 5, 60, ["p"])
    assert frontier.bind(one, "203.0.113.9:80")
    assert not frontier.bind(two, "203.0.113.9:80")
    frontier.release(one, 0)
    assert frontier.bind(two, "203.0.113.9:80")


def test_only_the_portals_asked_for_are_claimed(frontier):
    frontier.add([found("1")])
    assert frontier.claim("w", 5, 5, 60, ["other"]) == []
    assert frontier.next_due(["other"]) is None


def test_a_link_not_followed_is_a_row_with_its_reason(frontier):
    frontier.add([found("cal", skip=Reason(Code.TRAP_CALENDAR))])
    assert frontier.counts(["p"]) == {"skipped": 1}
    assert frontier.claim("w", 5, 5, 60, ["p"]) == []


def test_a_page_kept_is_due_again_at_its_time_and_at_once_in_a_full_crawl(frontier, clock):
    frontier.add([found("1")])
    (lease,) = frontier.claim("w", 1, 1, 60, ["p"])
    frontier.ack([done(lease, lease.pages[0], due=clock.now + DAY)])
    frontier.release(lease, 0)
    assert frontier.claim("w", 1, 1, 60, ["p"]) == []
    frontier.begin(["p"])
    assert frontier.claim("w", 1, 1, 60, ["p"]) == []
    frontier.begin(["p"], full=True)
    (again,) = frontier.claim("w", 1, 1, 60, ["p"])
    assert again.pages[0].was == "stored"


@pytest.mark.parametrize(
    ("age", "step"),
    [(0, 0.25), (0.1, 0.25), (0.5, 1), (2, 3), (10, 30), (89, 90), (200, 365)],
    ids=lambda v: str(v),
)
def test_an_article_climbs_the_ladder_of_revisits_from_its_publication(age, step):
    now = 2_000_000_000.0
    assert revisits.article_due(now - age * DAY, now) == now - age * DAY + step * DAY


def test_after_a_year_an_article_is_asked_for_once_a_year():
    assert revisits.article_due(0, 400 * DAY) == 765 * DAY


def test_an_article_is_gone_only_after_fourteen_days_of_404():
    checks, at = [], 0.0
    while (due := revisits.suspect_due(0.0, at)) is not None:
        checks.append(due / DAY)
        at = due
    assert checks == [1, 3, 7, 14]


def test_a_worker_known_to_be_dead_keeps_no_lease(frontier, tmp_path):
    frontier.add([found("1")])
    alive = Worker(tmp_path / "workers")
    killed = Worker(tmp_path / "workers")
    os.close(killed._fd)  # as the system does for a process that is killed
    frontier.claim(killed.name, 1, 1, 600, ["p"])
    assert dead_workers(tmp_path / "workers") == {killed.name: ""}
    frontier.end_leases([killed.name])
    (lease,) = frontier.claim(alive.name, 1, 1, 600, ["p"])
    assert len(lease.pages) == 1
    frontier.end_leases([*dead_workers(tmp_path / "workers")])
    assert frontier.renew(lease, 600)
    alive.close()


def test_a_role_put_last_waits_behind_all_others_also_when_found_later(frontier):
    frontier.add([found("bai-1", role="article"), found("muc-1", role="listing")])
    frontier.put_last("article")
    frontier.add([found("bai-2", role="article"), found("muc-2", role="listing")])
    (lease,) = frontier.claim("w", 1, 10, 60.0, ["p"])
    assert [page.role for page in lease.pages] == ["listing", "listing", "article", "article"]


def test_hosts_that_come_first_are_leased_before_those_that_wait_longer(frontier, clock):
    for name in ("a.vn", "b.vn", "c.vn"):
        frontier.add([found("1", name), found("2", name)])
    frontier.first = ["http://c.vn"]
    (lease,) = frontier.claim("one", 1, 1, 60, ["p"])
    assert lease.host.origin == "http://c.vn"
    frontier.ack([done(lease, lease.pages[0])])
    frontier.release(lease, 0)
    clock.now += 1
    assert frontier.claim("one", 2, 1, 60, ["p"])[0].host.origin == "http://c.vn"


def test_a_commit_that_fails_leaves_no_transaction_open(frontier, tmp_path):
    frontier.add([found("1")])
    frontier.conn.execute("PRAGMA max_page_count = 1")  # the file may not grow: as on a full disk
    with pytest.raises(sqlite3.OperationalError, match="full"):
        frontier.add([found(f"{n}-{'x' * 2000}") for n in range(50)])
    assert not frontier.conn.in_transaction
    assert frontier.counts(["p"]) == {"new": 1}


def test_the_story_of_a_file_says_once_that_it_is_kept(frontier):
    frontier.add([found("tep.pdf", role="file")])
    (lease,) = frontier.claim("one", 1, 1, 60, ["p"])
    (page,) = lease.pages
    frontier.ack([Ack(page.key, lease.epoch, Outcome("file", Reason(Code.FILE, type="application/pdf", size=5)))])
    (story,) = stories_of(frontier.conn, "http://a.vn/tep.pdf")
    assert "\n".join(story.lines()).lower().count("kept as a file (") == 1


def test_what_a_rule_left_out_waits_again_or_says_why_not(frontier):
    rows = [Found(f"http://x.vn/{n}", bytes([n]) * 16, "x", "page", "link", skip=Reason(Code.CALENDAR)) for n in (1, 2)]
    frontier.add(rows)
    frontier.judge_again([(rows[0].key, None), (rows[1].key, Reason(Code.SEARCH))])
    states = frontier.conn.execute(
        "SELECT state, reason, reason_code, due IS NOT NULL FROM page ORDER BY url"
    ).fetchall()
    assert [tuple(row) for row in states] == [("new", None, None, 1), ("skipped", "search page", "search", 0)]
