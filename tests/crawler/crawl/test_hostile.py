"""Pages served with every kind of malice and mishap: each ends with a state and a plain reason, and the rest is kept.

One crawl of one server; the kinds are the rows of :data:`CASES`.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib

import pytest
from fastwarc.warc import ArchiveIterator

from tests.conftest import answer
from tests.crawler.crawl.hostile import Case, Crawled, endless, links, reset_after, serving
from tests.crawler.crawl.test_faults import article

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile")]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
ZEROS = b"\0" * 60_000_000


def whole(title: str, *lines: bytes) -> bytes:
    """A sound article under a head that has ``lines`` added."""
    return _with_length(OK + b"".join(line + b"\r\n" for line in lines), article(title))


def _with_length(head: bytes, body: bytes) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def framed(framing: bytes, title: str) -> bytes:
    """An article under a head whose framing is ``framing``."""
    return OK + framing + b"\r\n\r\n" + article(title)


def chunked(*pieces: bytes, extra: bytes = b"") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return OK + extra + b"Transfer-Encoding: chunked\r\n\r\n" + body


def encoded(body: bytes, label: str) -> bytes:
    return answer(body, Content_Encoding=label)


def moved(to: bytes, status: bytes = b"302 Found") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\nLocation: " + to + b"\r\nContent-Length: 0\r\n\r\n"


def deflated(body: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(body) + squeeze.flush()


def page(body: str) -> bytes:
    return f"<!doctype html><html><head><title>Xã</title></head><body>{body}</body></html>".encode()


SIZE = [
    Case("gzip-bomb", encoded(gzip.compress(ZEROS), "gzip"), "failed", "once it is decompressed"),
    Case("deflate-bomb", encoded(zlib.compress(ZEROS), "deflate"), "failed", "once it is decompressed"),
    Case("endless-body", endless(OK + b"\r\n", b"<p>x</p>" * 8192), "failed", "larger than the limit"),
    Case("endless-chunks", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"), "failed", "larger"),
    Case("page-of-40-mb", answer(b"<p>x</p>" * 5_000_000), "failed", "larger than the limit"),
    Case("endless-head", endless(OK, b"X-More: and more\r\n" * 1000), "failed", "head of the answer is larger"),
    Case("endless-header-line", endless(OK + b"X-Line: ", b"x" * 65536), "failed", "head of the answer is larger"),
    Case("endless-interim", endless(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 1000), "failed", "head of the answer is larger"),
    Case("header-line-of-100-kb", whole("Dòng dài", b"X-Long: " + b"x" * 100_000), "failed", "head of the answer is larger"),
    Case("header-line-of-20-kb", whole("Dòng vừa", b"X-Long: " + b"x" * 20_000), "stored", ""),
    Case("10000-headers", whole("Nhiều dòng", *(b"X-%d: x" % n for n in range(10_000))), "failed", "head of the answer is larger"),
    Case("1000-cookies", whole("Nhiều bánh", *(b"Set-Cookie: k%d=v; Path=/" % n for n in range(1000))), "stored", ""),
    Case("million-tags", answer("<html><body>" + "<p>" * 1_000_000), "failed", "empty page"),
    Case("hundred-thousand-tags", answer("<html><body>" + "<p>" * 100_000), "failed", "empty page"),
    Case("10000-nested", answer("<html><body>" + "<div>" * 10_000 + "sâu"), "failed", "nested"),
]  # fmt: skip

FRAMING = [
    Case("reset-in-head", reset_after(OK), "failed", "broke the connection off"),
    Case("reset-in-body", reset_after(OK + b"Content-Length: 9000\r\n\r\n" + article("x")[:700]), "failed", "cut off"),
    Case("length-too-long", framed(b"Content-Length: 90000", "Dài"), "failed", "cut off"),
    Case("length-too-short", framed(b"Content-Length: 40", "Ngắn"), "failed", "no words to read"),
    Case("length-negative", framed(b"Content-Length: -5", "Âm"), "failed", "no proper HTTP"),
    Case("length-in-words", framed(b"Content-Length: many", "Chữ"), "failed", "no proper HTTP"),
    Case("length-twice-the-same", whole("Hai lần", b"Content-Length: %d" % len(article("Hai lần"))), "stored", ""),
    Case("length-twice-unlike", whole("Hai lần khác", b"Content-Length: 7"), "failed", "no proper HTTP"),
    Case("chunks-torn", chunked(article("Rách")[:500]), "failed", "cut off"),
    Case("chunk-size-bad", OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + article("Sai cỡ"), "failed", "cut off"),
    Case("chunk-size-huge", OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 20 + b"\r\nabc", "failed", "cut off"),
    Case("chunked-with-length", chunked(article("Cả hai"), b"", extra=b"Content-Length: 7\r\n"), "stored", ""),
    Case("transfer-coding-unknown", OK + b"Transfer-Encoding: pigeon\r\n\r\n" + article("Bồ câu"), "failed", "transfer coding"),
    Case("header-without-colon", whole("Không hai chấm", b"this line has no colon"), "stored", ""),
    Case("header-without-name", whole("Không tên", b": nameless", b" continued"), "stored", ""),
    Case("header-of-binary", whole("Nhị phân", b"X-Bin: " + bytes(range(128, 256))), "stored", ""),
    Case("no-status-line", article("HTTP/0.9"), "failed", "no proper HTTP"),
    Case("status-line-of-ssh", b"SSH-2.0-OpenSSH_9.2 TLS certificate\r\n\r\n", "failed", "no proper HTTP"),
    Case("status-in-words", b"HTTP/1.1 OK fine\r\n\r\nhi", "failed", "no proper HTTP"),
    Case("nothing", b"", "failed", "broke the connection off"),
    Case("two-answers", whole("Một") + whole("Hai"), "stored", ""),
]  # fmt: skip

STATUS = [
    Case("status-999", answer("chặn", "999 Request denied"), "skipped", "answers 999"),
    Case("status-99", b"HTTP/1.1 99 Low\r\nContent-Length: 2\r\n\r\nhi", "failed", "no proper HTTP"),
    Case("interim-then-answer", b"HTTP/1.1 100 Continue\r\n\r\n" * 20 + whole("Sau 100"), "stored", ""),
    Case("204-with-body", answer(article("Không nội dung"), "204 No Content"), "skipped", "answers 204"),
    Case("206-unasked", answer(article("Một phần")[:900], "206 Partial Content"), "skipped", "answers 206"),
    Case("304-unasked", answer("", "304 Not Modified"), "failed", "never kept"),
    Case("401", answer("đăng nhập", "401 Unauthorized"), "failed", "refuses it (401)"),
    Case("403", answer("cấm", "403 Forbidden"), "failed", "refuses it (403)"),
    Case("407", answer("", "407 Proxy Authentication Required"), "failed", "password"),
    Case("418", answer("trà", "418 I'm a teapot"), "skipped", "answers 418"),
    Case("451", answer("luật", "451 Unavailable For Legal Reasons"), "skipped", "answers 451"),
    Case("500", answer("lỗi", "500 Internal Server Error"), "failed", "answers 500"),
    Case("200-empty", answer(b""), "failed", "empty"),
    Case("200-soft-404", answer(page("<h1>404 - Không tìm thấy trang</h1><p>Trang bạn tìm không tồn tại.</p>")), "skipped", "error page"),
    Case("200-maintenance", answer(page("<h1>Website đang bảo trì</h1><p>Hệ thống đang được nâng cấp, vui lòng quay lại sau.</p>")), "skipped", "bảo trì"),
    Case("200-challenge", answer(page("<h1>Just a moment...</h1><script src='/cdn-cgi/challenge-platform/x.js'></script><noscript>Enable JavaScript and cookies to continue</noscript>")), "failed", "blocked"),
]  # fmt: skip

REDIRECT = [
    Case("redirect-to-itself", moved(b"/tin/redirect-to-itself.html"), "failed", "circle"),
    Case("redirect-loop", moved(b"/tin/loop-b.html"), "skipped", "redirects to"),
    Case("redirect-to-private", moved(b"http://127.0.0.1:1/trong"), "skipped", "out of the portal"),
    Case("redirect-to-metadata", moved(b"http://169.254.169.254/latest/"), "skipped", "out of the portal"),
    Case("redirect-to-file", moved(b"file:///etc/passwd"), "skipped", "to no address"),
    Case("redirect-to-script", moved(b"javascript:alert(1)"), "skipped", "to no address"),
    Case("redirect-to-nowhere", answer("", "302 Found"), "skipped", "to no address"),
    Case("redirect-to-brackets", moved(b"http://[::1"), "skipped", "to no address"),
    Case("redirect-raw-utf8", moved("/tin/đích.html".encode()), "skipped", "redirects to"),
    Case("redirect-raw-latin1", moved(b"/tin/\xe9\xff.html"), "skipped", "redirects to"),
    Case("meta-refresh-loop", answer(page("<meta http-equiv=refresh content='0; url=/tin/meta-refresh-loop.html'>chờ")), "failed", "nothing but a redirect"),
]  # fmt: skip

CONTENT = [
    Case("says-gzip-is-not", encoded(article("Không nén"), "gzip"), "stored", ""),
    Case("says-deflate-raw", encoded(deflated(article("Nén trần")), "deflate"), "stored", ""),
    Case("gzip-twice", encoded(gzip.compress(gzip.compress(article("Nén hai lần"))), "gzip, gzip"), "stored", ""),
    Case("gzip-torn", encoded(gzip.compress(article("Nén rách"))[:-60], "gzip"), "failed", "cut off"),
    Case("coding-unknown", encoded(article("Mã lạ"), "pigeon"), "stored", ""),
    Case("binary-as-html", answer(bytes(range(256)) * 40), "failed", "binary"),
    Case("nul-bytes", whole("Không")[:-900] + b"\0" * 900, "failed", "binary"),
    Case("wrong-charset", answer(article("Sai bảng mã").replace(b"<meta charset=utf-8>", b""), kind="text/html; charset=iso-8859-1"), "stored", ""),
    Case("charset-unknown", answer(article("Mã không có"), kind="text/html; charset=tcvn-9999"), "stored", ""),
    Case("no-content-type", _with_length(b"HTTP/1.1 200 OK\r\n", article("Không kiểu")), "stored", ""),
    Case("content-type-nonsense", answer(article("Kiểu lạ"), kind="\xff;;=;"), "stored", ""),
    Case("million-attributes", answer(page("<p " + "a " * 400_000 + ">x</p>")), "failed", "more than 1,000 attributes"),
    Case("unclosed-everything", answer("<html><body>" + "<table><tr><td><b><p>" * 400 + "x"), "failed", "no words"),
]  # fmt: skip

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol0 "lol">'
    + b"".join(b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10) for n in range(1, 10))
    + b']><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>&lol9;</loc></url></urlset>'
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item><link>&f;</link></item></channel></rss>'
ONE_PAGE = b"<urlset><url><loc>%s/tin/from-sitemap.html</loc></url></urlset>"

LISTS = [
    Case("laughs.xml", answer(LAUGHS, kind="application/xml"), "skipped", "no sitemap"),
    Case("bomb.xml.gz", answer(gzip.compress(b"<urlset>" + b" " * 60_000_000 + b"</urlset>"), kind="application/gzip"), "failed", "once it is decompressed"),
    Case("million-tags.xml", answer(b"<urlset>" + b"<a/>" * 999_000, kind="text/xml"), "failed", "more than 600,000 tags"),
    Case("html.xml", answer(page("không phải sitemap")), "skipped", "no sitemap"),
    Case("wrong-type.xml", b"", "listed", "a sitemap of 1 pages"),
    Case("laughs-feed.xml", answer(LAUGHS.replace(b"urlset", b"rss"), kind="application/rss+xml"), "listed", "0 entries"),
    Case("outside-feed.xml", answer(OUTSIDE, kind="application/rss+xml"), "listed", "0 entries"),
    Case("html-feed.xml", answer(page("không phải feed")), "skipped", "no feed"),
]  # fmt: skip
"""Sitemaps and feeds, under the root of the server."""

PAGES = [*SIZE, *FRAMING, *STATUS, *REDIRECT, *CONTENT]
CASES = {case.name: case for case in [*PAGES, *LISTS]}
GOOD = [f"/tin/bai-{n}.html" for n in range(20, 24)]


def path_of(case: Case) -> str:
    return f"/{case.name}" if case in LISTS else f"/tin/{case.name}.html"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    with serving() as (server,):
        feeds = "".join(
            f'<link rel=alternate type="application/rss+xml" href="/{c.name}">' for c in LISTS if "feed" in c.name
        )
        home = links(*(path_of(case) for case in PAGES), *GOOD).replace(b"</head>", feeds.encode() + b"</head>")
        maps = [f"Sitemap: {server.base}/{case.name}\n" for case in LISTS if "feed" not in case.name]
        server.acts = {
            "/": answer(home),
            "/robots.txt": answer("User-agent: *\nDisallow: /cam\n" + "".join(maps), kind="text/plain"),
            **{path_of(case): case.act for case in PAGES + LISTS},
            **{path: answer(article(f"Bài số {path}")) for path in GOOD},
            "/wrong-type.xml": answer(ONE_PAGE % server.base.encode(), kind="text/html"),
            "/tin/from-sitemap.html": answer(article("Từ sitemap")),
            "/tin/loop-b.html": moved(b"/tin/redirect-loop.html"),
        }  # fmt: skip
        folder = tmp_path_factory.mktemp("hostile") / "kho"
        done = Crawled.of(folder, {"hostile": server.base + "/"}, {"timeout": 2, "max_page_mb": 4, "max_file_mb": 8})
        done.base = server.base
        yield done


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_kind_ends_with_a_state_and_a_plain_reason(crawled, case):
    state, reason = crawled.row(crawled.base + path_of(case))
    assert state == case.state and case.says in reason


def test_the_crawl_goes_on_and_keeps_what_is_sound(crawled):
    assert crawled.code == 1
    assert "Traceback" not in crawled.said and "problem" not in crawled.said
    assert {f"Bài số {path}" for path in GOOD} | {
        "Từ sitemap",
        "Không nén",
        "Nén hai lần",
        "Sau 100",
    } <= crawled.titles()
    assert not [page for page in crawled.pages(crawled.base) if page[1] in ("new", "leased")]


def test_a_redirect_in_raw_bytes_leads_where_a_browser_would_go(crawled):
    assert crawled.row(crawled.base + "/tin/%C4%91%C3%ADch.html")
    assert crawled.row(crawled.base + "/tin/%E9%FF.html")


def test_why_tells_the_reason_the_summary_gave(crawled):
    case = CASES["status-line-of-ssh"]
    assert case.says in crawled.run("why", crawled.base + path_of(case))


def test_memory_stays_bounded(crawled):
    assert crawled.megabytes < 300


def test_our_own_reader_reads_every_record_of_the_warc_file(crawled):
    (path,) = (crawled.folder / "warc").glob("*.warc.gz")
    with path.open("rb") as stream:
        urls = {record.headers["WARC-Target-URI"] for record in ArchiveIterator(stream) if record.is_http}
    assert {crawled.base + path for path in GOOD} <= urls


def test_an_independent_reader_finds_no_fault_in_the_warc_file(crawled):
    (path,) = (crawled.folder / "warc").glob("*.warc.gz")
    check = [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
