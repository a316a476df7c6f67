"""Servers that misbehave, byte by byte, and a crawl of them in a process whose memory is measured."""

from __future__ import annotations

import socket
import socketserver
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.command_line import run_command
from tests.conftest import answer

Act = bytes | Callable[[socket.socket], None]
"""What a server does once it has read a request: sends these bytes, or does as it likes with the connection."""

QUICK = """
import atexit, pathlib, re, sys
from crawler.ledger import revisits
revisits.RETRY[:] = [0.1]  # one second try instead of three over 26 seconds
# the peak of this process alone: what getrusage tells includes that of the process it was forked from
peak = lambda: re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]
atexit.register(lambda: pathlib.Path(sys.argv.pop()).write_text(peak()))
from crawler.cli import main
main(sys.argv[1:-1])
"""


@dataclass(frozen=True)
class Case:
    """One kind of hostile behaviour: what the server does, the ledger's state afterwards, words of the reason."""

    name: str
    act: Act
    state: str
    says: str


NOT_FOUND = answer("không có", "404 Not Found")


@dataclass
class Hostile:
    """One server: ``acts`` by path; ``before`` comes even before a request is read."""

    port: int
    acts: dict[str, Act] = field(default_factory=dict)
    before: Callable[[socket.socket], None] | None = None
    fallback: Act = NOT_FOUND
    longest: float = 0.0
    """Seconds the longest connection lasted."""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        hostile: Hostile = self.server.hostile  # type: ignore[attr-defined]
        began = time.monotonic()
        with suppress(OSError):  # the client has had enough, which is the point
            self._act(hostile)
        hostile.longest = max(hostile.longest, time.monotonic() - began)

    def _act(self, hostile: Hostile) -> None:
        if hostile.before is not None:
            hostile.before(self.connection)
            return
        path = self.rfile.readline().split()[1].decode()
        while self.rfile.readline().strip():
            pass
        act = hostile.acts.get(path, hostile.fallback)
        self.connection.sendall(act) if isinstance(act, bytes) else act(self.connection)


@contextmanager
def serving(count: int = 1) -> Iterator[list[Hostile]]:
    """``count`` servers on 127.0.0.1, running."""
    with ExitStack() as stack:
        servers = []
        for _ in range(count):
            server = stack.enter_context(socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler))
            server.daemon_threads, server.block_on_close = True, False
            server.hostile = Hostile(server.server_address[1])  # type: ignore[attr-defined]
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            stack.callback(server.shutdown)
            servers.append(server.hostile)  # type: ignore[attr-defined]
        yield servers


@dataclass
class Crawled:
    """An archive after its crawl: what the command said, how it ended, and the most memory its process took."""

    folder: Path
    code: int = 0
    said: str = ""
    megabytes: float = 0.0

    @classmethod
    def of(cls, folder: Path, portals: dict[str, str], settings: dict[str, float]) -> Crawled:
        """Make an archive of ``portals`` (addresses by name) with ``settings`` under [politeness], and crawl it."""
        crawled = cls(folder)
        crawled.run("init")
        path = folder / "tinhuyen.toml"
        lines = [line for line in path.read_text().splitlines() if line.partition(" =")[0] not in settings]
        at = lines.index("[politeness]") + 1
        lines[at:at] = [f"{name} = {value}" for name, value in settings.items()]
        for name, url in portals.items():
            lines += [f'[portals."{name}"]', f'url = "{url}"', "allow_private = true"]
        path.write_text("\n".join(lines) + "\n")
        crawled._crawl()
        return crawled

    def _crawl(self) -> None:
        peak = self.folder.with_suffix(".kb")
        command = [sys.executable, "-c", QUICK, "--archive", str(self.folder), "crawl", "--delay", "0", str(peak)]
        pipe = subprocess.PIPE
        done = subprocess.run(
            command, stdout=pipe, stderr=subprocess.STDOUT, text=True, timeout=100, cwd=self.folder.parent, check=False
        )
        self.code, self.said, self.megabytes = done.returncode, done.stdout, int(peak.read_text()) / 1000

    def run(self, *args: str) -> str:
        return run_command("--archive", self.folder, *args, cwd=self.folder.parent).stdout

    def row(self, url: str) -> tuple[str, str] | None:
        """State and reason of a page."""
        with closing(sqlite3.connect(self.folder / "crawl.db")) as conn:
            return conn.execute("SELECT state, reason FROM page WHERE url = ?", (url,)).fetchone()

    def pages(self, base: str) -> list[tuple[str, str, str]]:
        """Address, state and reason of every page under ``base``."""
        with closing(sqlite3.connect(self.folder / "crawl.db")) as conn:
            return conn.execute("SELECT url, state, reason FROM page WHERE url LIKE ?", (base + "%",)).fetchall()

    def titles(self) -> set[str]:
        with closing(sqlite3.connect(self.folder / "archive.db")) as conn:
            return {title for (title,) in conn.execute("SELECT title FROM article")}


# what several cases do


def reset_after(data: bytes) -> Act:
    """Send ``data``, then break the connection off with a reset."""

    def act(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return act


def endless(start: bytes, piece: bytes) -> Act:
    """Send ``start``, then ``piece`` for as long as anyone listens."""

    def act(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(piece)

    return act


def silent_after(data: bytes) -> Act:
    """Send ``data``, then nothing until the client goes."""

    def act(connection: socket.socket) -> None:
        connection.sendall(data)
        wait_for_goodbye(connection)

    return act


def dripping(data: bytes, every: float) -> Act:
    """Send ``data``, then a byte now and then: always alive, never done."""

    def act(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.settimeout(every)
        while True:
            with suppress(TimeoutError):
                if not connection.recv(1):
                    return
            connection.sendall(b"x")

    return act


def wait_for_goodbye(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def links(*paths: str) -> bytes:
    """A page that links ``paths``."""
    items = "".join(
        f'<li><a href="{path}">Bài viết về công việc của xã, số {n}</a></li>' for n, path in enumerate(paths)
    )
    return f"<!doctype html><html><head><title>Xã Hòa An</title></head><body><ul>{items}</ul></body></html>".encode()
