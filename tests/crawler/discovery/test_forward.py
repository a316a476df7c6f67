"""Pages that only lead on, as browsers follow them."""

from __future__ import annotations

import pytest

from crawler.discovery.forward import frames_of, inner_pages, is_thin, leads_on
from crawler.page.page import Page

HERE = "http://x.vn/cu/muc/bai.html"


def page(markup: str) -> Page:
    return Page.parse(markup.encode(), HERE, content_type="text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<meta content="1;URL=../../moi/bai-1.html" http-equiv="Refresh">', "http://x.vn/moi/bai-1.html"),
        ("<meta http-equiv=refresh content=0;url=/x>", "http://x.vn/x"),
        ("<META HTTP-EQUIV='REFRESH' CONTENT=\"10; URL='/a b'\">", "http://x.vn/a%20b"),
        ('<noscript><meta http-equiv="refresh" content="0;/n"></noscript>', "http://x.vn/n"),
        ('<meta http-equiv="refresh" content="300">', None),
        ('<meta http-equiv="refresh" content="300;url=/a">', None),
        (f'<meta http-equiv="refresh" content="0;url={HERE}">', None),
        ('<script>window.location.href = "/web/guest/home";</script>', "http://x.vn/web/guest/home"),
        ('<script><!--\nlocation.replace("http:\\/\\/x.vn\\/b")\n//--></script>', "http://x.vn/b"),
        ("<script>setTimeout(function(){ top.location.assign('/d') }, 3000)</script>", "http://x.vn/d"),
        ('<script>var u = "/e"; window.location = u;</script>', "http://x.vn/e"),
        ('<script>// location.href="/cu"\nlocation.href="/moi"</script>', "http://x.vn/moi"),
        ('<script>location.href = "/f?" + ma</script>', None),
        ('<script>document.cookie = "a=1"; location.href = "/f"</script>', None),
        ('<script>if (location.href == "/a") { go() }</script>', None),
        ("<script>function tim() { if (x) { location.href = '/tim-kiem' } }</script>", None),
        ("<script>function di() { location.href = '/moi' } setTimeout(di, 500)</script>", "http://x.vn/moi"),
        ("<script>setTimeout('location.href=\\'/moi\\'', 500)</script>", "http://x.vn/moi"),
        ("<script>nut.addEventListener('click', function () { location.href = '/g' })</script>", None),
    ],
)
def test_where_a_sign_post_leads(head, url):
    forward = leads_on(page(f"<html><head>{head}</head><body><p>Đang chuyển trang…</p></body></html>"))
    assert (forward.url if forward is not None else None) == url


def test_the_refresh_header_counts_as_the_markup_does():
    assert leads_on(page("<html><body>x</body></html>"), "0; url=/trang-chu").url == "http://x.vn/trang-chu"


def test_a_front_page_of_its_own_is_no_sign_post():
    links = "".join(f'<li><a href="/tin/{n}.html">Tin {n}</a></li>' for n in range(9))
    home = page(f"<html><body><ul>{links}</ul><script>location.href='/khac'</script></body></html>")
    assert not is_thin(home)
    assert leads_on(home) is None


def test_the_pages_of_frames():
    frame_set = '<frameset cols="20%,*"><frame src="/menu.html"><frame src="chinh.html"><frame></frameset>'
    assert frames_of(page(f"<html>{frame_set}</html>")) == ["http://x.vn/menu.html", "http://x.vn/cu/muc/chinh.html"]
    assert inner_pages(page('<iframe src="/ds.aspx?muc=5"></iframe><iframe></iframe>')) == ["http://x.vn/ds.aspx?muc=5"]


def test_a_program_of_many_functions_leads_nowhere_at_little_cost():
    functions = "".join(f"function f{n}(){{location.href='/x{n}'}}" for n in range(3000))
    body = f"<script>{functions}</script>" * 40 + "<script>location.href='/sau'</script>"
    assert leads_on(page(body)) is None
