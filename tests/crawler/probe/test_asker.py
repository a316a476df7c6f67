"""A few pages outside of a crawl: robots.txt first, the delay kept, redirects and odd servers borne, the TLS ladder gone down."""

from __future__ import annotations

import gzip
import ssl
import threading

import pytest

from crawler.probe.asker import Asker
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from tests.conftest import answer
from tests.crawler.crawl.test_tls import OLDEST, TlsServer, serving
from tests.crawler.fetch.certificates import Authority


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def asker(delay: float = 1.0, timeout: float = 5.0, allow_private: bool = True) -> tuple[Asker, Clock]:
    clock = Clock()
    return Asker(delay=delay, timeout=timeout, allow_private=allow_private, clock=clock, sleep=clock.sleep), clock


def test_robots_is_read_once_and_the_delay_lies_between_any_two_requests(loopback):
    loopback.routes = {"/a": answer("một"), "/b": answer("hai")}
    ask, clock = asker()
    assert (ask.get(loopback.base + "/a").body, ask.get(loopback.base + "/b").body) == ("một".encode(), b"hai")
    assert [seen.path for seen in loopback.seen] == ["/robots.txt", "/a", "/b"]
    assert clock.slept == [1.0, 1.0]
    assert ask.robots[loopback.base][1] == Reason(Code.NO_ROBOTS, status=404)


def test_a_longer_crawl_delay_is_kept_and_what_is_forbidden_is_not_asked(loopback):
    loopback.routes["/robots.txt"] = answer("User-agent: *\nCrawl-delay: 4\nDisallow: /kin\n", kind="text/plain")
    loopback.routes["/a"] = answer("một")
    ask, clock = asker()
    ask.get(loopback.base + "/a")
    assert ask.get(loopback.base + "/kin/x").error == "robots.txt forbids it"
    assert (clock.slept, loopback.asked("/kin/x")) == ([4.0], 0)


@pytest.mark.parametrize("status", ["500 Internal Server Error", "503 Service Unavailable"])
def test_nothing_is_asked_of_a_host_whose_robots_txt_does_not_answer(loopback, status):
    loopback.routes = {"/robots.txt": answer("", status), "/": answer("trang chủ")}
    got = asker()[0].get(loopback.base + "/")
    assert not got.is_page and f"robots.txt answers {status[:3]}; nothing of the host" in got.error
    assert loopback.asked("/") == 0


def test_redirects_are_followed_and_a_circle_ends(loopback):
    loopback.routes = {
        "/a": answer("", "302 Found", Location="/b"),
        "/b": answer("tới nơi"),
        "/x": answer("", "301 Moved Permanently", Location="/y"),
        "/y": answer("", "301 Moved Permanently", Location="/x"),
    }
    ask, _ = asker()
    there = ask.get(loopback.base + "/a")
    assert (there.url, there.is_page, there.hops) == (loopback.base + "/b", True, [loopback.base + "/a"])
    assert "without end" in ask.get(loopback.base + "/x").error


def test_a_private_address_is_refused_unless_permitted(loopback):
    assert "private address" in asker(allow_private=False)[0].get(loopback.base + "/").error
    assert loopback.seen == []


def test_a_packed_page_is_unpacked_and_a_missing_host_is_told(loopback, free_port):
    loopback.routes["/z"] = answer(gzip.compress("nén".encode()), Content_Encoding="gzip")
    assert asker()[0].get(loopback.base + "/z").body == "nén".encode()
    assert "refuses the connection" in asker()[0].get(f"http://127.0.0.1:{free_port}/").error
    assert "does not resolve" in asker()[0].get("http://khong-co.invalid/").error


@pytest.mark.parametrize(
    ("newest", "rung"),
    [(None, "unverified"), (ssl.TLSVersion.TLSv1, "legacy")],
    ids=["self-signed", "tls-1.0"],
)
def test_the_ladder_is_gone_down_and_the_rung_is_told(tmp_path, newest, rung):
    context = serving(Authority(tmp_path / "self").root_with_key(), newest=newest, ciphers=newest and OLDEST)
    with TlsServer(context) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        ask, _ = asker(delay=0)
        got = ask.get(f"https://127.0.0.1:{server.loopback.port}/")
        server.shutdown()
    assert got.is_page, got.error
    assert list(ask.tls.values()) == [rung]
