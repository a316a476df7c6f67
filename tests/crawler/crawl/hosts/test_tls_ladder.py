"""When a host goes down the TLS ladder, when it stays, and when it begins at the top again."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from crawler.crawl.hosts import tls_ladder
from crawler.fetch.tls import BREAKS, says_why
from crawler.health.certificates import turned_bad
from crawler.ledger.frontier import Ledger
from crawler.ledger.rows import HostState

HOST = "https://xahoa.gov.vn"


@pytest.mark.parametrize(
    ("reason", "speaks"),
    [
        ("certificate verify failed", True),
        ("CERTIFICATE VERIFY FAILED", True),
        ("unsupported protocol", True),
        ("tlsv1 alert protocol version", True),
        ("sslv3 alert handshake failure", True),
        ("dh key too small", True),
        ("ee key too small", True),
        ("ca md too weak", True),
        ("unsafe legacy renegotiation disabled", True),
        ("no shared cipher", True),
        ("unexpected eof while reading", False),
        ("tlsv1 alert internal error", False),
        ("wrong version number", False),
        ("packet length too long", False),
        ("decryption failed or bad record mac", False),
        ("", False),
        (None, False),
    ],
)
def test_openssl_speaks_of_the_servers_tls_or_of_one_broken_exchange(reason, speaks):
    assert says_why(reason) is speaks


def test_what_tls_itself_says_takes_a_host_down_one_rung_at_once():
    host = HostState(HOST)
    assert tls_ladder.may_step(host, "verified", "certificate verify failed")
    assert tls_ladder.step_down(host, "certificate verify failed", "not to be trusted")
    assert (host.tls, host.tls_why) == ("unverified", "not to be trusted")


def test_a_handshake_that_breaks_off_is_tried_again_where_it_stood():
    host = HostState(HOST)
    assert [tls_ladder.may_step(host, "verified", None) for _ in range(BREAKS - 1)] == [False] * (BREAKS - 1)
    assert host.tls == "verified"
    tls_ladder.held(host, "verified", 1e9)
    assert host.tls_breaks == 0


def test_one_that_breaks_off_again_is_tried_at_the_last_rung():
    host = HostState(HOST)
    tried = [tls_ladder.may_step(host, "verified", None) for _ in range(BREAKS)]
    assert tried[-1] and tls_ladder.step_down(host, None, "broken off") and host.tls == "legacy"


@pytest.mark.parametrize("rung", ["verified", "unverified", "legacy"])
def test_a_rung_that_was_reached_is_not_left_for_any_number_of_broken_handshakes(rung):
    host = HostState(HOST, tls=rung)
    tls_ladder.held(host, rung, 1e9)
    assert not any(tls_ladder.may_step(host, rung, None) for _ in range(50))


def test_an_answer_to_an_older_question_moves_nothing():
    host = HostState(HOST, tls="unverified")
    assert not tls_ladder.may_step(host, "verified", "certificate verify failed")


def test_below_the_last_rung_the_host_begins_at_the_top():
    host = HostState(HOST, tls="legacy")
    assert tls_ladder.may_step(host, "legacy", None) and not tls_ladder.step_down(host, None, "broken off")
    assert (host.tls, host.tls_why) == ("verified", None)


def test_each_crawl_begins_at_the_top_and_only_once():
    host = HostState(HOST, tls="legacy", tls_held="legacy", tls_at=50.0)
    tls_ladder.begin_crawl(host, 40.0, 60.0)
    assert host.tls == "legacy"
    tls_ladder.begin_crawl(host, 100.0, 101.0)
    assert (host.tls, host.tls_held, host.tls_at) == ("verified", None, 101.0)


def test_what_holds_of_a_host_outlives_the_crawl_and_a_certificate_turned_bad_is_told(tmp_path):
    frontier = Ledger(tmp_path / "crawl.db")
    with closing(frontier.conn), frontier.write() as conn:
        conn.execute("INSERT INTO host (origin) VALUES (?)", (HOST,))
        host = HostState(HOST)
        assert tls_ladder.held(host, "verified", 1e9) and not tls_ladder.held(host, "verified", 1e9 + 60)
        frontier.save_host(host)
        assert turned_bad(conn, HOST + "/") is None
        tls_ladder.step_down(host, "certificate verify failed", "self-signed certificate")
        frontier.save_host(host)
        told = turned_bad(conn, "http://xahoa.gov.vn/")
        assert "valid on 2001-09-09" in told and "self-signed certificate" in told and "unverified" in told
        tls_ladder.begin_crawl(host, 2e9, 2e9)
        assert tls_ladder.held(host, "verified", 2e9) and host.tls_why is None
        frontier.save_host(host)
        assert turned_bad(conn, HOST + "/") is None


def test_a_host_that_never_was_verified_is_no_news(tmp_path):
    frontier = Ledger(tmp_path / "crawl.db")
    with closing(frontier.conn) as conn:
        conn.execute("INSERT INTO host (origin, tls) VALUES (?, 'legacy')", (HOST,))
        assert isinstance(conn, sqlite3.Connection) and turned_bad(conn, HOST + "/") is None
