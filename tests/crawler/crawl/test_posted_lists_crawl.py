"""Lists that go on by a form are read to their end, and only their pagers are ever posted."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
from urllib.parse import parse_qs

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.ledger.forms import MAX_STATE
from tests.conftest import answer
from tests.crawler.crawl.aspnet import Fragments, Grid, WebForms
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_faults import article, links
from tests.crawler.crawl.test_kill import kill_at, start
from tests.crawler.crawl.test_revisits_crawl import DAY, move_clock

pytestmark = pytest.mark.slow


def paths(count, name="tin"):
    return [f"/{name}/bai-viet-so-{n}.html" for n in range(count)]


@pytest.fixture
def site(tinhuyen, tmp_path):
    """Serve lists and their articles from one host; gives a function that does it, and the crawl of it."""
    with farm(1) as (host,):

        def serve(*lists, articles):
            host.routes = {path: answer(article(f"Bài {path}")) for path in articles}
            host.routes |= {served.path: served for served in lists}
            host.routes["/"] = answer(links(*(served.path for served in lists)))
            if tinhuyen("status").returncode != 0:
                tinhuyen("init")
                settings = tmp_path / "kho" / "tinhuyen.toml"
                settings.write_text(settings.read_text().replace("[politeness]\n", "[politeness]\nform_delay = 0\n"))
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


KINDS = {"form-of-known-length": (False, True), "form-until-nothing-comes": (False, False), "json": (True, False)}


@pytest.mark.parametrize(("wrapped", "tell_pages"), KINDS.values(), ids=KINDS)
def test_a_list_whose_pages_come_as_fragments_is_read_to_its_end(site, tinhuyen, wrapped, tell_pages):
    entries = [f"/kinh-te/bai-viet-ve-kinh-te-{n:05}" for n in range(9 * 6 - 1)]
    served = Fragments("/kinh-te", entries, wrapped=wrapped, tell_pages=tell_pages)
    host = site(articles=entries)
    host.routes |= {"/": answer(links("/kinh-te")), "/kinh-te": served.list_page, served.ENDPOINT: served.endpoint}
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert kept(tinhuyen, host) == sorted(entries)
    assert served.asked == list(range(2, 10 if tell_pages else 11))  # one more, to see that nothing comes


def test_two_lists_on_one_page_are_both_read_and_a_pager_shown_twice_only_once(site, tinhuyen):
    one, two, three = paths(40, "mot"), paths(31, "hai"), paths(30, "ba")
    pair = WebForms("/Pages/hai-danh-sach.aspx", [Grid("ctl00$gvMot", one), Grid("ctl00$rptHai", two, "rows")])
    top, bottom = (Grid(f"ctl00$DataPager{end}", three, "rows") for end in ("Top", "Bottom"))
    twins = WebForms("/Pages/hai-dau.aspx", [top, bottom], shared=True)
    host = site(pair, twins, articles=[*one, *two, *three])
    tinhuyen("crawl", "--delay", "0")
    assert kept(tinhuyen, host) == sorted([*one, *two, *three])
    assert sorted(pair.posts) == [
        *(("ctl00$gvMot", n) for n in range(2, 8)),
        *(("ctl00$rptHai", n) for n in range(2, 7)),
    ]
    assert len(twins.posts) <= 4 + 2


def test_a_server_that_binds_its_state_to_a_visit_gets_that_visits_cookie_and_no_other_request_does(site, tinhuyen):
    entries = paths(25 * 6)
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$gv", entries)], session=True)
    host = site(served, articles=entries)
    with_cookie = []
    inner = dict(host.routes)
    for path, route in inner.items():
        host.routes[path] = lambda seen, route=route: (
            with_cookie.append(seen.method) if "cookie" in seen.headers else None,
            route(seen) if callable(route) else route,
        )[1]
    tinhuyen("crawl", "--delay", "0")
    assert kept(tinhuyen, host) == sorted(entries)
    assert set(with_cookie) == {"POST"}


REFUSALS = {"page-1": "page 1", "error-500": "error"}


@pytest.mark.parametrize("refuse", REFUSALS.values(), ids=REFUSALS)
def test_a_form_that_is_never_taken_is_left_after_a_few_tries_and_the_rest_of_the_host_is_read(site, tinhuyen, refuse):
    entries, others = paths(60), paths(30, "khac")
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$gv", entries)], refuse, session=True)
    host = site(served, articles=[*entries, *others])
    host.routes["/"] = answer(links("/Pages/tin-tuc.aspx", *others))
    host.routes["/Pages/tin-tuc.aspx"] = lambda seen: served(without_cookie(seen))
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 1
    assert kept(tinhuyen, host) == sorted([*entries[:6], *others])
    assert served.refused <= 12
    told = tinhuyen("why", host.base + served.path).stdout
    assert "3 pages of the form in a row gave none" in told
    assert ("page 1 came instead of page 2" in told) if refuse == "page 1" else ("the server answers 500" in told)
    assert "incomplete: lists" in tinhuyen("status").stdout


def without_cookie(seen):
    seen.headers.pop("cookie", None)
    return seen


ENDLESS = {
    "always-the-same": lambda pool: lambda page: pool[:6] if page > 1 else pool[6:12],
    "always-the-first-page": lambda pool: lambda page: pool[:6],
    "any-six-of-thirty": lambda pool: lambda page: random.Random(page).sample(pool, 6),
}


@pytest.mark.parametrize("make", ENDLESS.values(), ids=ENDLESS)
def test_a_pager_without_end_is_left_within_fifty_requests_with_a_reason(site, tinhuyen, tmp_path, make):
    pool = paths(30)
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$gv", [], endless=make(pool))])
    host = site(served, articles=pool)
    tinhuyen("crawl", "--delay", "0")
    assert 1 <= len(served.posts) <= 50
    reasons = {row[0] for row in ledger(tmp_path).execute("SELECT reason FROM page WHERE form IS NOT NULL")}
    assert any("trap" in reason or "gave none" in reason for reason in reasons), reasons
    waiting = "SELECT count(*) FROM page WHERE state IN ('new', 'leased') AND due IS NOT NULL"
    assert ledger(tmp_path).execute(waiting).fetchone()[0] == 0
    assert kept(tinhuyen, host)


def test_killed_in_the_midst_the_pages_of_a_form_are_taken_up_again(site, tinhuyen, tmp_path):
    entries = paths(25 * 6)
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$gv", entries, "rows", window=5)])
    host = site(served, articles=entries)
    for goal in (30, 60, 50):
        child = start(tmp_path)
        kill_at([host], goal, child)
        assert child.wait(60) == -signal.SIGKILL
    host.before = None
    pair = [start(tmp_path), start(tmp_path)]
    assert [child.wait(90) for child in pair] == [0, 0]
    assert host.overlaps() <= 3  # a killed one's request may still have been answered
    assert kept(tinhuyen, host) == sorted(entries)
    assert {number for _, number in served.posts} == set(range(2, 26))
    assert len(served.posts) <= 24 + 2 * 3
    assert served.refused == 0


def test_answers_to_forms_that_the_ledger_had_not_heard_of_are_recovered_from_warc_each_as_its_own_page(
    site, tinhuyen, tmp_path
):
    entries = paths(25 * 6)
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$gv", entries)])
    host = site(served, articles=entries)
    child = start(tmp_path)

    def before(path):
        if len(served.posts) == 8 and child.poll() is None:
            os.kill(child.pid, signal.SIGKILL)

    host.before = before
    assert child.wait(60) == -signal.SIGKILL
    known = (
        ledger(tmp_path).execute("SELECT count(*) FROM page WHERE form IS NOT NULL AND state = 'listed'").fetchone()[0]
    )
    assert known < 8
    host.before = None
    tinhuyen("crawl", "--delay", "0")
    assert len(served.posts) <= 24 + 1  # the one that was under way
    assert kept(tinhuyen, host) == sorted(entries)
    reasons = [
        row[0] for row in ledger(tmp_path).execute("SELECT reason FROM page WHERE form IS NOT NULL ORDER BY form")
    ]
    assert sorted(int(reason.split()[1]) for reason in reasons) == list(range(2, 26))


def test_the_next_crawl_reads_page_1_alone_and_the_deep_sweep_comes_weekly_with_fresh_forms(site, tinhuyen, tmp_path):
    entries = paths(12 * 6)
    grid = Grid("ctl00$gv", entries)
    served = WebForms("/Pages/tin-tuc.aspx", [grid])
    host = site(served, articles=entries)
    tinhuyen("crawl", "--delay", "0")
    assert len(served.posts) == 11
    grid.entries, served.epoch = [*paths(3, "moi"), *entries], 1  # forms of before are not taken any more
    host.routes |= {path: answer(article(f"Bài {path}")) for path in paths(3, "moi")}
    served.posts.clear()
    move_clock(tmp_path, 1.2)
    assert "3 new, 0 revised" in tinhuyen("crawl", "--delay", "0").stdout
    assert served.posts == []
    age_forms(tmp_path, 6.5)
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 0, done.stdout
    assert (sorted(number for _, number in served.posts), served.refused) == (list(range(2, 14)), 0)
    assert kept(tinhuyen, host) == sorted(grid.entries)
    served.posts.clear()
    tinhuyen("crawl", "--delay", "0", "--full")
    assert sorted(number for _, number in served.posts) == list(range(2, 14))


def age_forms(tmp_path, days):
    move_clock(tmp_path, days)
    with ledger(tmp_path) as conn:
        conn.execute("UPDATE form SET again = again - ? WHERE again > 0", ((days + 1.2) * DAY,))


def test_forms_left_by_an_earlier_crawl_that_have_grown_old_are_read_anew(site, tinhuyen, tmp_path):
    entries = paths(8 * 6)
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$gv", entries)])
    host = site(served, articles=entries)
    child = start(tmp_path)
    kill_at([host], 4, child)
    assert child.wait(60) == -signal.SIGKILL
    host.before = None
    served.epoch = 1  # the server was restarted, and with it its keys
    waiting = ledger(tmp_path).execute("SELECT count(*) FROM form WHERE state IS NOT NULL").fetchone()[0]
    assert waiting == 7
    tinhuyen("crawl", "--delay", "0")
    assert kept(tinhuyen, host) == sorted(entries)
    assert sorted({number for _, number in served.posts}) == list(range(2, 9))


def test_a_form_that_answers_with_a_redirect_is_followed_by_a_plain_request(site, tinhuyen):
    entries = paths(18)
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$gv", entries)])
    host = site(served, articles=entries)

    def redirecting(seen):
        whole = served(seen)
        if seen.method != "POST":
            return whole
        return answer("", "302 Found", Location=f"/Pages/tin-tuc.aspx?trang={served.posts[-1][1]}")

    host.routes["/Pages/tin-tuc.aspx"] = redirecting
    for number in (2, 3):
        host.routes[f"/Pages/tin-tuc.aspx?trang={number}"] = answer(links(*entries[(number - 1) * 6 : number * 6]))
    tinhuyen("crawl", "--delay", "0")
    assert kept(tinhuyen, host) == sorted(entries)


def test_what_robots_txt_forbids_is_not_posted_to(site, tinhuyen):
    entries = paths(18)
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$gv", entries)], action="/Pages/Cua/tin-tuc.aspx")
    host = site(served, articles=entries)
    host.routes["/robots.txt"] = answer("User-agent: *\nDisallow: /Pages/Cua/\n", kind="text/plain")
    host.routes["/Pages/Cua/tin-tuc.aspx"] = served
    tinhuyen("crawl", "--delay", "0")
    assert served.bodies == []
    assert "robots.txt forbids it" in tinhuyen("why", host.base + "/Pages/Cua/tin-tuc.aspx").stdout


def test_the_request_is_kept_with_its_body_and_told_apart_from_that_of_page_1(site, tinhuyen, tmp_path):
    entries = paths(14)
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$gv", entries)])
    host = site(served, articles=entries)
    tinhuyen("crawl", "--delay", "0")
    url = host.base + served.path
    posted, notes, answers = [], [], []
    for path in (tmp_path / "kho" / "warc").glob("*.gz"):
        for record in ArchiveIterator(path.open("rb")):
            if record.rec_headers["WARC-Target-URI"] != url:
                continue
            block = record.content_stream().read()
            if record.rec_type == "request" and record.http_headers.protocol == "POST":
                posted.append(parse_qs(block.decode())["__EVENTARGUMENT"])
            elif record.rec_type == "metadata":
                notes += [line for line in block.decode().splitlines() if line.startswith(("list:", "form:"))]
            elif record.rec_type == "response":
                answers.append(record.rec_headers["WARC-Record-ID"])
    assert posted == [["Page$2"], ["Page$3"]]
    assert notes == [f"list: {url}", "form: page 2 by ctl00$gv", f"list: {url}", "form: page 3 by ctl00$gv"]
    told = tinhuyen("why", url).stdout
    assert told.count("capture") == 1
    assert "page 3 by ctl00$gv, the form of" in told and all(id_.strip("<>") in told for id_ in answers)
    assert [row["form"] for row in json.loads(tinhuyen("why", url, "--json").stdout)] == [None, "page 2 by ctl00$gv", "page 3 by ctl00$gv"]  # fmt: skip


def test_a_form_of_more_than_a_megabyte_is_not_sent_and_the_list_says_so(site, tinhuyen):
    entries = paths(18)
    served = WebForms("/Pages/tin-tuc.aspx", [Grid("ctl00$gv", entries)], filler=MAX_STATE)
    host = site(served, articles=entries)
    done = tinhuyen("crawl", "--delay", "0")
    assert served.bodies == []
    assert "1 list that goes on by a form, not captured" in done.stdout
    assert "not captured: it has 1." in tinhuyen("why", host.base + served.path).stdout


def test_a_second_lies_before_each_form_so_that_captures_of_one_address_differ(site, tinhuyen, tmp_path):
    entries = paths(14)
    served = WebForms("/tin-tuc.aspx", [Grid("ctl00$gvTin", entries, "grid")])
    host = site(served, articles=entries)
    settings = tmp_path / "kho" / "tinhuyen.toml"
    settings.write_text(settings.read_text().replace("form_delay = 0\n", ""))
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert kept(tinhuyen, host) == sorted(entries)
    with sqlite3.connect(tmp_path / "kho" / "archive.db") as archive:
        moments = archive.execute("SELECT fetched_at FROM capture WHERE url = ?", (host.base + served.path,)).fetchall()
    assert len(moments) == 3
    assert len({moment[:19] for (moment,) in moments}) == 3
