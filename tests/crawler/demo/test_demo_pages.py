"""The demo's pages: they say what the truth says, link to pages that exist, and are the same every time."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
from html import escape
from urllib.parse import urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler import demo
from crawler.demo import files
from crawler.demo.body import mended
from crawler.demo.content import load
from crawler.demo.software.site import NOT_ARTICLES, Site

BASE = "http://127.0.0.1:8931"
NAMES = [portal.name for portal in demo.portals()]
LINKS = (("a", "href"), ("link", "href"), ("img", "src"), ("video", "src"), ("video", "poster"))


def target(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def text_of(html: bytes) -> str:
    tree = LexborHTMLParser(html)
    return mended(tree.body.text(separator="") if tree.body else "")


def is_trap(url: str) -> bool:
    """The language folders, and the calendar but for the two years that have articles."""
    return ("month=" in url and not url.endswith(("2019", "2020"))) or urlsplit(url).path.startswith(("/en/", "/vi/"))


def links(html: bytes, url: str) -> set[str]:
    tree = LexborHTMLParser(html)
    base = tree.css_first("base")
    start = (base.attributes.get("href") if base else None) or url
    found = {
        urljoin(start, node.attributes.get(name) or "").partition("#")[0]
        for tag, name in LINKS
        for node in tree.css(f"{tag}[{name}]")
    }
    return {link for link in found if link.startswith(BASE)}


def walk(site: Site) -> dict[str, int]:
    """Every address reached from the home page by links, traps left out, with its status."""
    statuses: dict[str, int] = {}
    waiting = [f"{BASE}/"]
    while waiting:
        url = waiting.pop()
        if url in statuses or is_trap(url):
            continue
        reply = site.reply(target(url))
        statuses[url] = reply.status
        if reply.status == 301:
            waiting.append(dict(reply.headers)["Location"])
        elif reply.content_type.startswith("text/html"):
            waiting += links(reply.body, url)
    return statuses


@pytest.mark.parametrize("name", NAMES)
def test_article_page_prints_what_is_true_of_it(name: str) -> None:
    site = demo.site(name, BASE)
    for row in demo.truth(name, BASE):
        reply = site.reply(target(row["url"]))
        assert reply.status == 200
        text = text_of(reply.body)
        cells = [cell for line in row["table"] for cell in line]
        wanted = [row["title"], row["lead"], row["section"], *row["body_paragraphs"], *row["bullets"], *cells]
        wanted += row["captions"] + row["tags"] + [item["name"] for item in row["attachments"]]
        missing = [piece for piece in wanted if piece not in text]
        assert missing == [], row["url"]


@pytest.mark.parametrize("name", NAMES)
def test_bylines_are_printed(name: str) -> None:
    """The seed's is printed with a blank too many, which the truth mends."""
    site = demo.site(name, BASE)
    for row in demo.truth(name, BASE):
        text = text_of(site.reply(target(row["url"])).body).replace(" ", "")
        assert row["byline"].replace(" ", "") in text, row["url"]


@pytest.mark.parametrize("name", NAMES)
def test_links_from_the_home_page_reach_every_page_and_none_is_dead(name: str) -> None:
    site = demo.site(name, BASE)
    statuses = walk(site)
    dead = {url for url, status in statuses.items() if status not in (200, 301)}
    assert dead == set()
    kinds = {"article", "asset", "file", *NOT_ARTICLES} - {"search"}
    wanted = {site.absolute(key) for key, route in site.routes.items() if route.kind in kinds}
    assert wanted - set(statuses) == set()


@pytest.mark.parametrize("name", NAMES)
def test_pages_that_are_no_articles_are_told_by_kind(name: str) -> None:
    others = demo.not_articles(name, BASE)
    articles = {row["url"] for row in demo.truth(name, BASE)}
    assert set(others.values()) == set(NOT_ARTICLES)
    assert not articles & set(others)
    site = demo.site(name, BASE)
    assert {site.reply(target(url)).status for url in others} == {200}


@pytest.mark.parametrize("name", ["hungha", "tragiang"])
def test_duplicates_lead_to_articles(name: str) -> None:
    articles = {row["url"] for row in demo.truth(name, BASE)}
    pairs = demo.duplicates(name, BASE)
    assert pairs and set(pairs.values()) <= articles and not set(pairs) & articles


@pytest.mark.parametrize("name", NAMES)
def test_bytes_are_the_same_on_every_run(name: str) -> None:
    """Two tables made apart from each other give the same bytes at every address."""
    kind = demo.SITES[name]
    first, second = kind(load(name), BASE), kind(load(name), BASE)
    assert list(first.routes) == list(second.routes)
    changed = [key for key in first.routes if first.reply(key) != second.reply(key)]
    assert changed == []


def test_seed_page_carries_its_boilerplate_and_no_date() -> None:
    row = next(row for row in demo.truth("hungha", BASE) if row["id"] == 412)
    html = demo.site("hungha", BASE).reply(target(row["url"])).body
    container = LexborHTMLParser(html).css_first("#k2Container")
    assert container is not None
    text = mended(container.text(separator=" "))
    for piece in ("Đọc 265 lượt", "Đánh giá mục này", "(0 bỏ phiếu)", "Xuất bản trong Tin tổng hợp", "QUẢNG CÁO"):
        assert piece in text
    advert = next(a for a in container.css("a") if a.text() == "khoan cat be tong ha noi")
    assert urlsplit(advert.attributes["href"] or "").hostname not in (None, "127.0.0.1")
    assert container.css_first(".itemDateCreated") is None
    feed = demo.site("hungha", BASE).reply("/index.php/tin-tong-hop?format=feed&type=rss").body.decode()
    item = next(item for item in feed.split("<item>") if "/412-" in item)
    assert "<pubDate>" not in item


def test_feeds_sitemaps_and_robots_are_those_of_each_system() -> None:
    sites = {name: demo.site(name, BASE) for name in NAMES}
    assert sites["hungha"].reply("/robots.txt").status == 404
    assert sites["hungha"].reply("/sitemap.xml").status == 404
    for name, index in (("daikhe", "/sitemap.xml"), ("tragiang", "/wp-sitemap.xml")):
        assert f"Sitemap: {BASE}{index}" in sites[name].reply("/robots.txt").body.decode()
        assert b"<sitemapindex" in sites[name].reply(index).body
    listed = sites["daikhe"].reply("/sitemap-news.xml").body.decode()
    assert all(row["url"] in listed for row in demo.truth("daikhe", BASE))
    assert sites["tragiang"].reply("/feed/").body.count(b"<item>") == 10


def test_traps_answer_and_end() -> None:
    hungha, daikhe = demo.site("hungha", BASE), demo.site("daikhe", BASE)
    assert "month=11&amp;year=1999" in hungha.reply("/index.php/tin-tuc?month=12&year=1999").body.decode()
    assert hungha.reply("/index.php/tin-tuc?month=1&year=2038").status == 404
    assert daikhe.reply("/en/vi/en/").status == 200
    assert daikhe.reply("/en/" * 11).status == 404


def test_letters_are_decomposed_or_written_as_references_where_the_content_says_so() -> None:
    for name in NAMES:
        site = demo.site(name, BASE)
        for article in load(name).articles:
            html = site.reply(site.article_key(article)).body.decode()
            lead = escape(article.lead, quote=False)
            written = {
                "": lead,
                "nfd": unicodedata.normalize("NFD", lead),
                "ncr": "".join(char if char.isascii() else f"&#{ord(char)};" for char in lead),
            }
            assert written[article.encoding] in html


def test_files_are_what_their_names_say() -> None:
    assert files.photo("x").startswith(b"\xff\xd8\xff") and files.photo("x").endswith(b"\xff\xd9")
    assert files.photo("x") != files.photo("y")
    assert files.banner("x").startswith(b"\x89PNG") and files.icon("x").startswith(b"\0\0\1\0")
    pdf = files.document("a.pdf", "Kế hoạch")
    assert pdf.startswith(b"%PDF-1.4") and b"KE HOACH" in pdf and pdf.rstrip().endswith(b"%%EOF")
    with zipfile.ZipFile(io.BytesIO(files.document("a.docx", "Kế hoạch & báo cáo"))) as archive:
        assert archive.testzip() is None
        assert "Kế hoạch &amp; báo cáo" in archive.read("word/document.xml").decode()
    with pytest.raises(KeyError):
        files.document("a.xls", "x")


@pytest.mark.parametrize("name", NAMES)
def test_pictures_differ_from_each_other(name: str) -> None:
    site = demo.site(name, BASE)
    keys = [key for key in site.routes if key.endswith(".jpg")]
    digests = {hashlib.sha256(site.reply(key).body).hexdigest() for key in keys}
    assert len(digests) == len(keys)
