"""The second crawl: new articles found, old ones hardly asked for, and gone only after two weeks of 404."""

from __future__ import annotations

import sqlite3

import pytest

from archive.text.vietnam_time import DAY
from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow

COUNT = 1000


def path(n):
    return f"/tin/bai-viet-so-{n}.html"


def lists(count):
    pages = range(0, count, 50)
    return {
        f"/tin-tuc?page={at // 50 + 1}": answer(
            links(*(path(count - 1 - n) for n in range(at, min(at + 50, count))), f"/tin-tuc?page={at // 50 + 2}")
        )
        for at in pages
    }


def move_clock(tmp_path, days):
    """Let ``days`` pass for the ledger: everything in it becomes that much older."""
    ledger = sqlite3.connect(tmp_path / "kho" / "crawl.db")
    ledger.execute("UPDATE page SET due = due - ? WHERE due > 0", (days * DAY,))
    ledger.execute("UPDATE page SET suspect_since = suspect_since - ?, visited_at = visited_at - ?", (days * DAY,) * 2)
    ledger.execute("UPDATE host SET robots_at = robots_at - ?", (days * DAY,))
    ledger.commit()


def test_an_unchanged_site_is_hardly_asked_again_and_what_is_new_is_found(tinhuyen):
    with farm(1) as (host,):
        host.routes = {path(n): answer(article(f"Bài số {n}")) for n in range(COUNT + 7)}
        host.routes |= {
            "/": answer(links("/tin-tuc?page=1", *(path(COUNT - 1 - n) for n in range(10)))),
            **lists(COUNT),
        }
        tinhuyen("init")
        tinhuyen("add", host.base, "--allow-private")
        tinhuyen("crawl", "--delay", "0", timeout=300)
        assert len(tinhuyen("export").stdout.splitlines()) == COUNT
        before = {p: host.asked(p) for p in host.routes}
        # five on the home page, two only on the first page of the list
        host.routes["/"] = answer(links("/tin-tuc?page=1", *(path(COUNT + n) for n in range(5))))
        host.routes |= lists(COUNT + 7)
        again = tinhuyen("crawl", "--delay", "0")
        assert "7 new, 0 revised" in again.stdout, again.stdout
        refetched = sum(host.asked(path(n)) - before[path(n)] for n in range(COUNT))
        assert refetched <= COUNT * 0.05
        assert len(tinhuyen("export").stdout.splitlines()) == COUNT + 7


def test_an_article_is_gone_only_after_404_on_every_check_over_two_weeks(tinhuyen, tmp_path):
    with farm(1) as (host,):
        host.routes = {"/": answer(links(path(1), path(2)))}
        host.routes |= {path(n): answer(article(f"Bài số {n}")) for n in (1, 2)}
        tinhuyen("init")
        tinhuyen("add", host.base, "--allow-private")
        tinhuyen("crawl", "--delay", "0")
        kept = host.routes.pop(path(1)), host.routes.pop(path(2))
        assert "2 answering 404" in tinhuyen("crawl", "--delay", "0", "--full").stdout
        for days in (1.1, 2.1):
            move_clock(tmp_path, days)
            assert "0 counted as removed" in tinhuyen("crawl", "--delay", "0").stdout
        # one of them shows a page of the site for a day: not every check gave a 404
        host.routes[path(2)] = answer("<html><title>Bảo trì</title><body><h1>Hệ thống đang bảo trì</h1></body></html>")
        move_clock(tmp_path, 4.1)
        assert "0 counted as removed" in tinhuyen("crawl", "--delay", "0").stdout
        del host.routes[path(2)]
        move_clock(tmp_path, 7.1)
        assert "1 counted as removed" in tinhuyen("crawl", "--delay", "0").stdout
        assert "answers 404; the kept copy stays" in tinhuyen("why", host.base + path(1)).stdout
        assert "not yet counted as removed" in tinhuyen("why", host.base + path(2)).stdout
        host.routes[path(2)] = kept[1]
        move_clock(tmp_path, 1.1)
        assert "0 counted as removed" in tinhuyen("crawl", "--delay", "0").stdout
        assert len(tinhuyen("export").stdout.splitlines()) == 2  # gone from the portal, not from the archive
