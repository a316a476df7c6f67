"""Feeds and sitemaps as portals send them."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.feed import parse_feed
from crawler.discovery.links import css_requisites
from crawler.discovery.sitemap import parse_sitemap

RSS = """\ufeff
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><link>http://x.vn/</link>
<item><title>Họp & bàn</title><link> http://x.vn/1 </link><pubDate>Mon, 13 Jan 2020 08:30:00 +0700</pubDate></item>
<item><title>Không có link</title><guid>http://x.vn/2</guid></item>
<item><guid isPermaLink="false">3</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="http://x.vn/feed"/>
<entry><title>A</title><link rel="edit" href="http://x.vn/e"/><link href="http://x.vn/a"/><published>2020-01-13</published></entry></feed>"""


@pytest.mark.parametrize(
    ("body", "urls"),
    [(RSS, ["http://x.vn/1", "http://x.vn/2"]), (ATOM, ["http://x.vn/a"]), ("<html><p>404", []), ("", [])],
    ids=["rss-with-a-stray-ampersand", "atom", "a-page", "nothing"],
)
def test_entries_of_a_feed(body, urls):
    assert [entry.url for entry in parse_feed(body.encode())] == urls


def test_a_feed_says_when():
    assert parse_feed(RSS.encode())[0].published == "Mon, 13 Jan 2020 08:30:00 +0700"


NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
PAGES = f"<urlset {NS}><url><loc>http://x.vn/1</loc><lastmod>2020-01-13</lastmod></url><url><loc/></url></urlset>"
INDEX = f"<sitemapindex {NS}><sitemap><loc>http://x.vn/s.xml</loc></sitemap></sitemapindex>"


@pytest.mark.parametrize(
    ("body", "pages", "maps"),
    [
        (PAGES.encode(), ["http://x.vn/1"], []),
        (gzip.compress(PAGES.encode()), ["http://x.vn/1"], []),
        (INDEX.encode(), [], ["http://x.vn/s.xml"]),
        (b"http://x.vn/1\nhttp://x.vn/2\n", ["http://x.vn/1", "http://x.vn/2"], []),
        (b"<html><body>http://x.vn/1</body></html>", [], []),
    ],
    ids=["pages", "gzipped", "index", "plain", "a-page"],
)
def test_sitemaps(body, pages, maps):
    found = parse_sitemap(body)
    assert [entry.url for entry in found.pages] == pages
    assert [entry.url for entry in found.sitemaps] == maps


DECLARED = '<?xml version="1.0" encoding="{}"?>\n'
FEED = (
    "<rss><channel><item><title>Giá < 5 & > 3 <b>đồng</title><description>&nbsp;&agrave;\x0b</description>"
    "<link>http://x.vn/a?b=1&c=2&copy=3&#38;d=4</link></item>"
    "<item><title><![CDATA[a & <b]]></title><link><![CDATA[http://x.vn/?a=1&b=2]]></link></item></channel></rss>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "before",
    [
        "", DECLARED.format("utf-16"), DECLARED.format("windows-1258"), "\n\n  " + DECLARED.format("utf-8"),
        "<br />\n<b>Notice</b>:  trim(): in <b>/var/www/a.php</b> on line <b>12</b><br />\n" + DECLARED.format("utf-8"),
        "<!-- made by hand -->\n<!DOCTYPE rss [<!ENTITY x 'y'>]>",
    ],
    ids=["bare", "labelled-utf-16", "labelled-1258", "blank-lines", "after-a-notice", "comment-and-doctype"],
)  # fmt: skip
def test_a_feed_is_read_whatever_its_label_says_and_whatever_stands_before_it(before, encoding):
    found = parse_feed((before + FEED).encode(encoding), "text/xml; charset=windows-1258")
    assert [entry.url for entry in found] == ["http://x.vn/a?b=1&c=2&copy=3&d=4", "http://x.vn/?a=1&b=2"]
    assert [entry.title for entry in found] == ["Giá < 5 & > 3 <b>đồng", "a & <b"]


def test_the_address_behind_a_counting_service_is_taken():
    item = "<item><link>http://dem.example/~r/1</link><feedburner:origLink>http://x.vn/?a=1&amp;amp;b=2</feedburner:origLink></item>"
    assert [entry.url for entry in parse_feed(f"<rss><channel>{item}</channel></rss>".encode())] == [
        "http://x.vn/?a=1&b=2"
    ]


def test_links_of_an_atom_feed_are_relative_to_its_bases():
    feed = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://x.vn/tin/">
    <entry xml:base="2020/"><link href="bai-1.html"/></entry><entry><link xml:base="/khac/" href="bai-2.html"/></entry></feed>"""
    urls = [entry.url for entry in parse_feed(feed.encode())]
    assert urls == ["http://x.vn/tin/2020/bai-1.html", "http://x.vn/khac/bai-2.html"]


@pytest.mark.parametrize(
    ("body", "pages"),
    [
        (f"<urlset {NS}><url><loc>http://x.vn/?a=1&b=2</loc></url></urlset>", ["http://x.vn/?a=1&b=2"]),
        (
            f"<urlset {NS}><url><loc>http://x.vn/1</loc><image:loc>http://x.vn/1.jpg</image:loc></url></urlset>",
            ["http://x.vn/1"],
        ),
        ("<urlset><url><image:image><image:loc>/1.jpg</image:loc></image:image><loc> /1 </loc></url></urlset>", ["/1"]),
        (FEED, ["http://x.vn/a?b=1&c=2&copy=3&d=4", "http://x.vn/?a=1&b=2"]),
        ("\ufeffhttp://x.vn/1\r\n\r\nhttp://x.vn/hai ba\r\n", ["http://x.vn/1", "http://x.vn/hai ba"]),
        ("<!doctype html><html><body><rss><item><link>http://x.vn/</link></item></rss>", []),
        ("Danh sách các trang\nhttp://x.vn/1\nkhông có gì", []),
    ],
    ids=["bare-ampersand", "a-picture-beside", "undeclared-prefix", "a-feed", "text-of-notepad", "a-page", "prose"],
)
def test_sitemaps_as_they_are_written(body, pages):
    assert [entry.url for entry in parse_sitemap(body.encode()).pages] == pages
    if not body.startswith("\ufeff"):
        assert [entry.url for entry in parse_sitemap(body.encode("utf-16")).pages] == pages


def test_a_sitemap_named_as_feed_has_no_entries():
    assert parse_feed(PAGES.encode()) == []


def test_an_entity_bomb_stays_small():
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "' + b"x" * 1000 + b'"><!ENTITY b "' + b"&a;" * 1000 + b'">]><urlset>&b;&b;</urlset>'
    )
    assert parse_sitemap(bomb).pages == []


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(body):
    parse_feed(body)
    parse_sitemap(body)
    css_requisites(body, "http://x.vn/a.css")


def test_a_style_sheet_names_what_it_needs():
    css = b"@import 'base.css'; body{background:url( \"/i/bg.png\" )} i{src:url(data:font/woff;base64,AAA)}"
    assert css_requisites(css, "http://x.vn/css/a.css") == ["http://x.vn/css/base.css", "http://x.vn/i/bg.png"]


def test_a_reference_to_an_entity_of_the_doctype_is_no_address():
    sitemap = (
        b'<!DOCTYPE x [<!ENTITY a "http://x.gov.vn/"><!ENTITY copy "c">]><urlset><url><loc>&a;</loc></url></urlset>'
    )
    feed = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item><link>&f;</link></item></channel></rss>'
    assert parse_sitemap(sitemap).pages == []
    assert [entry.url for entry in parse_feed(feed) or [] if entry.url] == []
