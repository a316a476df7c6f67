"""Connection limits, on a real server on loopback: who never ends a head or never reads is let go."""

from __future__ import annotations

import asyncio
import resource
import socket
import threading

import pytest
import uvicorn

from archive.site.server import connections
from archive.site.server.connections import BoundedConnection, connection_limit

HEAD = b"GET /%b HTTP/1.1\r\nHost: x\r\n"


async def app(scope, receive, send):
    size = int(scope["path"].strip("/") or 2)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % size)]})
    await send({"type": "http.response.body", "body": b"x" * size})


@pytest.fixture
def port(monkeypatch):
    """A server whose limits are those a test sets before it connects."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(connections, "STALLED_SECONDS", 0.2)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    server = uvicorn.Server(
        uvicorn.Config(app, http=BoundedConnection, ws="none", lifespan="off", log_level="critical")
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    listener.close()


def connected(port: int, sent: bytes = b"", buffer: int | None = None) -> socket.socket:
    client = socket.socket()
    if buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.settimeout(10)
    client.connect(("127.0.0.1", port))
    client.sendall(sent)
    return client


def is_let_go(client: socket.socket) -> bool:
    """Reads until the other side ends the connection; a time-out fails the test."""
    try:
        while client.recv(1 << 20):
            pass
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing sent"),
        pytest.param(HEAD % b"" + b"X-A: ", id="head never ends"),
        pytest.param(HEAD % b"" + b"\r\n", id="silent after an answer"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\nabc", id="body never ends"),
    ],
)
def test_a_client_that_sends_no_more_is_let_go(port, sent):
    with connected(port, sent) as client:
        assert is_let_go(client)


def test_a_client_that_never_reads_is_let_go_and_its_answer_forgotten(port):
    with connected(port, HEAD % b"30000000" + b"\r\n", buffer=4096) as client:
        client.recv(1)  # the answer has begun
        while BoundedConnection.open:  # ends when the server gives up; the test's own time limit stands behind it
            threading.Event().wait(0.02)
        received = 0
        try:
            while piece := client.recv(1 << 20):
                received += len(piece)
        except ConnectionResetError:
            pass
        assert received < 30_000_000


def test_the_largest_unread_answer_goes_when_all_of_them_are_too_much(port, monkeypatch):
    monkeypatch.setattr(connections, "STALLED_SECONDS", 60)
    monkeypatch.setattr(connections, "UNREAD_BYTES", 1_000_000)
    with connected(port, HEAD % b"30000000" + b"\r\n", buffer=4096) as client:
        assert is_let_go(client)


def test_more_connections_than_the_limit_cost_the_oldest_that_waits(port, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 60)
    monkeypatch.setattr(BoundedConnection, "limit", 2)
    first, second = connected(port), connected(port)
    with first, second, connected(port, HEAD % b"" + b"\r\n") as third:
        assert is_let_go(first)
        assert third.recv(100).startswith(b"HTTP/1.1 200")


def test_the_limit_leaves_files_for_the_databases():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        limit = connection_limit()
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert 16 <= limit <= connections.CONNECTIONS
        assert soft == resource.RLIM_INFINITY or limit + connections.SPARE_FILES <= soft
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
