"""A network that is down is told from portals that are gone, and leaves no verdict on any."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from crawler.fetch.offline import Reach

A, B, C = "http://a.vn", "http://b.vn", "http://c.vn"
WORKS, BROKEN = (lambda: True), (lambda: False)


def reach(failed, *, answered=(), servers=None):
    found = Reach(servers=servers or {})
    for origin in answered:
        found.answered(origin)
    for origin, why in failed.items():
        found.not_reached(origin, why)
    return found


@pytest.mark.parametrize(
    ("found", "works", "offline"),
    [
        pytest.param(reach({A: "network"}), WORKS, {A}, id="one portal, no name server"),
        pytest.param(reach({A: "network", B: "name"}), WORKS, {A, B}, id="no route takes all with it"),
        pytest.param(reach({A: "name"}), BROKEN, set(), id="one name that does not resolve is dead"),
        pytest.param(reach({A: "name", B: "name"}), BROKEN, {A, B}, id="no name resolves"),
        pytest.param(reach({A: "name", B: "name"}), WORKS, set(), id="two dead names, and name service works"),
        pytest.param(reach({A: "network"}, answered=[B]), WORKS, set(), id="another answered: its own name servers"),
        pytest.param(reach({A: "network"}, answered=[B]), BROKEN, {A}, id="lost under way"),
        pytest.param(reach({A: "network", B: "silence"}, answered=[B]), WORKS, {A, B}, id="all lost under way"),
        pytest.param(reach({A: "silence"}), BROKEN, set(), id="one silent server"),
        pytest.param(
            reach({A: "silence", B: "silence"}, servers={A: "203.113.1.1", B: "203.113.1.2"}), WORKS, {A, B},
            id="every server silent",
        ),
        pytest.param(
            reach({A: "silence", B: "silence"}, servers={A: "203.113.1.1", B: "203.113.1.1"}), WORKS, set(),
            id="two portals on one silent server",
        ),
        pytest.param(
            reach({A: "network"}, answered=[C], servers={C: "127.0.0.1:80"}), WORKS, {A},
            id="an answer from this machine proves no network",
        ),
    ],
)  # fmt: skip
def test_which_hosts_failed_for_want_of_a_network(found, works, offline):
    assert found.offline(works) == offline


DOWN = """
import socket, sys
def getaddrinfo(host, *args, **kwargs):
    raise socket.gaierror({code}, "stub")
socket.getaddrinfo = getaddrinfo
from crawler.cli import main
main()
"""


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "kho"

    def run(*args: str, code: str = "socket.EAI_AGAIN"):
        command = [sys.executable, "-c", DOWN.format(code=code), "--archive", str(folder), *args]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    run("init", "--contact", "luutru@example.org")
    run.folder = folder
    return run


def portals(archive, *hosts):
    with (archive.folder / "tinhuyen.toml").open("a") as config:
        config.writelines(f'[portals.{host.partition(".")[0]}]\nurl = "http://{host}/"\n' for host in hosts)


def verdicts(archive):
    with closing(sqlite3.connect(archive.folder / "crawl.db")) as private:
        found = dict(private.execute("SELECT portal, verdict FROM portal_run").fetchall())
    with closing(sqlite3.connect(archive.folder / "archive.db")) as public:
        return found, public.execute("SELECT portal FROM health").fetchall()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hosts", "code"),
    [
        (["xahoaan.example"], "socket.EAI_AGAIN"),
        (["xahoaan.example", "xahoabinh.example"], "socket.EAI_AGAIN"),
        (["xahoaan.example", "xahoabinh.example"], "socket.EAI_NONAME"),
    ],
    ids=["one portal", "two portals", "a resolver that denies every name"],
)
def test_offline_is_one_line_and_no_verdict(archive, hosts, code):
    portals(archive, *hosts)
    done = archive("crawl", code=code)
    (line,) = done.stdout.strip().splitlines()
    assert done.returncode == 1 and line.startswith("offline") and "Check this machine's network" in line
    assert verdicts(archive) == ({}, [])
    status = archive("status").stdout
    assert "dead name" not in done.stdout + status
    names = ", ".join(host.partition(".")[0] for host in hosts)
    assert f"offline:    {names} not reached by the last crawl" in " ".join(status.split("\n"))
    assert archive("crawl", code=code).returncode == 1


@pytest.mark.slow
def test_a_name_that_does_not_exist_is_dead(archive):
    portals(archive, "xahoaan.example")
    done = archive("crawl", code="socket.EAI_NONAME")
    assert done.returncode == 1 and verdicts(archive)[0] == {"xahoaan": "dead name"}


@pytest.mark.slow
def test_offline_adding_says_so(archive):
    done = archive("add", "http://xahoaan.example/")
    assert done.returncode == 2 and "check this machine's network" in done.stderr
    assert json.loads(archive("status", "--json").stdout)["portals"] == {}
