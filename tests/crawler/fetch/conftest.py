"""Servers that tests of the wire need."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest


@dataclass
class Keeping:
    """A server that keeps connections open and gives its ``answers`` in turn, whatever is asked.

    After ``close_after`` answers a connection is closed, without a word that it will be.
    """

    port: int
    answers: list[bytes] = field(default_factory=list)
    close_after: int = 1000
    connections: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _KeepingHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        keeping: Keeping = self.server.keeping  # type: ignore[attr-defined]
        keeping.connections += 1
        for _ in range(keeping.close_after):
            if not _whole_request(self.request):
                return
            self.request.sendall(keeping.answers.pop(0))


def _whole_request(connection: socket.socket) -> bool:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(4096)
        if not piece:
            return False
        data += piece
    return True


@pytest.fixture
def keeping() -> Iterator[Keeping]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _KeepingHandler) as server:
        server.daemon_threads = True
        server.keeping = Keeping(server.server_address[1])  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server.keeping  # type: ignore[attr-defined]
        server.shutdown()
