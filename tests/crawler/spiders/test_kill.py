"""A crawl killed at any moment loses no page and stores none twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.conftest import answer
from tests.crawler.spiders.test_faults import article, links

pytestmark = pytest.mark.slow

PAGES = 120


@pytest.mark.parametrize("at", [3, 40, 90], ids=lambda n: f"killed-at-{n}")
def test_killed_then_started_again_every_page_is_stored_once(loopback, tinhuyen, tmp_path, at):
    paths = [f"/tin/bai-viet-{n}.html" for n in range(PAGES)]
    child: list[subprocess.Popen] = []

    def page(path):
        def serve(seen):
            if len(loopback.seen) == at + 2 and child[0].poll() is None:
                os.kill(child[0].pid, signal.SIGKILL)
            return answer(article(f"Bài {path}"))

        return serve

    loopback.routes = {"/": answer(links(*paths)), **{path: page(path) for path in paths}}
    tinhuyen("init")
    tinhuyen("add", loopback.base, "--allow-private")
    command = [sys.executable, "-m", "crawler", "--archive", str(tmp_path / "kho"), "crawl", "--delay", "0"]
    child.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    assert child[0].wait(60) == -signal.SIGKILL
    again = tinhuyen("crawl", "--delay", "0")
    assert again.returncode == 0, again.stdout + again.stderr
    rows = [json.loads(line) for line in tinhuyen("export").stdout.splitlines()]
    assert len(rows) == PAGES == len({row["url"] for row in rows})
    refetched = sum(loopback.asked(path) - 1 for path in paths)
    # one host is asked one request at a time: what is asked again was in the batch of a second that was not yet written
    assert refetched <= 60
    assert not list((tmp_path / "kho" / "warc").glob("*.open"))
