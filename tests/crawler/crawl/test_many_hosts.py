"""Seen from the servers: two processes, five hosts, mixed delays; never two requests in flight, every wish kept."""

from __future__ import annotations

import itertools

import pytest

from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_faults import article, links
from tests.crawler.crawl.test_kill import start

pytestmark = pytest.mark.slow

PATHS = [f"/tin/bai-viet-{n}.html" for n in range(8)]


def set_delay(tmp_path, host, seconds):
    path = tmp_path / "kho" / "tinhuyen.toml"
    entry = f'url = "{host.base}/"\n'
    assert entry in path.read_text()
    path.write_text(path.read_text().replace(entry, f"{entry}delay = {seconds}\n"))


def crawl(tmp_path):
    """Without --delay: the settings of each portal hold."""
    return start(tmp_path)


def test_two_processes_keep_every_delay_and_never_two_requests_in_flight(tinhuyen, tmp_path, monkeypatch):
    with farm(5) as hosts:
        tinhuyen("init")
        delays = [0.4, 0.5, 0.6, 0.4, 0.4]
        for host, delay in zip(hosts, delays, strict=True):
            host.pause = 0.05
            host.routes = {"/": answer(links(*PATHS))}
            host.routes |= {path: answer(article(f"Bài {path}")) for path in PATHS}
            assert tinhuyen("add", host.base, "--allow-private").returncode == 0
            set_delay(tmp_path, host, delay)
        hosts[3].routes["/robots.txt"] = answer(
            "User-agent: *\nCrawl-delay: 0.9\nDisallow: /tin/bai-viet-3.html\n", kind="text/plain"
        )
        busy = hosts[4].routes[PATHS[2]]
        hosts[4].routes[PATHS[2]] = lambda seen: (
            answer("", "503 Service Unavailable", Retry_After="3") if seen.nth == 1 else busy
        )
        import subprocess
        import sys

        command = [sys.executable, "-m", "crawler", "--archive", str(tmp_path / "kho"), "crawl"]
        children = [
            subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]
        assert [child.wait(120) for child in children] == [0, 0]
        wanted = [0.4, 0.5, 0.6, 0.9, 0.4]
        for host, delay in zip(hosts, wanted, strict=True):
            assert host.overlaps() == 0
            # robots.txt itself comes before its Crawl-delay is known
            pages = sorted(began for path, began, _ in host.log if path != "/robots.txt")
            assert (
                min(b - a for a, b in itertools.pairwise(pages)) >= delay - 0.15
            )  # a busy machine may note one request late
        refused = [began for path, began, _ in hosts[4].log if path == PATHS[2]]
        assert len(refused) == 2
        after = [began for _, began, _ in hosts[4].log if began > refused[0]]
        assert min(after) - refused[0] >= 3
        assert hosts[3].asked("/tin/bai-viet-3.html") == 0
        assert len(tinhuyen("export").stdout.splitlines()) == 5 * len(PATHS) - 1
        assert all(host.asked(path) <= 1 for host in hosts[:4] for path in PATHS)


def test_retry_after_outlives_the_crawl_it_was_told_to(tinhuyen, tmp_path):
    with farm(1) as (host,):
        host.routes = {"/": answer("", "429 Too Many Requests", Retry_After="900")}
        tinhuyen("init")
        tinhuyen("add", host.base, "--allow-private")
        assert tinhuyen("crawl", "--delay", "0").returncode == 1
        asked = len(host.log)
        assert tinhuyen("crawl", "--delay", "0").returncode in (0, 1)
        assert len(host.log) == asked
        assert "left alone" in tinhuyen("status").stdout
        assert "left alone until" in tinhuyen("why", host.base).stdout


def test_two_portals_on_one_server_are_asked_one_at_a_time(tinhuyen, tmp_path):
    with farm(1) as (host,):
        host.pause = 0.03
        host.routes = {"/": answer(links(*PATHS))} | {path: answer(article(f"Bài {path}")) for path in PATHS}
        tinhuyen("init")
        tinhuyen("add", host.base, "--allow-private")
        tinhuyen("add", host.base.replace("127.0.0.2", "2.0.0.127.nip.invalid"), "--allow-private")  # does not resolve
        assert tinhuyen("crawl", "--delay", "0.1").returncode == 0
        assert host.overlaps() == 0 and min(host.gaps()) >= 0.08
