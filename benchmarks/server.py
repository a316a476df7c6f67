"""A fast HTTP/1.1 server for a made-up site, in a process of its own, on one loopback address a host.

It keeps connections alive, answers with one write a request (asyncio sets TCP_NODELAY), and may wait before each answer.
Linux answers on all of 127.0.0.0/8; elsewhere the addresses must be set up first. Moments are monotonic seconds, the
same clock in every process of the machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import resource
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from portal_site import Spec, build

RECEIVED, PAGES, FIRST, LAST, HOSTS = range(5)
"""What the meter counts since it was last reset: requests, answers 200, moments of the first request and the last answer,
hosts asked for a page. robots.txt is a request and nothing else."""

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
STARTED_WITHIN = 120.0  # seconds a large site may take to be written


@dataclass(frozen=True)
class Request:
    """One request as the server saw it: when it came, when its answer was handed to the system."""

    host: str
    path: str
    began: float
    ended: float


class Site:
    """The handle of a server that runs: its addresses, its meter, its log."""

    def __init__(self, spec: Spec, bases: list[str], pages: int, meter: Any, control: Connection) -> None:
        self.bases = bases
        self.pages = pages
        self.articles = spec.hosts * spec.articles
        self._meter = meter
        self._control = control

    def reset(self) -> None:
        """Forget what was counted. For when nobody asks."""
        self._meter[:] = [0.0] * len(self._meter)

    def count(self, what: int) -> int:
        return int(self._meter[what])

    @property
    def seconds(self) -> float:
        """From the first request to the last answer."""
        return self._meter[LAST] - self._meter[FIRST]

    def log(self) -> list[Request]:
        """Every request so far in order of arrival, if the server was told to keep them."""
        self._control.send("log")
        return sorted((Request(*entry) for entry in self._control.recv()), key=lambda request: request.began)

    def cpu(self) -> float:
        """CPU seconds the server has used since it listens."""
        self._control.send("cpu")
        return self._control.recv()


@contextlib.contextmanager
def serving(spec: Spec, *, latency: float = 0.0, log: bool = False) -> Iterator[Site]:
    """A server of the site while the block runs; ``latency`` in seconds is waited before each answer."""
    ours, theirs = multiprocessing.Pipe()
    meter = multiprocessing.Array("d", 5, lock=False)
    process = multiprocessing.Process(target=_main, args=(spec, latency, log, meter, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(STARTED_WITHIN):
            raise RuntimeError("the benchmark's server did not start")
        bases, pages = ours.recv()
        yield Site(spec, bases, pages, meter, ours)
    finally:
        process.kill()
        process.join()


def addresses(hosts: int) -> list[str]:
    """Loopback addresses, one a host."""
    return [f"127.1.{nth // 200 + 1}.{nth % 200 + 1}" for nth in range(hosts)]


def pin(process: int, cores: set[int]) -> None:
    """Keep a process (0: this one) on some of the machine's cores, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(process, cores & set(range(os.cpu_count() or 1)) or {0})


class Answering(asyncio.Protocol):
    """One connection. Requests have no bodies and come one at a time, as a crawler sends them."""

    def __init__(self, pages: dict[str, dict[bytes, bytes]], latency: float, meter: Any, log: list | None) -> None:
        self.pages = pages
        self.latency = latency
        self.meter = meter
        self.log = log
        self.buffer = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.host = transport.get_extra_info("sockname")[0]
        self.answers = self.pages[self.host]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            path = self.buffer[: self.buffer.find(b"\r\n")].split()[1]
            self.buffer = self.buffer[end + 4 :]
            began = time.monotonic()
            if self.latency:
                asyncio.get_running_loop().call_later(self.latency, self.answer, path, began)
            else:
                self.answer(path, began)
            self.note(path, began)

    def note(self, path: bytes, began: float) -> None:
        meter = self.meter
        meter[RECEIVED] += 1
        if path in self.answers:
            meter[FIRST] = meter[FIRST] or began
            if self.host not in asked:
                asked.add(self.host)
                meter[HOSTS] = len(asked)

    def answer(self, path: bytes, began: float) -> None:
        """Also for a connection that is gone: the request was made."""
        data = self.answers.get(path)
        if not self.transport.is_closing():
            self.transport.write(data or NOT_FOUND)
        now = time.monotonic()
        if data is not None:
            self.meter[PAGES] += 1
            self.meter[LAST] = now
        if self.log is not None:
            self.log.append((self.host, path.decode(), began, now))


asked: set[str] = set()
"""Hosts of this server that were asked for a page."""


def _main(spec: Spec, latency: float, log: bool, meter: Any, control: Connection) -> None:
    pin(0, {1})
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard == resource.RLIM_INFINITY else max(soft, hard), hard))
    asyncio.run(_serve(spec, latency, [] if log else None, meter, control))


async def _serve(spec: Spec, latency: float, log: list | None, meter: Any, control: Connection) -> None:
    hosts = addresses(spec.hosts)
    pages = {
        address: {path.encode(): _whole(body) for path, body in build(spec, nth).items()}
        for nth, address in enumerate(hosts)
    }
    loop, port = asyncio.get_running_loop(), _free_port(hosts[0])
    for address in hosts:
        await loop.create_server(lambda: Answering(pages, latency, meter, log), address, port, backlog=512)
    began = time.process_time()
    told = {"log": lambda: log, "cpu": lambda: time.process_time() - began}
    loop.add_reader(control.fileno(), lambda: control.send(told[control.recv()]()))
    control.send(([f"http://{address}:{port}" for address in hosts], sum(map(len, pages.values()))))
    await asyncio.Event().wait()


def _whole(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]
