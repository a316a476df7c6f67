"""Through a proxy: recorded as sent, the proxy's address noted, its password not."""

from __future__ import annotations

import socket
import socketserver
import threading
from contextlib import suppress

import pytest

from tests.conftest import answer
from tests.crawler.crawl.test_tls import TlsServer, serving
from tests.crawler.fetch.certificates import Authority
from tests.crawler.fetch.fetching import fetch

pytestmark = pytest.mark.slow


class _ProxyHandler(socketserver.StreamRequestHandler):
    """Answers plain requests itself, as from a cache, and opens CONNECT tunnels to ``server.target``."""

    def handle(self) -> None:
        head = [self.rfile.readline()]
        while head[-1].strip():
            head.append(self.rfile.readline())
        self.server.seen.append(b"".join(head))
        if not head[0].startswith(b"CONNECT"):
            self.wfile.write(self.server.says or answer("qua proxy"))
        elif self.server.says:
            self.wfile.write(self.server.says)
        else:
            self._tunnel()

    def _tunnel(self) -> None:
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
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _ProxyHandler) as server:
        server.daemon_threads = True
        server.seen, server.says, server.target = [], None, None
        server.url = f"http://nguoi:matkhau@127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


def test_a_plain_request_is_recorded_without_the_password_and_the_name_is_left_to_the_proxy(proxy):
    (fetched,) = fetch("http://khong-co.invalid/tin", proxy=proxy.url, allow_private=False)
    assert b"proxy-authorization: basic" in proxy.seen[0].lower()
    assert b"authorization" not in fetched.request.lower()
    assert fetched.request.startswith(b"GET http://khong-co.invalid/tin HTTP/1.1\r\n")
    assert fetched.request.endswith(b"\r\n\r\n")
    assert (fetched.response, fetched.address) == (answer("qua proxy"), "127.0.0.1")


@pytest.mark.parametrize("rung", ["unverified", "legacy"])
def test_a_tunnel_is_secured_at_any_rung_and_what_goes_through_it_is_recorded(proxy, tmp_path, rung):
    with TlsServer(serving(Authority(tmp_path / "any").root_with_key())) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        proxy.target = server.server_address[1]
        (fetched,) = fetch("https://khong-co.invalid/", proxy=proxy.url, tls=rung, allow_private=False)
        server.shutdown()
    assert proxy.seen[0].startswith(b"CONNECT khong-co.invalid:443 ")
    assert fetched.error is None
    assert fetched.request.startswith(b"GET / HTTP/1.1\r\n") and b"uthorization" not in fetched.request
    assert fetched.response == server.loopback.routes["/"]


def test_a_proxy_that_opens_no_tunnel_says_so(proxy):
    proxy.says = b"HTTP/1.1 403 Forbidden\r\n\r\n"
    (fetched,) = fetch("https://khong-co.invalid/", proxy=proxy.url)
    assert fetched.error.startswith("TunnelError") and "403" in fetched.error
