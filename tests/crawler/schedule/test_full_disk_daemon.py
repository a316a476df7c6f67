"""A daemon on a disk that fills while a crawl of its runs: it stays, says why, and goes on when there is space."""

from __future__ import annotations

import random

import pytest

from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_disk_full import Disk, is_whole
from tests.crawler.crawl.test_faults import article, links
from tests.crawler.schedule.test_daemon import Watched

pytestmark = pytest.mark.slow

PATHS = [f"/tin/bai-viet-{n}.html" for n in range(30)]


@pytest.fixture
def watched(tmp_path):
    disk = Disk(tmp_path / "kho", 200)
    noise = random.Random(1)
    try:
        with farm(1) as hosts:
            watched = Watched(tmp_path, hosts)
            watched.disk = disk
            config = watched.folder.config_path
            config.write_text(config.read_text().replace("min_free_mb = 200", "min_free_mb = 0"))
            (host,) = hosts
            host.routes = {"/": answer(links(*PATHS))}
            for n, path in enumerate(PATHS):
                body = article(f"Bài {path}").replace(
                    b"</article>", f'<a href="/tep/{n}.pdf">Tệp</a></article>'.encode()
                )
                file = answer(noise.randbytes(300_000), kind="application/pdf")
                host.routes |= {path: answer(body), f"/tep/{n}.pdf": file}
            yield watched
            if watched.daemon is not None and watched.daemon.poll() is None:
                watched.daemon.terminate()
                watched.daemon.wait(60)
    finally:
        disk.unmount()


def test_a_daemon_outlives_a_full_disk_and_its_next_run_gets_everything(watched):
    watched.disk.resize(7)
    watched.start()
    watched.make_due()
    watched.until(lambda: any("the disk or the quota is full" in event.get("event", "") for event in watched.events()))
    assert watched.query("SELECT verdict FROM portal_run") == [("disk full",)]
    assert watched.query("SELECT state, reason FROM run_due WHERE state != 'missed'") == [("done", "disk full")]
    assert watched.daemon.poll() is None and "Traceback" not in watched.log.read_text()
    is_whole(watched.folder.path)
    watched.disk.resize(200)
    watched.daemon.terminate()  # it rests for half a minute after such an end; a new one does not
    watched.daemon.wait(30)
    watched.start()
    watched.make_due()
    watched.until(lambda: watched.done() == 2)
    assert watched.query("SELECT verdict FROM portal_run ORDER BY run DESC LIMIT 1") == [("complete",)]
    assert watched.query("SELECT count(*) FROM page WHERE state IN ('new', 'leased', 'failed')") == [(0,)]
    assert watched.query("SELECT count(*) FROM page WHERE state = 'file' AND url LIKE '%.pdf'") == [(len(PATHS),)]
    is_whole(watched.folder.path)
