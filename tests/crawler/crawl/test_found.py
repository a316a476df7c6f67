"""What a crawl finds on portals that hide it: behind sign-posts, in frames, in feeds a page links, under scripts' names."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.conftest import answer
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow

ONE, TWO = "/tin/bai-mot.html", "/tin/bai-hai.html"
ARTICLES = {ONE: answer(article("Xã Hòa An sửa trạm bơm")), TWO: answer(article("Chợ phiên Hòa An xếp lại hàng"))}


@pytest.fixture
def crawl(loopback, tinhuyen):
    """Serve routes, crawl them once; answers the articles by their path."""

    def run(routes):
        loopback.routes = {**ARTICLES, **routes}
        assert tinhuyen("init").returncode == 0
        assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
        return again()

    def again():
        done = tinhuyen("crawl", "--delay", "0")
        assert "Traceback" not in done.stderr, done.stderr
        exported = [json.loads(line) for line in tinhuyen("export", "--format", "jsonl").stdout.splitlines()]
        return {found["url"].removeprefix(loopback.base): found for found in exported}

    run.again = again
    return run


@pytest.fixture
def rows(tmp_path, loopback):
    def read():
        with sqlite3.connect(tmp_path / "kho" / "crawl.db") as conn:
            return {
                url.removeprefix(loopback.base): (state, reason)
                for url, state, reason in conn.execute("SELECT url, state, reason FROM page")
            }

    return read


SIGN_POSTS = {
    "meta": answer('<html><head><meta http-equiv="refresh" content="0; url=/trang-chu"></head></html>'),
    "header": answer("<html><body></body></html>", Refresh="3; url=/?lang=en"),
    "script": answer("<html><body><script>top.location.replace('/trang-chu')</script></body></html>"),
    "frames": answer(
        '<html><frameset cols="20%,*"><frame src="/trong.html"><frame src="/trang-chu"></frameset></html>'
    ),
    "one-inner-frame": answer('<html><body><iframe src="/trang-chu" width="100%"></iframe></body></html>'),
    "a-picture-to-click-at": answer('<html><body><a href="/trang-chu"><img src="/anh/bia.jpg"></a></body></html>'),
    "same-address": answer('<html><head><meta http-equiv="refresh" content="0; url=index.php"></head></html>'),
}


@pytest.mark.parametrize("kind", SIGN_POSTS)
def test_a_home_page_that_only_leads_on_is_followed_each_time(kind, crawl, tinhuyen):
    home = answer(links(ONE))
    assert set(
        crawl(
            {
                "/": SIGN_POSTS[kind],
                "/trang-chu": home,
                "/?lang=en": home,
                "/index.php": home,
                "/trong.html": answer(links()),
            }
        )
    ) == {ONE}
    status = tinhuyen("status", "--json").stdout
    assert "moved" not in status and "broken answers" not in status


def test_sign_posts_in_a_circle_end(crawl, loopback):
    circle = {
        "/": answer(links("/a.html", ONE)),
        "/a.html": answer('<meta http-equiv="refresh" content="0;url=/b.html">'),
        "/b.html": answer('<meta http-equiv="refresh" content="0;url=/a.html">'),
    }
    assert set(crawl(circle)) == {ONE}
    assert loopback.asked("/a.html") == loopback.asked("/b.html") == 1


def test_feeds_that_a_page_links_plainly_are_read(crawl, rows):
    feed = "<rss><channel><item><link>{}</link></item></channel></rss>"
    routes = {
        "/": answer('<html><body><a href="/rss.html">RSS</a></body></html>'),
        "/rss.html": answer(
            '<html><body><a href="/rss/tin.rss">Tin (RSS)</a><a href="/Rss.aspx?id=2">Thông báo</a></body></html>'
        ),
        "/rss/tin.rss": answer(feed.format(ONE), kind="text/xml"),
        "/Rss.aspx?id=2": answer(feed.format(TWO), kind="text/xml"),
    }
    assert set(crawl(routes)) == {ONE, TWO}
    assert rows()["/rss/tin.rss"] == ("listed", "a feed of 1 entries")


def test_lists_in_inner_frames_are_followed(crawl):
    routes = {"/": answer(links() + '<iframe src="/ds.aspx?muc=5"></iframe>'), "/ds.aspx?muc=5": answer(links(ONE))}
    assert set(crawl(routes)) == {ONE}


@pytest.mark.parametrize("key", ["lift", "include"])
def test_settings_lift_a_rule(key, crawl, rows, loopback, tmp_path):
    routes = {
        "/": answer(links("/calendar/2020/12", "/calendar/2020/13", ONE)),
        "/calendar/2020/12": answer(article("Lịch công tác tuần 12 của lãnh đạo xã Hòa An")),
    }
    assert set(crawl(routes)) == {ONE}
    assert rows()["/calendar/2020/12"] == ("skipped", "trap: a calendar")
    config = tmp_path / "kho" / "tinhuyen.toml"
    config.write_text(config.read_text().replace("allow_private", f'{key} = ["/2020/12$"]\nallow_private', 1))
    assert set(crawl.again()) == {ONE, "/calendar/2020/12"}
    assert rows()["/calendar/2020/13"][0] == "skipped"


def test_files_are_told_by_their_bytes_and_named_by_their_server(crawl, rows):
    paragraphs = '<p><a href="/tai.aspx?so=1">Tải về</a></p><p><a href="/chuyen.aspx?so=2">Tải về</a></p><p><a href="/f/kế hoạch.xls">Biểu</a></p>'
    pdf, document = b"%PDF-1.4 quyet dinh", b"PK\x03\x04 phu luc"
    routes = {
        "/": answer(links("/tin/co-tep.html")),
        "/tin/co-tep.html": answer(
            article("Xã Hòa An ra quyết định").replace(b"</div></article>", paragraphs.encode() + b"</div></article>")
        ),
        "/tai.aspx?so=1": answer(
            pdf, Content_Disposition="attachment; filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf"
        ),
        "/chuyen.aspx?so=2": answer("", "302 Found", Location="/kho/phu-luc-2"),
        "/kho/phu-luc-2": answer(document, Content_Disposition='attachment; filename="Phu luc 2.docx"'),
        "/f/k%E1%BA%BF%20ho%E1%BA%A1ch.xls": answer(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 bang"),
    }
    (found,) = crawl(routes).values()
    assert [(file["name"], file["bytes"]) for file in found["attachments"]] == [
        ("Quyết định.pdf", len(pdf)), ("Phu luc 2.docx", len(document)), ("Biểu", 13),
    ]  # fmt: skip
    assert rows()["/kho/phu-luc-2"][0] == "file"


def test_a_token_of_the_visit_in_the_path_is_no_part_of_an_address(crawl, loopback):
    real = {"/": answer(links("/tin.aspx?so=1")), "/tin.aspx?so=1": answer(article("Xã Hòa An sửa trạm bơm"))}
    routes = {}
    for path, page in real.items():
        tokened = f"/(S(lit3py55t21z5v55vlm25s55)){path}"
        routes[path] = answer("", "302 Found", Location=tokened)
        routes[tokened] = page
    assert set(crawl(routes)) == {"/tin.aspx?so=1"}
    assert set(crawl.again()) == {"/tin.aspx?so=1"}


def test_an_empty_feed_that_quotes_a_page_ends(crawl, rows):
    quoting = (
        "<rss><channel><description><![CDATA[<html><body>Chưa có tin</body></html>]]></description></channel></rss>"
    )
    assert set(crawl({"/": answer(links(ONE, "/moi.xml")), "/moi.xml": answer(quoting, kind="text/xml")})) == {ONE}
    assert rows()["/moi.xml"][0] == "skipped"
