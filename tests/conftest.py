"""What many tests need: a loopback server that answers exactly the bytes it is told to, and the command line."""

from __future__ import annotations

import compileall
import contextlib
import socket
import socketserver
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings

from tests.command_line import run_command

ROOT = Path(__file__).parent.parent


# How long an example takes says how busy the machine is, not whether what it tries holds.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the packages once: hundreds of tests start the command line, and where Python is told to keep no bytecode
    (``PYTHONDONTWRITEBYTECODE``, as container images often have it) each start would compile all of it."""
    if not hasattr(config, "workerinput"):  # one process of those that share the tests
        for package in ("archive", "crawler"):
            compileall.compile_dir(ROOT / package, quiet=2)


Route = bytes | Callable[["Seen"], bytes]


@dataclass
class Seen:
    """One request as the server saw it."""

    path: str
    headers: dict[str, str]
    nth: int
    """How many times this path was asked for, from 1."""
    method: str = "GET"
    body: bytes = b""


@dataclass
class Loopback:
    """A server on 127.0.0.1. ``routes`` maps a path to the whole answer, head and body; ``seen`` lists the requests."""

    port: int
    routes: dict[str, Route] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def asked(self, path: str) -> int:
        return sum(request.path == path for request in self.seen)


def answer(
    body: bytes | str = b"", status: str = "200 OK", kind: str = "text/html; charset=utf-8", **headers: str
) -> bytes:
    """A whole HTTP answer; keyword names become header names with dashes."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + data


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Loopback = self.server.loopback  # type: ignore[attr-defined]
        line = self.rfile.readline().decode("latin-1")
        if not line.strip():
            return
        headers = {}
        while (header := self.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        path = line.split()[1]
        seen = Seen(path, headers, server.asked(path) + 1)
        server.seen.append(seen)
        route = server.routes.get(path, answer("không có", "404 Not Found"))
        data = route(seen) if callable(route) else route
        with contextlib.suppress(OSError):  # the client has had enough, which is what some tests are about
            self.wfile.write(data)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """A loopback server of one's own; every connection carries one request."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.loopback = Loopback(server.server_address[1])  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server.loopback  # type: ignore[attr-defined]
        server.shutdown()


@pytest.fixture
def free_port() -> int:
    """A port nothing listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture
def tinhuyen(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command on the archive ``tmp_path / "kho"`` in a process of its own.

    Crawls of it do not learn, which costs seconds of computing: what is learnt has tests of its own.
    """
    settings = tmp_path / "kho" / "tinhuyen.toml"

    def run(*args: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        done = run_command("--archive", tmp_path / "kho", *args, cwd=tmp_path, timeout=timeout)
        if args[0] == "init" and settings.is_file():
            settings.write_text(f"learn = false\n{settings.read_text('utf-8')}", "utf-8")
        return done

    return run
