"""The TLS ladder against real servers: each rung reaches what it should, and every capture says which one it was.

All servers are crawled at once; each is a portal of its own on 127.0.0.1.
"""

from __future__ import annotations

import socket
import socketserver
import sqlite3
import ssl
import subprocess
import threading
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from OpenSSL.SSL import WantReadError

from archive.warc.read import read_exchange
from crawler.fetch.tls import LegacyConnection, LegacyPolicy
from tests.command_line import run_command
from tests.conftest import Loopback, _Handler, _Server, answer
from tests.crawler.fetch.certificates import Authority

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("tls")]


def home(port: int) -> bytes:
    """A home page unlike those of the others, so that it is stored and not noted as a repetition."""
    return f"<!doctype html><html><head><title>Xã {port}</title></head><body><p>Trang chủ của xã.</p></body></html>".encode()


OLDEST = "ALL:@SECLEVEL=0"


class TlsServer(_Server):
    """Answers over TLS. The handshake is made in the connection's own thread: one that fails holds up no other."""

    def __init__(self, context: ssl.SSLContext, largest_hello: int = 1 << 14) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.context, self.largest_hello = context, largest_hello
        port = self.server_address[1]
        self.loopback = Loopback(port, routes={"/": answer(home(port))})

    def finish_request(self, request, client_address):
        if len(request.recv(self.largest_hello + 1, socket.MSG_PEEK)) > self.largest_hello:
            return
        with suppress(OSError), self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)
            with suppress(OSError):
                secured.unwrap()


class _PlainHandler(socketserver.BaseRequestHandler):
    """What many web servers say to TLS on a port that has none."""

    def handle(self) -> None:
        self.request.recv(4096)
        self.request.sendall(answer("không hiểu", "400 Bad Request"))


def serving(chain: Path, *, ciphers: str | None = None, newest: ssl.TLSVersion | None = None, dh: Path | None = None):
    """A server's context that shows ``chain`` (certificates and key in one file)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if ciphers:
        context.set_ciphers(ciphers)
    if newest:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = newest
    if dh:
        context.load_dh_params(dh)
    context.load_cert_chain(chain)
    return context


SHORT_DH = """\
-----BEGIN DH PARAMETERS-----
MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR
Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL
/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC
-----END DH PARAMETERS-----
"""  # 1,024 bits: the second Oakley group, which many old servers are set to


def contexts(folder: Path, authority: Authority) -> dict[str, ssl.SSLContext]:
    """The servers, by name."""
    (folder / "dh.pem").write_text(SHORT_DH)
    good = authority.issue("good")
    rsa = authority.issue("rsa", rsa_bits=2048)
    with pytest.warns(DeprecationWarning):
        oldest, older = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        return {
            "good": serving(good),
            "expired": serving(authority.issue("expired", days=-1)),
            "wrong-name": serving(authority.issue("wrong-name", name="khac.gov.vn")),
            "self-signed": serving(Authority(folder / "self").root_with_key()),
            "incomplete": serving(authority.intermediate().issue("incomplete", whole_chain=False)),
            "tls-1.0": serving(rsa, ciphers=OLDEST, newest=oldest),
            "tls-1.1": serving(rsa, ciphers=OLDEST, newest=older),
            "weak-dh": serving(
                rsa, ciphers="DHE-RSA-AES128-SHA:@SECLEVEL=0", newest=ssl.TLSVersion.TLSv1_2, dh=folder / "dh.pem"
            ),
            "no-forward-secrecy": serving(rsa, ciphers="AES128-SHA:@SECLEVEL=0", newest=ssl.TLSVersion.TLSv1_2),
            "short-key": serving(authority.issue("short-key", rsa_bits=1024), ciphers=OLDEST),
            "no-common-cipher": serving(rsa, ciphers="NULL-SHA256:@SECLEVEL=0", newest=ssl.TLSVersion.TLSv1_2),
        }


REACHED = {
    "good": "verified",
    "expired": "unverified",
    "wrong-name": "unverified",
    "self-signed": "unverified",
    "incomplete": "unverified",
    "tls-1.0": "legacy",
    "tls-1.1": "legacy",
    "weak-dh": "legacy",
    "no-forward-secrecy": "verified",
    "short-key": "unverified",
    "drops-modern": "legacy",  # old middleboxes close without a word when the first packet holds post-quantum keys
}
"""By which rung each server is reached."""

REFUSED = {
    "no-common-cipher": "no TLS connection to",
    "plain": "what it speaks there is not TLS",
}
"""Servers no rung reaches, and what is said of them."""


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Ports by name, each a running server; the environment trusts the authority while they run."""
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority(folder / "authority")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority.root))
        running: dict[str, _Server] = {
            name: TlsServer(context) for name, context in contexts(folder, authority).items()
        }
        running["drops-modern"] = TlsServer(serving(authority.issue("drops")), largest_hello=600)
        running["plain"] = _Server(("127.0.0.1", 0), _PlainHandler)
        for server in running.values():
            stack.enter_context(server)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            stack.callback(server.shutdown)
        yield {name: server.server_address[1] for name, server in running.items()}


@pytest.fixture(scope="module")
def crawled(servers, tmp_path_factory):
    """An archive with every server as a portal, crawled once."""
    folder = tmp_path_factory.mktemp("crawl") / "kho"
    archive = Crawled(folder)
    assert archive.run("init").returncode == 0
    path = folder / "tinhuyen.toml"
    path.write_text(path.read_text().replace("timeout = 60.0", "timeout = 5"))
    with path.open("a") as config:
        for name, port in servers.items():
            config.write(f'[portals."{name}"]\nurl = "https://127.0.0.1:{port}/"\nallow_private = true\n')
    archive.told = archive.run("crawl", "--delay", "0")
    archive.ports = servers
    return archive


class Crawled:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports: dict[str, int] = {}

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return run_command("--archive", self.folder, *args)

    def origin(self, name: str) -> str:
        return f"https://127.0.0.1:{self.ports[name]}"

    def rows(self, database: str, sql: str, *values: str) -> list[tuple]:
        with closing(sqlite3.connect(self.folder / database)) as conn:
            return conn.execute(sql, values).fetchall()


@pytest.mark.parametrize(("name", "rung"), REACHED.items(), ids=REACHED)
def test_a_host_is_reached_by_the_first_rung_that_works_and_its_captures_say_so(crawled, name, rung):
    captures = crawled.rows(
        "archive.db", "SELECT url, status, secure FROM capture WHERE url LIKE ?", crawled.origin(name) + "/%"
    )
    assert (crawled.origin(name) + "/", 200, rung) in captures, crawled.told.stdout
    assert {secure for _, _, secure in captures} == {rung}
    assert crawled.rows("crawl.db", "SELECT tls, failures FROM host WHERE origin = ?", crawled.origin(name)) == [
        (rung, 0)
    ]


@pytest.mark.parametrize(("name", "says"), REFUSED.items(), ids=REFUSED)
def test_a_host_no_rung_reaches_says_why_and_is_tried_from_the_top_next_time(crawled, name, says):
    told = crawled.run("why", crawled.origin(name) + "/").stdout
    assert says in told and "at any setting" in told
    assert crawled.rows("crawl.db", "SELECT tls FROM host WHERE origin = ?", crawled.origin(name)) == [("verified",)]


def test_the_bytes_under_old_tls_are_those_the_server_sent(crawled):
    url = crawled.origin("tls-1.0") + "/"
    ((file, offset, length),) = crawled.rows(
        "archive.db", "SELECT file, offset, length FROM capture WHERE url = ?", url
    )
    stored = read_exchange(crawled.folder / "warc", file, offset, length)
    assert stored.payload == home(crawled.ports["tls-1.0"])


def test_nothing_of_it_is_an_error_of_ours(crawled):
    assert "Traceback" not in crawled.told.stdout + crawled.told.stderr
    assert "problem" not in crawled.told.stdout


def test_a_name_no_certificate_could_have_is_still_connected_to():
    for name in (b"a_b.thaibinh.gov.vn", b"a" * 70 + b".gov.vn", b"127.0.0.1", b""):
        connection = LegacyConnection(LegacyPolicy()._context, name)
        with pytest.raises(WantReadError):
            connection.do_handshake()
        assert connection.bio_read(1 << 16)
