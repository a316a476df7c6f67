"""An archive on a read-only medium: everything that reads works, and a crawl says why it does not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request

import pytest

from tests.conftest import answer
from tests.crawler.crawl.test_disk_full import Disk
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow


@pytest.fixture
def medium(tmp_path, tinhuyen, loopback):
    """A crawled archive of three articles, copied to a medium that is read-only from then on."""
    paths = [f"/tin/bai-viet-{n}.html" for n in range(3)]
    loopback.routes = {"/": answer(links(*paths)), **{path: answer(article(f"Bài {path}")) for path in paths}}
    tinhuyen("init")
    tinhuyen("add", loopback.base, "--allow-private")
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    disk = Disk(tmp_path / "dia", 50)
    shutil.copytree(tmp_path / "kho", tmp_path / "dia" / "kho")
    subprocess.run(["mount", "-o", "remount,ro", str(disk.path)], check=True)

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "crawler", "--archive", str(tmp_path / "dia" / "kho"), *args]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    yield run
    disk.unmount()


def test_what_reads_works_and_a_crawl_is_one_clear_line(medium, loopback, free_port, tmp_path):
    assert len([json.loads(line) for line in medium("export").stdout.splitlines()]) == 3
    status, why = medium("status"), medium("why", loopback.base + "/tin/bai-viet-1.html")
    assert status.returncode == why.returncode == 0, status.stderr + why.stderr
    assert "complete" in status.stdout and "Kept as an article" in why.stdout
    crawl = medium("crawl")
    assert crawl.returncode == 3 and len(crawl.stderr.splitlines()) == 1 and "is read-only" in crawl.stderr
    command = [
        sys.executable,
        "-m",
        "crawler",
        "--archive",
        str(tmp_path / "dia" / "kho"),
        "serve",
        "--port",
        str(free_port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert server.stdout is not None
        address = server.stdout.readline().split()[-1]
        for path, says in (
            ("tim?q=ngan+sach", "Bài /tin/bai-viet-"),
            ("suc-khoe", "1 trên 1 cổng hoạt động bình thường"),
        ):
            with urllib.request.urlopen(address + path, timeout=20) as page:
                assert says in page.read().decode()
    finally:
        server.terminate()
        server.wait(20)
