"""Back-off that a person may end, and waits that stay whoever asks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from archive.ids import url_key
from crawler.crawl.hosts.claims import Claims
from crawler.crawl.hosts.host_turns import HostTurns
from crawler.ledger import controls as control
from crawler.ledger.frontier import Ledger
from crawler.ledger.rows import Found
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

HOUR = 3600.0


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def frontier(tmp_path):
    frontier = Ledger(tmp_path / "crawl.db", clock=Clock())
    for host, portal in (("a.vn", "p"), ("b.vn", "q")):
        url = f"http://{host}/1"
        frontier.add([Found(url, url_key(url), portal, "page", "link")])
    yield frontier
    frontier.close()


def held(frontier, *, firm=0.0, quiet=HOUR):
    """Host a.vn, left alone for ``quiet`` seconds after failures and for ``firm`` at its own wish."""
    (lease,) = frontier.claim("one", 1, 5, 60, ["p"])
    now = frontier.clock()
    if firm:
        frontier.hold(lease, now + firm, Reason(Code.SERVER_ANSWERS, status=503), firm=True)
    frontier.hold(lease, now + quiet, Reason(Code.CONNECTION_REFUSED, asked="a.vn"))
    frontier.release(lease, now + quiet)
    assert frontier.claim("one", 1, 5, 60, ["p"]) == []


def test_back_off_is_lifted(frontier):
    held(frontier)
    assert frontier.left_alone(["p"]).keys() == {"http://a.vn"}
    assert frontier.lift(["p"]) == 1
    assert len(frontier.claim("one", 1, 5, 60, ["p"])) == 1
    assert frontier.lift(["p"]) == 0


def test_what_the_server_asked_for_is_kept(frontier):
    held(frontier, firm=600.0)
    assert frontier.lift(["p"]) == 1
    assert frontier.claim("one", 1, 5, 60, ["p"]) == []
    assert frontier.next_due(["p"]) == frontier.clock() + 600
    frontier.clock.now += 601
    assert len(frontier.claim("one", 1, 5, 60, ["p"])) == 1


def test_the_delay_between_requests_is_kept(frontier):
    (lease,) = frontier.claim("one", 1, 5, 60, ["p"])
    frontier.release(lease, 0.0, firm=frontier.clock() + 30)
    frontier.lift(["p"])
    assert frontier.claim("one", 1, 5, 60, ["p"]) == []


def test_another_portal_keeps_its_back_off(frontier):
    held(frontier)
    assert frontier.lift(["q"]) == 0
    assert frontier.claim("one", 1, 5, 60, ["p"]) == []


def test_a_host_on_the_same_server_is_freed_with_it(frontier):
    frontier.conn.execute("UPDATE host SET server = '203.113.1.1'")
    held(frontier)
    assert frontier.claim("one", 1, 5, 60, ["q"]) == []
    frontier.lift(["q"])
    assert len(frontier.claim("one", 1, 5, 60, ["q"])) == 1


def test_retry_counts_pages_and_hosts_and_names_who_asked_to_wait(frontier):
    assert control.retry(frontier, "p") == control.Retried()
    held(frontier, firm=600.0)
    found = control.retry(frontier, "p")
    assert (found.pages, found.hosts) == (0, 1)
    assert found.asked_to_wait == {"http://a.vn": frontier.clock() + 600}


def test_a_survey_after_a_kill_asks_nothing_of_a_host_it_has_no_page_of(frontier):
    """Not even robots.txt, which would go without the proxy of the portal that the page belongs to."""
    frontier.conn.execute("UPDATE page SET role = 'article'")
    frontier.claim("dead", 1, 5, 60, ["p"])
    frontier.end_leases(["dead"])
    frontier.roles = ("home",)
    (lease,) = frontier.claim("survey", 1, 5, 60, ["p"])
    assert lease.pages == []
    turns = HostTurns(SimpleNamespace())
    crawl = SimpleNamespace(ledger=frontier, worker=SimpleNamespace(name="survey"), names=["p"])
    Claims(crawl, turns, SimpleNamespace(), SimpleNamespace()).take(lease)
    assert len(turns) == 0
    frontier.roles = ()
    assert [page.url for page in frontier.claim("one", 1, 5, 60, ["p"])[0].pages] == ["http://a.vn/1"]
