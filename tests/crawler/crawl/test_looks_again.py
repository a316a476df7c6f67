"""The second look: edits, removals and replaced files are found, told as they were seen, and nothing kept is lost."""

from __future__ import annotations

import json
import sqlite3
from hashlib import md5

import pytest

from archive.text.vietnam_time import DAY
from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow


def with_etag(body, kind="text/html; charset=utf-8"):
    """A route that knows conditional requests."""
    data = body.encode() if isinstance(body, str) else body
    tag = f'"{md5(data).hexdigest()}"'

    def route(seen):
        if seen.headers.get("if-none-match") == tag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nContent-Length: 0\r\n\r\n".encode()
        return answer(data, kind=kind, ETag=tag)

    return route


def offering(title, *files):
    return article(title).replace(
        b"</article>", b"".join(b'<p><a href="%s">Tep</a></p>' % f for f in files) + b"</article>"
    )


def pdf(text):
    return with_etag(b"%PDF-1.4\n" + text, "application/pdf")


@pytest.fixture
def host(tinhuyen):
    with farm(1) as (host,):
        host.routes = {
            "/": answer(links(*(f"/tin/bai-viet-{n}.html" for n in range(1, 7)))),
            "/tin/bai-viet-1.html": with_etag(offering("Bài một", b"/tep/chung.pdf", b"/tep/rieng.pdf")),
            "/tin/bai-viet-2.html": with_etag(offering("Bài hai", b"/tep/chung.pdf")),
            "/tep/chung.pdf": pdf(b"mot"),
            "/tep/rieng.pdf": pdf(b"mot"),
        }
        host.routes |= {f"/tin/bai-viet-{n}.html": with_etag(article(f"Bài số {n}")) for n in range(3, 7)}
        tinhuyen("init")
        tinhuyen("add", host.base, "--allow-private")
        first = tinhuyen("crawl", "--delay", "0")
        assert "6 new" in first.stdout, first.stdout + first.stderr
        yield host


def exported(tinhuyen):
    return {line["url"].rsplit("-", 1)[1]: line for line in map(json.loads, tinhuyen("export").stdout.splitlines())}


def files(line, version):
    return {one["url"].rsplit("/", 1)[1]: one["sha256"] for one in line["versions"][version]["attachments"]}


def test_a_deep_look_finds_edits_removals_and_replaced_files(host, tinhuyen):
    before = exported(tinhuyen)
    host.routes["/tin/bai-viet-3.html"] = with_etag(article("Bài số 3, đính chính"))
    del host.routes["/tin/bai-viet-4.html"]
    host.routes["/tin/bai-viet-5.html"] = answer(b"", "302 Found", Location="/")
    host.routes["/tin/bai-viet-6.html"] = answer("<html><title>404</title><h1>Không tìm thấy trang</h1></html>")
    host.routes["/tep/chung.pdf"] = pdf(b"hai")
    del host.routes["/tep/rieng.pdf"]
    told = tinhuyen("crawl", "--full", "--delay", "0").stdout
    assert "(2 by an attachment replaced)" in told and "1 answering 404" in told
    after = exported(tinhuyen)
    looks = {name: [(look["status"], look["found"]) for look in line["not_seen"]] for name, line in after.items()}
    assert looks == {
        "1.html": [],
        "2.html": [],
        "3.html": [],
        "4.html": [(404, "missing")],
        "5.html": [(302, "home page")],
        "6.html": [(200, "error page")],
    }
    for name in ("4.html", "5.html", "6.html"):
        line = after[name]
        assert line["last_seen"] == before[name]["last_seen"] < line["last_checked"] == line["not_seen"][0]["at"]
        assert (line["gone_at"], line["text"]) == (None, before[name]["text"])
    one = after["1.html"]
    assert [version["change"] for version in one["versions"]] == [None, "attachment"]
    assert files(one, 0)["chung.pdf"] != files(one, 1)["chung.pdf"] == files(after["2.html"], 1)["chung.pdf"]
    assert files(one, 0)["rieng.pdf"] == files(one, 1)["rieng.pdf"] is not None
    assert one["capture"] == before["1.html"]["capture"]  # 304: what was read stays the evidence
    assert [version["change"] for version in after["3.html"]["versions"]] == [None, "text"]


def test_status_coverage_and_why_tell_what_was_not_found(host, tinhuyen):
    del host.routes["/tin/bai-viet-4.html"]
    host.routes["/tin/bai-viet-5.html"] = answer(b"", "302 Found", Location="/")
    del host.routes["/tep/rieng.pdf"]
    tinhuyen("crawl", "--full", "--delay", "0")
    line = "1 answer 404, not yet counted as removed; 1 show something else or fail"
    name = f"{host.address}-{host.port}"
    assert line in " ".join(tinhuyen("status").stdout.split())
    assert line in " ".join(tinhuyen("coverage", name).stdout.split())
    counts = json.loads(tinhuyen("status", "--json").stdout)["not_found"][name]
    assert (counts["answer_404"], counts["answer_otherwise"], counts["counted_gone"]) == (1, 1, 0)
    (capture,) = (look["capture"] for look in exported(tinhuyen)["4.html"]["not_seen"])
    why = tinhuyen("why", f"{host.base}/tin/bai-viet-4.html").stdout
    assert f"missing (404), capture {capture}" in why and "seen      last" in why
    assert "missing (404)" in tinhuyen("why", f"{host.base}/tep/rieng.pdf").stdout
    host.routes["/tep/rieng.pdf"] = answer("<html><title>404</title><h1>Không tìm thấy trang</h1></html>")
    host.routes["/tep/chung.pdf"] = answer(b"", "302 Found", Location="/")
    tinhuyen("crawl", "--full", "--delay", "0")
    assert "other page (200)" in tinhuyen("why", f"{host.base}/tep/rieng.pdf").stdout
    assert "moved (302)" in tinhuyen("why", f"{host.base}/tep/chung.pdf").stdout
    one = exported(tinhuyen)["1.html"]
    assert len(one["versions"]) == 1 and all(file["sha256"] for file in one["attachments"])  # nothing kept is lost
    assert "looks" in json.loads(tinhuyen("why", f"{host.base}/tin/bai-viet-5.html", "--json").stdout)[0]


def test_a_file_is_asked_for_once_a_crawl_however_many_articles_offer_it_and_conditionally(host, tinhuyen):
    before = host.asked("/tep/chung.pdf")
    tinhuyen("crawl", "--full", "--delay", "0")
    tinhuyen("crawl", "--full", "--delay", "0")
    assert host.asked("/tep/chung.pdf") == before + 2
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    assert host.asked("/tep/chung.pdf") == before + 2  # its articles were not due either


def test_after_any_number_of_304s_the_evidence_is_what_was_read(host, tinhuyen, tmp_path):
    before = exported(tinhuyen)
    for _ in range(2):
        assert "6 unchanged" in tinhuyen("crawl", "--full", "--delay", "0").stdout
    after = exported(tinhuyen)
    assert {name: line["capture"] for name, line in after.items()} == {n: line["capture"] for n, line in before.items()}
    conn = sqlite3.connect(tmp_path / "kho" / "archive.db")
    assert conn.execute("SELECT count(*) FROM capture WHERE status = 304 AND digest != ''").fetchone() == (0,)


def test_the_ladder_counts_from_publication_whatever_the_answer_was(host, tinhuyen, tmp_path):
    """A young article that answered 304 is asked again within a day, not in a month; an undated one counts from first sight."""
    ledger, archive = tmp_path / "kho" / "crawl.db", tmp_path / "kho" / "archive.db"
    conn = sqlite3.connect(archive)
    conn.execute(
        "UPDATE article SET published = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-2 hours') WHERE url LIKE '%-3.html'"
    )
    conn.execute("UPDATE article SET published_precision = 'minute' WHERE url LIKE '%-3.html'")
    conn.execute("UPDATE article SET published = NULL, first_seen = '2026-01-01T00:00:00Z' WHERE url LIKE '%-4.html'")
    conn.commit()
    conn.close()
    tinhuyen("crawl", "--full", "--delay", "0")
    rows = (
        sqlite3.connect(ledger)
        .execute("SELECT substr(url, -6), (due - visited_at) / 3600 FROM page WHERE article_id")
        .fetchall()
    )
    hours = dict(rows)
    assert 3 < hours["3.html"] < 5  # six hours after publication
    assert hours["5.html"] > 24 * 30  # published in 2024: every step but the yearly one is past


def test_an_article_in_whose_place_something_else_stays_is_asked_for_ever_more_seldom(host, tinhuyen, tmp_path):
    host.routes["/tin/bai-viet-5.html"] = answer(b"", "302 Found", Location="/")
    waits = []
    for _ in range(2):
        tinhuyen("crawl", "--full", "--delay", "0")
        ledger = sqlite3.connect(tmp_path / "kho" / "crawl.db")
        row = "SELECT (due - visited_at) / 86400 FROM page WHERE url LIKE '%-5.html'"
        waits.append(round(ledger.execute(row).fetchone()[0]))
        ledger.execute("UPDATE page SET unseen_since = unseen_since - ?", (40 * DAY,))
        ledger.commit()
        ledger.close()
    assert waits == [1, 50]


def test_a_gone_article_that_answers_again_is_found_by_a_deep_look(host, tinhuyen, tmp_path):
    kept = host.routes.pop("/tin/bai-viet-4.html")
    tinhuyen("crawl", "--full", "--delay", "0")
    ledger = sqlite3.connect(tmp_path / "kho" / "crawl.db")
    ledger.execute("UPDATE page SET suspect_since = suspect_since - ?, due = 1 WHERE state = 'suspect'", (15 * DAY,))
    ledger.commit()
    ledger.close()
    assert "1 counted as removed" in tinhuyen("crawl", "--delay", "0").stdout
    gone = exported(tinhuyen)["4.html"]
    assert gone["gone_at"] and len(gone["not_seen"]) == 2 and gone["missing_since"] == gone["not_seen"][0]["at"]
    assert "0 counted as removed" in tinhuyen("crawl", "--full", "--delay", "0").stdout  # counted once
    host.routes["/tin/bai-viet-4.html"] = kept
    tinhuyen("crawl", "--full", "--delay", "0")
    back = exported(tinhuyen)["4.html"]
    assert (back["gone_at"], back["missing_since"], back["not_seen"]) == (None, None, [])


def test_a_lost_ledger_is_told_and_nobody_is_asked_again_for_what_is_not_due(host, tinhuyen, tmp_path):
    before, asked = exported(tinhuyen), len(host.log)
    for path in (tmp_path / "kho").glob("crawl.db*"):
        path.unlink()
    told = tinhuyen("crawl", "--delay", "0")
    assert told.returncode == 0 and "crawl.db was lost" in told.stderr and "6 articles and 2 files" in told.stderr
    again = [entry[0] for entry in host.log[asked:]]
    assert "/" in again and not [path for path in again if path.startswith(("/tin/", "/tep/"))]
    assert exported(tinhuyen) == before and "6" in tinhuyen("status").stdout
    assert tinhuyen("verify").returncode == 0
