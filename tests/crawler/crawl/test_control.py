"""People steer a crawl that runs: pause, resume, stop, retry, remove; settings of a portal; room on the disk."""

from __future__ import annotations

import json
import threading

import pytest

from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_faults import article, links
from tests.crawler.crawl.test_kill import start

pytestmark = pytest.mark.slow

PATHS = [f"/tin/bai-viet-{n}.html" for n in range(40)]


@pytest.fixture
def hosts(tinhuyen):
    with farm(2) as hosts:
        tinhuyen("init")
        for host in hosts:
            host.routes = {"/": answer(links(*PATHS))} | {path: answer(article(f"Bài {path}")) for path in PATHS}
            tinhuyen("add", host.base, "--allow-private")
        yield hosts


def name(host):
    return f"{host.address}-{host.port}"


def when_asked(host, times, action):
    """Run ``action`` once, when the host is asked for the ``times``-th time; returns an event that tells it is done."""
    done = threading.Event()

    def before(path):
        if len(host.log) >= times and not done.is_set():
            host.before = None
            action()
            done.set()

    host.before = before
    return done


def settings(tmp_path, host, text):
    path = tmp_path / "kho" / "tinhuyen.toml"
    entry = f'url = "{host.base}/"\n'
    path.write_text(path.read_text().replace(entry, entry + text))


def held(tinhuyen, host):
    return sum(json.loads(line)["portal"] == name(host) for line in tinhuyen("export").stdout.splitlines())


def test_a_paused_portal_is_left_while_the_others_go_on_and_taken_up_when_resumed(hosts, tinhuyen, tmp_path):
    paused, other = hosts
    paused.pause = other.pause = 0.05
    finished = threading.Event()
    other.before = lambda path: finished.set() if len(other.log) >= len(PATHS) else None
    asked = when_asked(paused, 5, lambda: tinhuyen("pause", name(paused)))
    child = start(tmp_path)
    assert asked.wait(60)
    assert finished.wait(60)
    assert len(paused.log) < len(PATHS)  # left within about a second, far from its end
    assert child.poll() is None  # it waits
    status = tinhuyen("status").stdout
    assert f"paused:     {name(paused)}" in status and "running:" in status
    tinhuyen("resume", name(paused))
    assert child.wait(60) == 0
    assert held(tinhuyen, paused) == held(tinhuyen, other) == len(PATHS)


def test_a_stopped_portal_ends_and_the_next_crawl_goes_on(hosts, tinhuyen, tmp_path):
    stopped, other = hosts
    stopped.pause = 0.05
    asked = when_asked(stopped, 5, lambda: tinhuyen("stop", name(stopped)))
    child = start(tmp_path)
    assert asked.wait(60)
    assert child.wait(60) == 0
    assert held(tinhuyen, stopped) < len(PATHS) == held(tinhuyen, other)
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    assert held(tinhuyen, stopped) == len(PATHS)


def test_stop_ends_every_running_crawl(hosts, tinhuyen, tmp_path):
    for host in hosts:
        host.pause = 0.1
    asked = when_asked(hosts[0], 4, lambda: tinhuyen("stop"))
    child = start(tmp_path)
    assert asked.wait(60)
    assert child.wait(30) == 0
    assert sum(len(host.log) for host in hosts) < 2 * len(PATHS)
    assert "stopped at" in tinhuyen("status").stdout


def test_a_removed_portal_is_not_crawled_and_what_was_kept_stays(hosts, tinhuyen):
    tinhuyen("crawl", "--delay", "0")
    gone = tinhuyen("remove", name(hosts[0]), "--yes")
    assert gone.returncode == 0 and "its articles and captures stay" in gone.stdout
    asked = len(hosts[0].log)
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    assert len(hosts[0].log) == asked
    assert held(tinhuyen, hosts[0]) == len(PATHS)
    tinhuyen("remove", name(hosts[1]), "--yes")
    told = tinhuyen("status").stdout
    assert f"No portal is crawled any more: {2 * len(PATHS)} articles of 2 portals that were removed are held." in told


def test_what_a_removed_portal_held_is_exported_by_its_name(hosts, tinhuyen):
    assert tinhuyen("crawl", name(hosts[0]), "--delay", "0").returncode == 0
    tinhuyen("remove", name(hosts[0]), "--yes")
    assert len(tinhuyen("export", name(hosts[0])).stdout.splitlines()) == len(PATHS)


def test_retry_asks_again_for_what_failed(hosts, tinhuyen):
    host = hosts[0]
    good, host.routes[PATHS[3]] = host.routes[PATHS[3]], answer("cấm", "403 Forbidden")
    assert tinhuyen("crawl", "--delay", "0").returncode == 1
    host.routes[PATHS[3]] = good
    assert "1 page will be asked for again" in tinhuyen("retry", name(host)).stdout
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    assert held(tinhuyen, host) == len(PATHS)


def test_settings_of_a_portal_leave_addresses_out_and_say_so(hosts, tinhuyen, tmp_path):
    settings(tmp_path, hosts[0], 'exclude = ["bai-viet-1[0-9]"]\n')
    settings(tmp_path, hosts[1], 'include = ["bai-viet-[0-4].html"]\n')
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    assert (held(tinhuyen, hosts[0]), held(tinhuyen, hosts[1])) == (len(PATHS) - 10, 5)
    assert "excluded by the portal's settings" in tinhuyen("why", hosts[0].base + PATHS[12]).stdout
    assert "not among what" in tinhuyen("why", hosts[1].base + PATHS[12]).stdout


@pytest.mark.parametrize("line", ['hours = "25h"\n', 'include = ["("]\n', 'delay = "x"\n', 'proxy = "nowhere"\n'])
def test_settings_that_make_no_sense_are_one_line(hosts, tinhuyen, tmp_path, line):
    settings(tmp_path, hosts[0], line)
    done = tinhuyen("crawl")
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and line.split()[0] in done.stderr


@pytest.mark.parametrize("limits", ["quota_gb = 0.00001", "min_free_mb = 900000000"])
def test_no_room_ends_the_crawl_with_one_line_and_nothing_broken(hosts, tinhuyen, tmp_path, limits):
    path = tmp_path / "kho" / "tinhuyen.toml"
    path.write_text(
        path.read_text()
        .replace("[limits]\n", f"[limits]\n{limits}\n")
        .replace("\nmin_free_mb = 200\n", "\n", 1 if "min_free" in limits else 0)
    )
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 4, done.stdout + done.stderr
    assert limits.split()[0] in done.stdout + done.stderr and "Traceback" not in done.stderr
    assert "disk full" not in done.stdout or limits.startswith("min_free")
    path.write_text(path.read_text().replace(limits, ""))
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    assert held(tinhuyen, hosts[0]) == len(PATHS)
