"""Lists that go on by a form are read to their end, and only their pagers are ever posted."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.conftest import answer
from tests.crawler.spiders.aspnet import Grid, WebForms
from tests.crawler.spiders.farm import farm
from tests.crawler.spiders.test_faults import article, links

pytestmark = pytest.mark.slow


def paths(count, name="tin"):
    return [f"/{name}/bai-viet-so-{n}.html" for n in range(count)]


@pytest.fixture
def site(tinhuyen):
    """Serve lists and their articles from one host; gives a function that does it, and the crawl of it."""
    with farm(1) as (host,):

        def serve(*lists, articles):
            host.routes = {path: answer(article(f"Bài {path}")) for path in articles}
            host.routes |= {served.path: served for served in lists}
            host.routes["/"] = answer(links(*(served.path for served in lists)))
            if tinhuyen("status").returncode != 0:
                tinhuyen("init")
                assert tinhuyen("add", host.base, "--allow-private", "--no-probe").returncode == 0
            return host

        yield serve


def kept(tinhuyen, host):
    return sorted(json.loads(line)["url"].removeprefix(host.base) for line in tinhuyen("export").stdout.splitlines())


def ledger(tmp_path):
    return sqlite3.connect(tmp_path / "kho" / "crawl.db")


STYLES = {
    "grid-with-windows": ("grid", 10, "page 1"),
    "repeater-with-windows": ("rows", 5, "error"),
    "next-alone": ("next", 10, "page 1"),
}


@pytest.mark.parametrize(("style", "window", "refuse"), STYLES.values(), ids=STYLES)
def test_a_list_of_25_pages_is_read_to_its_end_each_page_once(site, tinhuyen, tmp_path, style, window, refuse):
    entries = paths(25 * 6 - 2)
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$m$gvTin", entries, style, window=window)], refuse)
    host = site(served, articles=entries)
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert kept(tinhuyen, host) == sorted(entries)
    assert sorted(number for _, number in served.posts) == list(range(2, 26))
    assert served.refused == 0
    assert host.overlaps() == 0
    assert {name for body in served.bodies for name in body} == {
        "__EVENTTARGET", "__EVENTARGUMENT", "__VIEWSTATE", "__VIEWSTATEGENERATOR", "__EVENTVALIDATION"
    }  # fmt: skip
    assert ledger(tmp_path).execute("SELECT count(*) FROM form_state").fetchone()[0] == 0
