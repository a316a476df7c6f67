"""A set of portals with one fault each, served and crawled: each gets the verdict that names its fault."""

from __future__ import annotations

import socket
import socketserver
import sqlite3
import subprocess
import sys
import threading
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from crawler.health.verdict import VERDICTS
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.hostile import serving, silent_after
from tests.crawler.health.faults import FAULTS, village_of

pytestmark = pytest.mark.slow

QUICK = """
import sys
from crawler.ledger import revisits
revisits.RETRY[:] = [0.1]  # one second try instead of three over 26 seconds
from crawler.cli import main
main(sys.argv[1:])
"""


class _Plain(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(4096)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


class _Closing(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(10)


def quiet_server(stack: ExitStack, handler: type[socketserver.BaseRequestHandler]) -> int:
    server = stack.enter_context(socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    stack.callback(server.shutdown)
    return server.server_address[1]


def unused_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


UNREACHABLE = {
    "a name that does not resolve": "dead name",
    "a port nobody listens on": "dead server",
    "a server that says nothing": "no answer",
    "TLS that is none": "TLS broken",
    "TLS that breaks off": "TLS broken",
    "a proxy that is down": "proxy",
    "an address that is private": "private address",
    "paused": "paused",
}
"""Faults without a portal behind them, with their verdicts."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Verdict, why and advice of every portal after the second crawl, by the name of its fault."""
    folder = tmp_path_factory.mktemp("faults") / "kho"
    with ExitStack() as stack:
        hosts = stack.enter_context(farm(len(FAULTS)))
        (silent,) = stack.enter_context(serving())
        silent.before = silent_after(b"")
        villages = [village_of(host, fault) for host, fault in zip(hosts, FAULTS, strict=True)]
        names = {f"f{n}": fault.name for n, fault in enumerate(FAULTS)}
        portals = {name: (village.host.base, True, "") for name, village in zip(names, villages, strict=True)}
        proxy = f'proxy = "http://127.0.0.1:{unused_port()}"'
        others = [
            ("http://khong-co.invalid/", True, ""),
            (f"http://127.0.0.1:{unused_port()}/", True, ""),
            (silent.base + "/", True, "timeout = 1.5"),
            (f"https://127.0.0.1:{quiet_server(stack, _Plain)}/", True, ""),
            (f"https://127.0.0.1:{quiet_server(stack, _Closing)}/", True, ""),
            ("http://xahoaan.example/", True, proxy),
            ("http://127.0.0.9:8/", False, ""),
            ("http://127.0.0.1:9/", True, ""),
        ]
        portals |= {f"u{n}": entry for n, entry in enumerate(others)}
        names |= {f"u{n}": name for n, name in enumerate(UNREACHABLE)}
        write(folder, portals)
        run(folder, "pause", f"u{len(others) - 1}")
        for fault, village in zip(FAULTS, villages, strict=True):
            if fault.from_start:
                fault.breaks(village)
        run(folder, "crawl", "--delay", "0")
        first = verdicts(folder, names)
        for fault, village in zip(FAULTS, villages, strict=True):
            if not fault.from_start:
                fault.breaks(village)
        with closing(sqlite3.connect(folder / "crawl.db")) as conn, conn:
            origins = [v.host.base for f, v in zip(FAULTS, villages, strict=True) if f.robots]
            conn.executemany("UPDATE host SET robots_at = 0 WHERE origin = ?", [(origin,) for origin in origins])
            for name, fault in zip(list(names)[: len(FAULTS)], FAULTS, strict=True):
                conn.execute(
                    "UPDATE portal_run SET ended_at = ended_at - ? WHERE portal = ?", (fault.months * 30 * 86400, name)
                )
        told = run(folder, "crawl", "--delay", "0", "--full")
        yield {"first": first, "second": verdicts(folder, names), "told": told, "folder": folder}


def write(folder: Path, portals: dict[str, tuple[str, bool, str]]) -> None:
    run(folder, "init")
    path = folder / "tinhuyen.toml"
    path.write_text(path.read_text().replace("timeout = 60.0", "timeout = 5.0"))
    with path.open("a") as config:
        for name, (url, private, more) in portals.items():
            config.write(f'[portals.{name}]\nurl = "{url}"\nallow_private = {str(private).lower()}\n{more}\n')


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", QUICK, "--archive", str(folder), *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder.parent, check=False)


def verdicts(folder: Path, names: dict[str, str]) -> dict[str, tuple[str, str, str]]:
    with closing(sqlite3.connect(folder / "crawl.db")) as conn:
        rows = conn.execute(
            "SELECT portal, verdict, why, advice FROM portal_run WHERE run = (SELECT max(run) FROM portal_run)"
        ).fetchall()
    return {names[row[0]]: row[1:] for row in rows}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_portal_with_one_fault_gets_the_verdict_that_names_it(judged, fault):
    verdict, why, advice = judged["second"][fault.name]
    assert verdict == fault.verdict, why
    assert fault.says in why
    assert advice.endswith(".") and "\n" not in why + advice


@pytest.mark.parametrize(("name", "verdict"), UNREACHABLE.items(), ids=UNREACHABLE)
def test_a_portal_that_cannot_be_reached_says_what_is_dead(judged, name, verdict):
    got, why, _ = judged["second"][name]
    assert got == verdict, why


def test_at_least_95_of_100_verdicts_are_right_and_they_are_of_at_least_twelve_kinds(judged):
    expected = {fault.name: fault.verdict for fault in FAULTS} | UNREACHABLE
    assert len(expected) >= 30 + sum(verdict == "complete" for verdict in expected.values())
    right = sum(judged["second"][name][0] == verdict for name, verdict in expected.items())
    assert right >= 0.95 * len(expected)
    assert len(set(expected.values())) >= 12 and set(expected.values()) <= set(VERDICTS)


def test_before_its_fault_each_portal_was_complete(judged):
    sound = {fault.name: judged["first"][fault.name] for fault in FAULTS if not fault.from_start}
    assert {name: told for name, told in sound.items() if told[0] != "complete"} == {}


def test_a_first_crawl_calls_no_portal_idle_however_old_its_news_is(judged):
    assert judged["first"]["nothing new for months"][0] == "complete"


def test_the_summary_tells_each_verdict_with_what_to_do_next(judged):
    assert "verdict   u0: dead name:" in judged["told"].stdout
    assert "look for its new address and add it" in judged["told"].stdout
    assert "Traceback" not in judged["told"].stdout + judged["told"].stderr
