"""What becomes of a page that was asked for: a table of answers, each with the state its row is left in."""

from __future__ import annotations

import gzip
import time
from typing import Any

import pytest
from scrapy.http import Headers

from archive.model import Capture
from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.visitor import Answer, Visitor
from crawler.fetch.failures import FetchFailure
from crawler.ledger import revisits
from crawler.ledger.rows import NO_VALIDATORS, Page, Validators
from tests.crawler.crawl.opened import HOME, page_of, why
from tests.crawler.extract.pages.plain import TITLE, plain

DAY = 86400.0
LISTED = [
    f'<p><a href="/tin/bai-so-{n}-cua-xa.html">Xã Hòa An họp bàn việc thứ {n} trong năm</a></p>' for n in range(12)
]
LIST = f"<html><head><title>Tin tức</title></head><body>{''.join(LISTED)}</body></html>"
FEED = '<rss version="2.0"><channel><item><title>x</title><link>{}</link></item></channel></rss>'
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{}</loc></url></urlset>'
PDF = b"%PDF-1.4\n1 0 obj\n"


def answered(
    row: Page, body: bytes | str = b"", status: int = 200, *, truncated: str | None = None, **headers
) -> Answer:
    """An answer as it is kept, its headers named with underscores."""
    data = body.encode() if isinstance(body, str) else body
    named = {
        name.replace("_", "-"): value for name, value in {"Content_Type": "text/html; charset=utf-8", **headers}.items()
    }
    capture = Capture(
        "urn:uuid:1", "a.warc.gz", 0, len(data), row.url, "2026-03-01T00:00:00Z", status, "sha256:A", row.portal,
        content_type=named["Content-Type"], payload_bytes=len(data), truncated=truncated,
    )  # fmt: skip
    return Answer(capture, data, data, Headers(named))


def visited(
    crawl, url: str = HOME + "1", answer: dict[str, Any] | None = None, known: dict[str, Any] | None = None
) -> Visit:
    row = page_of(url, **(known or {}))
    return Visitor(crawl).visit(row, 3, answered(row, **(answer or {})), None)


ARTICLE = {"was": "stored", "role": "article", "article_id": 7}
FILE = {"was": "file", "role": "file"}

TABLE = [
    # a first visit
    ("article", {}, {"body": plain()}, "stored", "article", None),
    ("list", {}, {"body": LIST}, "listed", "list", None),
    ("dead-link", {}, {"status": 404}, "skipped", "404", None),
    ("gone-link", {}, {"status": 410}, "skipped", "410", None),
    ("refused", {}, {"status": 403}, "failed", "403", None),
    ("wants-login", {}, {"status": 401}, "failed", "401", None),
    ("odd-status", {}, {"status": 418}, "skipped", "418", None),
    ("not-changed-but-never-kept", {}, {"status": 304}, "new", "304", None),
    ("cut-off", {}, {"body": plain(), "truncated": "disconnect"}, "new", "cut off", None),
    ("redirect", {}, {"status": 301, "Location": "/tin/2.html"}, "skipped", "/tin/2.html", None),
    ("redirect-out", {}, {"status": 302, "Location": "http://noi-khac.vn/"}, "skipped", "out of the portal", None),
    ("redirect-nowhere", {}, {"status": 302}, "skipped", "no address", None),
    ("redirect-to-itself", {}, {"status": 302, "Location": "/1"}, "failed", "circle", None),
    ("empty", {}, {"body": ""}, "failed", "empty", None),
    ("pdf", {}, {"body": PDF, "Content_Type": "application/pdf"}, "file", "file", None),
    ("pdf-said-to-be-html", {}, {"body": PDF}, "file", "file", None),
    ("sent-as-a-document", {}, {"body": "<p>x</p>", "Content_Disposition": 'attachment; filename="a.doc"'}, "file", "file", None),
    # feeds and sitemaps
    ("feed", {"role": "feed"}, {"body": FEED.format(HOME + "a.html"), "Content_Type": "text/xml"}, "listed", "1 entries", None),
    ("no-feed-there", {"role": "feed"}, {"status": 404}, "skipped", "404", None),
    ("sitemap", {"role": "sitemap"}, {"body": SITEMAP.format(HOME + "a.html")}, "listed", "1 pages", None),
    ("packed-sitemap", {"role": "sitemap"}, {"body": gzip.compress(SITEMAP.format(HOME + "a.html").encode())}, "listed", "1 pages", None),
    ("no-sitemap", {"role": "sitemap"}, {"body": LIST}, "skipped", "no sitemap", None),
    # the home page
    ("home", {"role": "home", "depth": 0}, {"body": LIST}, "listed", "list", None),
    ("home-missing", {"role": "home", "depth": 0}, {"status": 404}, "failed", "is the address right", None),
    ("home-moved", {"role": "home", "depth": 0}, {"status": 301, "Location": "http://xamoi.gov.vn/"}, "failed", "xamoi", None),
    # a requisite
    ("picture-is-a-page", {"role": "requisite"}, {"body": LIST}, "skipped", "page came", None),
    ("style", {"role": "requisite"}, {"body": "a{}", "Content_Type": "text/css"}, "file", "file", None),
    # a kept article
    ("article-missing", ARTICLE, {"status": 404}, "suspect", "404", "missing"),
    ("article-refused", ARTICLE, {"status": 403}, "stored", "403", "refused"),
    ("article-is-a-list", ARTICLE, {"body": LIST}, "stored", "no proof", "other page"),
    ("article-is-a-file", ARTICLE, {"body": PDF, "Content_Type": "application/pdf"}, "stored", "no proof", "other page"),
    ("article-leads-home", ARTICLE, {"status": 302, "Location": "/"}, "stored", "home page", "home page"),
    ("article-moved", ARTICLE, {"status": 301, "Location": "/tin/khac.html"}, "stored", "no proof", "moved"),
    ("article-as-before", ARTICLE, {"status": 304}, "unchanged", "304", None),
    ("gone-article-back", {**ARTICLE, "was": "gone"}, {"body": plain()}, "stored", "article", None),
    ("gone-article-still-gone", {**ARTICLE, "was": "gone"}, {"status": 404}, "gone", "404", "missing"),
    ("suspect-article-is-a-list", {**ARTICLE, "was": "suspect"}, {"body": LIST}, "stored", "no proof", "other page"),
    # a kept file
    ("file-missing", FILE, {"status": 404}, "file", "kept copy", "missing"),
    ("file-is-a-page", FILE, {"body": plain()}, "file", "kept copy", "other page"),
    ("file-as-before", FILE, {"status": 304}, "file", "304", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "answer", "state", "says", "instead"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_an_answer_leaves_a_row_in_this_state_with_this_reason(opened, known, answer, state, says, instead):
    visit = visited(opened(), known=known, answer=answer)
    assert (visit.outcome.state, visit.outcome.instead) == (state, instead)
    assert says in str(visit.outcome.reason)
    assert (visit.capture.status, visit.epoch) == (answer.get("status", 200), 3)
    assert (visit.article is not None) is (state == "stored" and instead is None)


def due(visit: Visit) -> float | None:
    """Days from now."""
    return None if visit.outcome.due is None else (visit.outcome.due - time.time()) / DAY


@pytest.mark.parametrize(
    ("known", "answer", "days"),
    [
        ({}, {"status": 404}, None),
        ({}, {"status": 403}, None),
        ({}, {"body": PDF}, None),
        ({"depth": 1}, {"body": LIST}, 1),
        ({"depth": 5}, {"body": LIST}, 7),
        (ARTICLE, {"status": 404}, 1),
        ({**ARTICLE, "was": "gone"}, {"status": 404}, None),
        (ARTICLE, {"body": LIST}, 1),
        (ARTICLE, {"status": 403}, 1),
        ({}, {"body": plain(date='<div class="ngay-dang">Ngày đăng: 13/01/2020 08:30</div>')}, 365),
    ],
    ids=["dead", "refused", "file", "first-list", "deep-list", "missing", "gone", "other-page", "article-refused", "old-article"],
)  # fmt: skip
def test_a_page_is_asked_for_again_after_so_many_days(opened, known, answer, days):
    found = due(visited(opened(), known=known, answer=answer))
    assert found is None if days is None else days * 0.99 <= found <= days * 1.13


def test_an_article_seen_on_the_day_of_its_publication_is_asked_for_within_hours(opened):
    today = time.strftime("%d/%m/%Y %H:%M", time.gmtime(time.time() + 7 * 3600))
    visit = visited(opened(), answer={"body": plain(date=f'<div class="ngay-dang">Ngày đăng: {today}</div>')})
    assert 0 < due(visit) <= 0.26


def test_a_page_that_was_cut_off_is_tried_again_and_counts(opened):
    visit = visited(opened(), answer={"body": plain(), "truncated": "disconnect"}, known={"tries": 1})
    assert visit.outcome.tries == 2
    assert 0 < due(visit) * DAY <= revisits.RETRY[1] + 1


def test_after_the_last_try_it_is_left_to_a_later_crawl(opened):
    known = {"tries": len(revisits.RETRY)}
    visit = visited(opened(), answer={"body": plain(), "truncated": "disconnect"}, known=known)
    assert (visit.outcome.state, visit.outcome.due) == ("failed", None)


def test_no_answer_at_all_keeps_what_is_known_of_the_page(opened):
    crawl, row = opened(), page_of(HOME + "1", was="listed", etag='"a1"')
    visit = Visitor(crawl).visit(row, 3, None, FetchFailure(why("the server refuses the connection"), True))
    assert (visit.outcome.state, visit.outcome.validators.etag, visit.capture, visit.outcome.tries) == (
        "listed",
        '"a1"',
        None,
        1,
    )
    assert "refuses the connection" in str(visit.outcome.reason)


def test_validators_are_kept_of_a_whole_answer_alone(opened):
    crawl = opened()
    headers = {"ETag": '"a1"', "Last_Modified": "Mon, 04 Mar 2024 01:00:00 GMT"}
    whole = visited(crawl, answer={"body": LIST, **headers})
    torn = visited(crawl, answer={"body": LIST, "truncated": "length", **headers})
    assert whole.outcome.validators == Validators('"a1"', headers["Last_Modified"])
    assert torn.outcome.validators == NO_VALIDATORS


def test_what_a_page_links_is_found_once_and_under_it(opened):
    crawl = opened()
    visitor, rows = Visitor(crawl), [page_of(HOME + "muc/1"), page_of(HOME + "muc/2")]
    first, second = (visitor.visit(row, 3, answered(row, LIST), None) for row in rows)
    links = [found for found in first.found if found.skip is None]
    assert {found.url for found in links} == {f"{HOME}tin/bai-so-{n}-cua-xa.html" for n in range(12)}
    assert {(found.found_on, found.depth, found.portal) for found in links} == {(HOME + "muc/1", 2, "xahoa")}
    assert second.found == []


def test_what_lies_outside_the_portal_is_no_link_of_it(opened):
    body = LIST.replace("/tin/bai-so-3-", "http://noi-khac.com.vn/tin/bai-so-3-")
    assert not [found for found in visited(opened(), answer={"body": body}).found if "noi-khac" in found.url]


def test_files_of_an_article_are_asked_for_on_hosts_of_the_state_alone(opened):
    files = "".join(
        f'<p><a href="http://{host}/van-ban-1.pdf">Công văn số {n}</a></p>'
        for n, host in enumerate(("xahoa.gov.vn", "tinh.gov.vn", "noi-khac.com"))
    )
    body = plain(plain_paragraphs() + files)
    visit = visited(opened(), answer={"body": body})
    skipped = {found.url.split("/")[2]: found.skip for found in visit.found if found.role == "file"}
    assert skipped.keys() == {"xahoa.gov.vn", "tinh.gov.vn", "noi-khac.com"}
    assert [host for host, skip in skipped.items() if skip is None] == ["xahoa.gov.vn", "tinh.gov.vn"]


def plain_paragraphs() -> str:
    return "".join(f"<p>{TITLE}, việc thứ {n} được bàn kỹ và ghi vào biên bản của cuộc họp.</p>" for n in range(5))


@pytest.mark.parametrize(("files", "counted"), [({"status": 404}, 0), ({"body": PDF}, 1)])
def test_a_file_is_counted_when_it_came_and_not_when_its_old_copy_stays(opened, files, counted):
    crawl = opened()
    visited(crawl, answer=files, known=FILE)
    assert crawl.run.tally.files == counted


def test_a_page_that_breaks_its_reader_is_a_failed_page_and_no_broken_crawl(opened, monkeypatch):
    def broken(*args, **named):
        raise RecursionError("too deep")

    monkeypatch.setattr("crawler.crawl.visits.visitor.read", broken)
    visit = visited(opened(), answer={"body": LIST})
    assert visit.outcome.state == "failed" and "RecursionError" in str(visit.outcome.reason)


def test_the_home_page_tells_the_portals_title_once(opened):
    crawl = opened()
    visited(
        crawl, answer={"body": LIST.replace("Tin tức", " Cổng  thông tin xã Hòa ")}, known={"role": "home", "depth": 0}
    )
    visited(crawl, answer={"body": LIST}, known={"role": "home", "depth": 0})
    assert crawl.portals["xahoa"].title == "Cổng thông tin xã Hòa"


def test_a_crawl_that_wants_so_many_articles_has_them_when_it_read_them(opened):
    crawl = opened()
    visitor = Visitor(crawl, limit=1)
    row, again = page_of(HOME + "1"), page_of(HOME + "2", **ARTICLE)
    visitor.visit(again, 3, answered(again, plain()), None)
    assert not visitor.limit_reached  # one that is kept already is none of them
    visitor.visit(row, 3, answered(row, plain()), None)
    assert visitor.limit_reached
