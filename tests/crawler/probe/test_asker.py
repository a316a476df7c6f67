"""A few pages outside of a crawl: robots.txt first, the delay kept, redirects and odd servers borne, the TLS ladder gone
down, and a portal's proxy asked in its place."""

from __future__ import annotations

import gzip
import json
import socket
import socketserver
import ssl
import threading
from contextlib import suppress

import pytest
from click.testing import CliRunner

from crawler.cli import main
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


class _Proxy(socketserver.StreamRequestHandler):
    """Answers plain requests itself, as from a cache, and opens tunnels to ``server.target``."""

    def handle(self) -> None:
        head = [self.rfile.readline()]
        while head[-1].strip():
            head.append(self.rfile.readline())
        self.server.seen.append(b"".join(head))
        if self.server.says or not head[0].startswith(b"CONNECT"):
            self.wfile.write(self.server.says or answer("qua proxy"))
            return
        with socket.create_connection(("127.0.0.1", self.server.target)) as far:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=_pump, args=(far, self.connection), daemon=True).start()
            _pump(self.connection, far)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Proxy) as server:
        server.daemon_threads = True
        server.seen, server.says, server.target = [], None, None
        server.netloc = f"127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


def through(proxy, login: str = "user:p%40ss@", **named) -> Asker:
    return Asker(delay=0, timeout=5, proxy=f"http://{login}{proxy.netloc}", **named)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nmot dong le\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX Powered By: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type : text/html\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: a\0b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n: a\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n",
        b"HTTP/1.1 200\nServer: x\n\n",
        "HTTP/1.1 200 Tốt\r\nX-A: tốt\r\n\r\n".encode(),
    ],
    ids=["no-colon", "blank-in-name", "blank-before-colon", "zero", "identity", "no-name", "torn", "bare-lf", "utf-8"],
)
def test_an_odd_head_that_a_crawl_takes_is_an_answer(loopback, head):
    loopback.routes["/"] = head + b"<p>tin</p>"
    got = Asker(delay=0, timeout=5, allow_private=True).get(loopback.base + "/")
    assert (got.status, got.error) == (200, None)
    assert got.body.endswith(b"<p>tin</p>")


def test_a_proxy_is_asked_by_the_whole_address_and_the_name_is_left_to_it(proxy):
    got = through(proxy).get("http://khong-co.invalid/tin?a=1|2")
    assert (got.body, got.error) == (b"qua proxy", None)
    robots, page = proxy.seen
    assert robots.startswith(b"GET http://khong-co.invalid/robots.txt HTTP/1.1\r\n")
    assert page.startswith(b"GET http://khong-co.invalid/tin?a=1|2 HTTP/1.1\r\n")
    assert b"host: khong-co.invalid\r\n" in page.lower()
    assert b"proxy-authorization: basic dxnlcjpwqhnz\r\n" in page.lower()


def test_a_tunnel_is_opened_for_https_and_the_password_ends_at_the_proxy(proxy, tmp_path):
    with TlsServer(serving(Authority(tmp_path / "any").root_with_key())) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        proxy.target = server.server_address[1]
        ask = through(proxy)
        got = ask.get("https://khong-co.invalid/")
        server.shutdown()
    assert got.is_page, got.error
    assert ask.tls == {"https://khong-co.invalid": "unverified"}
    assert all(head.startswith(b"CONNECT khong-co.invalid:443 ") for head in proxy.seen)
    assert all(b"proxy-authorization: basic dxnlcjpwqhnz\r\n" in head.lower() for head in proxy.seen)
    assert server.loopback.seen
    assert not any("proxy-authorization" in seen.headers for seen in server.loopback.seen)


@pytest.mark.parametrize("address", ["http://khong-co.invalid/", "https://khong-co.invalid/"])
def test_a_proxy_that_wants_another_password_is_no_answer_of_the_portal(proxy, address):
    proxy.says = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    got = through(proxy).get(address)
    assert got.status == 0
    assert f"the proxy {proxy.netloc}" in got.error and "407" in got.error
    assert "p@ss" not in got.error and "p%40ss" not in got.error


def test_a_proxy_that_is_down_is_named_and_not_the_portal(free_port):
    got = Asker(delay=0, timeout=5, proxy=f"http://user:bi-mat@127.0.0.1:{free_port}").get("http://khong-co.invalid/")
    assert got.error == f"by the proxy 127.0.0.1:{free_port}: it refuses the connection"


def test_a_portal_of_the_archive_is_extracted_and_probed_by_its_proxy(proxy, tmp_path):
    run = CliRunner().invoke
    kho = tmp_path / "kho"
    assert run(main, ["--archive", str(kho), "init"]).exit_code == 0
    config = kho / "tinhuyen.toml"
    entry = f'[portals.xa]\nurl = "http://xa.invalid/"\nproxy = "http://{proxy.netloc}"\n'
    config.write_text(f"{config.read_text()}\n{entry}")
    title = "Xã Hòa An khai giảng lớp học nghề cho lao động nông thôn"
    text = (
        f"<html><head><meta property='article:published_time' content='2024-03-05T08:00:00+07:00'></head><body><article><h1>{title}</h1>"
        + f"<p>{title}, có ba mươi học viên tham gia.</p>" * 9
    )
    proxy.says = answer(text + "</article></body></html>")
    done = run(main, ["--archive", str(kho), "extract", "http://xa.invalid/tin/bai-1.html", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["title"] == title
    seen = len(proxy.seen)
    run(main, ["--archive", str(kho), "probe", "http://xa.invalid/", "--delay", "0"])
    assert len(proxy.seen) > seen
    elsewhere = run(main, ["--archive", str(kho), "extract", "http://noi-khac.invalid/tin/bai-1.html"])
    assert "does not resolve" in elsewhere.stderr
