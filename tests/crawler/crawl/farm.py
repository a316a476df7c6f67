"""Several loopback hosts, one address each (127.0.0.2, .3 …), that note when every request began and ended."""

from __future__ import annotations

import contextlib
import itertools
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.conftest import Route, Seen, answer


@dataclass
class Host:
    """One host: ``log`` holds (path, began, ended) in monotonic seconds, ``pause`` is how long each answer takes."""

    address: str
    port: int
    routes: dict[str, Route] = field(default_factory=dict)
    fallback: Callable[[Seen], bytes] | None = None
    log: list[tuple[str, float, float]] = field(default_factory=list)
    pause: float = 0.0
    before: Callable[[str], None] | None = None
    """Called with the path before each answer: where a test kills a crawl."""

    @property
    def base(self) -> str:
        return f"http://{self.address}:{self.port}"

    def asked(self, path: str) -> int:
        return sum(entry[0] == path for entry in self.log)

    def gaps(self) -> list[float]:
        """Seconds between the beginnings of requests that follow each other."""
        starts = sorted(began for _, began, _ in self.log)
        return [b - a for a, b in itertools.pairwise(starts)]

    def overlaps(self) -> int:
        """How many requests began before the one before them had been answered."""
        spans = sorted((began, ended) for _, began, ended in self.log)
        return sum(later[0] < earlier[1] for earlier, later in itertools.pairwise(spans))


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        host: Host = self.server.host  # type: ignore[attr-defined]
        with contextlib.suppress(OSError):  # the other side was killed, which is what some tests are about
            while line := self.rfile.readline().decode("latin-1").strip():
                if not self._answer(host, line):
                    return

    def _answer(self, host: Host, line: str) -> bool:
        """Answer one request; whether the connection stays open."""
        began = time.monotonic()
        headers = {}
        while (header := self.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        path = line.split()[1]
        body = self.rfile.read(int(headers.get("content-length", 0)))
        seen = Seen(path, headers, host.asked(path) + 1, line.split()[0], body)
        if host.before is not None:
            host.before(path)
        if host.pause:
            threading.Event().wait(host.pause)
        route = host.routes.get(path) or host.fallback or answer("không có", "404 Not Found")
        data = route(seen) if callable(route) else route
        host.log.append((path, began, time.monotonic()))
        self.wfile.write(data)
        return b"\r\nConnection: close\r\n" not in data[:500] and data.startswith(b"HTTP/")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def farm(count: int) -> Iterator[list[Host]]:
    """``count`` hosts on loopback addresses of their own."""
    with contextlib.ExitStack() as stack:
        hosts = []
        for nth in range(count):
            server = stack.enter_context(_Server((f"127.0.0.{nth + 2}", 0), _Handler))
            host = Host(*server.server_address[:2])
            server.host = host  # type: ignore[attr-defined]
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            stack.callback(server.shutdown)
            hosts.append(host)
        yield hosts
