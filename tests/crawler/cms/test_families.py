"""Every family of the registry has saved pages and reads them right; the seed article comes out the same in all."""

from __future__ import annotations

import json
import re
import time
import timeit
from collections.abc import Callable
from dataclasses import fields

import pytest

from archive.site.words.speaker import Speaker
from crawler.addresses.scope import portal_scope
from crawler.cms.family import Selectors, Theme
from crawler.cms.recognise import FAMILIES, family_named, identify
from crawler.discovery.links import canonical_of, feeds_of, judge
from crawler.discovery.pager import pager_of
from crawler.discovery.sections import sections_of
from crawler.extract import read
from crawler.page.page import Page
from tests.crawler.cms.saved import FAMILY_NAMES, PAGES, articles, facts, load, page, with_seed


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_a_family_has_saved_pages_with_what_is_expected_of_them(family):
    """Fails by itself for a family that comes without: ``tinhuyen family new`` makes them from a page."""
    folder = PAGES / family
    for name in ("home.html", "list.html", "portal.json"):
        assert (folder / name).is_file(), f"{family} lacks {name}"
    assert [name for of, name in articles() if of == family], f"{family} has no saved article"


@pytest.mark.parametrize("family", [family.name for family in FAMILIES])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_readers_are_told_a_softwares_name_and_not_its_handle(family, language):
    """Fails by itself for a family without an entry in ``archive/site/words/software.toml``."""
    told = Speaker(language).software(family)
    assert told and told != family and "_" not in told


@pytest.mark.parametrize(("family", "name"), articles())
def test_a_saved_article_is_read_as_a_person_would(family, name):
    expected = load(family, name)
    reading = read(page(family, name, expected["url"], expected.get("fetched_at")))
    assert (reading.kind, reading.family.name) == (expected["kind"], expected["family"]), reading.reason
    article = reading.article
    assert facts(article) == {key: expected[key] for key in facts(article)}
    assert article.extractor.split("/")[1] == expected["way"]
    assert {piece.kind for piece in article.removed} >= set(expected["removed"])


def test_the_seed_article_is_set_in_the_markup_of_eleven_families():
    assert len(with_seed()) >= 11


@pytest.mark.parametrize("family", with_seed())
def test_the_seed_article_comes_out_the_same_in_every_familys_markup(family):
    expected = json.loads((PAGES / "seed.json").read_text())
    article = read(page(family, "seed", load(family, "seed")["url"])).article
    assert article is not None
    assert article.family == family
    found = facts(article)
    assert {key: found[key] for key in found if key in expected} == {k: v for k, v in expected.items() if k in found}
    removed = {piece.kind: piece.text for piece in article.removed}
    assert [piece.text for piece in article.removed if piece.kind == "spam"] == [expected["spam"]]
    assert "265" in removed["counter"]
    assert "0 bỏ phiếu" in removed["rating"]
    assert "Tin tổng hợp" in removed["section"]


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_home_and_list_tell_family_sections_feeds_and_pagination(family):
    portal = load(family, "portal")
    inside = portal_scope(portal["home"])
    home, listed = page(family, "home", portal["home"]), page(family, "list", portal["list"])
    for name, shown in (("home", home), ("list", listed)):
        found = identify(shown)
        if name in portal.get("recognised_on", ("home", "list")):
            assert found.family.name == family
            assert found.evidence
        assert read(shown).kind == "listing"
        sections = {s.name: s.url.rstrip("/") for s in sections_of(shown, found.family, inside) if s.kind == "news"}
        assert sections == {name: url.rstrip("/") for name, url in portal["sections"].items()}
    assert feeds_of(home, inside) == portal["feeds"]
    pager = pager_of(listed, inside)
    assert (pager.kind, pager.pages) == (portal["pagination"], portal["list_pages"])


LIST_PAGES = {
    "two sections of a NukeViet": ("nukeviet", "/vi/news/kinh-te/page-2/", "/vi/news/tin-tuc/page-2/"),
    "a page and the article of its number": ("nukeviet", "/vi/news/kinh-te/page-2/", "/vi/news/kinh-te/ten-bai-2.html"),
    "a topic named after a year": ("nukeviet", "/vi/news/topic/nam-2023/", "/vi/news/kinh-te/ten-bai-2023.html"),
    "a NukeViet that ends its addresses": ("nukeviet", "/news/kinh-te/page-2.html", "/news/tin-tuc/page-2.html"),
    "two sections of a WordPress": ("wordpress", "/category/kinh-te/page/2/", "/category/tin-tuc/page/2/"),
    "two months of a WordPress": ("wordpress", "/2023/04/page/2/", "/2023/05/page/2/"),
    "a category of a Joomla": ("joomla_content", "/index.php/12-tin-tuc?start=10", "/index.php/12-tin-tuc?start=20"),
    "a category of K2": ("joomla_k2", "/itemlist/category/3-tin?start=10", "/itemlist/category/3-tin?start=20"),
    "a list of a SharePoint": ("sharepoint", "/Trang/tin.aspx?id=7&page=1", "/Trang/tin.aspx?id=7&page=2"),
    "a list of a SharePoint and an item": ("sharepoint", "/Trang/tin.aspx?id=7&PageIndex=2", "/Trang/tin.aspx?id=7"),
    "a view of a Drupal": ("drupal", "/tin-tuc?page=1", "/tin-tuc?page=2"),
}


@pytest.mark.parametrize(("family", "one", "other"), LIST_PAGES.values(), ids=LIST_PAGES)
def test_a_page_of_a_list_is_no_other_page(family, one, other):
    """A list page that is taken for another is never asked for, nor what only it names."""
    one, other = f"https://hungha.example.vn{one}", f"https://hungha.example.vn{other}"
    assert judge(one, family_named(family), "link").role == "listing"
    assert canonical_of(one, family_named(family)) != canonical_of(other, family_named(family))


PORTLET = "/web/xa/kinh-te?p_p_id={0}&p_p_lifecycle=0&p_p_state={1}&p_p_mode=view&_{0}_struts_action=%2F{2}&_{0}_{3}"
KEYED = {
    "by its name": (PORTLET.format("101_INSTANCE_a1", "maximized", "asset_publisher%2Fview_content", "urlTitle=gat-lua"), "article"),
    "by its asset": (PORTLET.format("101_INSTANCE_a1", "normal", "asset_publisher%2Fview_content", "assetEntryId=77"), "article"),
    "by its content": (PORTLET.format("62_INSTANCE_b2", "normal", "journal_articles%2Fview", "articleId=1206"), "article"),
    "a page of its list": (PORTLET.format("101_INSTANCE_a1", "normal", "asset_publisher%2Fview", "cur=3"), "listing"),
    "to print": (PORTLET.format("101_INSTANCE_a1", "pop_up", "asset_publisher%2Fview_content", "assetEntryId=77"), "skip"),
    "to edit": (PORTLET.format("15", "maximized", "journal%2Fedit_article", "articleId=1206"), "skip"),
    "a folder of files": (PORTLET.format("20", "maximized", "document_library%2Fview", "folderId=9"), "skip"),
}  # fmt: skip


@pytest.mark.parametrize(("address", "kind"), KEYED.values(), ids=KEYED)
def test_an_article_of_a_liferay_may_be_named_by_keys_alone(address, kind):
    found = family_named("liferay").link_kind(f"https://xa.example.vn{address}")
    assert found is not None
    assert found.kind == kind


def test_an_article_of_a_liferay_is_one_whatever_page_and_portlet_show_it():
    liferay = family_named("liferay")
    one, other = (
        "https://xa.example.vn" + PORTLET.format(portlet, state, "asset_publisher%2Fview_content", "urlTitle=gat-lua")
        for portlet, state in (("101_INSTANCE_a1", "normal"), ("101_INSTANCE_c3", "maximized"))
    )
    friendly = "https://xa.example.vn/web/xa/kinh-te/-/gat-lua"
    assert liferay.canonical(one) == liferay.canonical(other) == liferay.canonical(friendly) is not None


@pytest.mark.parametrize("family", with_seed())
def test_a_theme_that_renamed_everything_is_still_read_and_the_reading_says_how(family):
    expected = load(family, "article")
    head, _, body = (PAGES / family / "article.html").read_text().partition("<body")
    markup = head + re.sub(
        r'\b(class|id)="([^"]*)"',
        lambda m: f'{m[1]}="{" ".join(f"zz{sum(map(ord, w)) % 97}" for w in m[2].split())}"',
        "<body" + body,
    )
    article = read(Page.parse(markup.encode(), expected["url"], fetched_at=expected["fetched_at"])).article
    assert article is not None
    assert article.title == expected["title"]
    told = {re.sub(r"\s+", " ", text) for text in [article.lead, *article.paragraphs] if text}
    wanted = [expected["lead"], *expected["paragraphs"]]
    assert sum(text in told for text in wanted) >= len(wanted) - 1
    assert (article.published.value[:10] if article.published else None) == expected["published"][:10]
    assert article.extractor.split("/")[1] in ("structure", "microdata", "trafilatura", "density")


def test_an_older_theme_reads_the_captures_of_its_time_only(monkeypatch):
    """A parser carries the days it is valid for: what it reads stays read, and later pages are left to the newer one."""
    family = family_named("nukeviet")
    old = Theme("nukeviet2", Selectors(title=(".tieude2",), body=(".noidung2",)), until="2012-12-31")
    monkeypatch.setattr(type(family), "themes", (old,))
    text = "Ủy ban nhân dân xã tổ chức hội nghị tổng kết phong trào thi đua yêu nước năm qua. " * 6
    html = f'<html><head><meta name="generator" content="NukeViet v2.0"></head><body><meta property="article:published_time" content="2011-04-30T08:00:00+07:00"><div class="tieude2">Hội nghị tổng kết</div><div class="noidung2"><p>{text}</p></div></body></html>'
    ways = [
        read(Page.parse(html.encode(), "http://x.gov.vn/news/a-12.html", fetched_at=when)).article.extractor
        for when in ("2011-05-01T00:00:00Z", "2024-05-01T00:00:00Z", None)
    ]
    assert ways[0] == ways[2] == "nukeviet/selectors:nukeviet2/1"
    assert ways[1] != ways[0]


def test_a_portals_own_selectors_stand_before_the_familys():
    expected = load("wordpress", "article")
    markup = (
        (PAGES / "wordpress" / "article.html")
        .read_text()
        .replace("entry-content", "noi-dung-bai")
        .replace("entry-title", "tua-bai")
    )
    own = Selectors(title=(".tua-bai",), body=(".noi-dung-bai",))
    article = read(Page.parse(markup.encode(), expected["url"]), own).article
    assert article.extractor == "wordpress/selectors:own/1"
    assert (article.title, article.lead, article.paragraphs) == (
        expected["title"],
        expected["lead"],
        expected["paragraphs"],
    )
    assert article.section == expected["section"]  # what the settings do not name is the family's


FOREIGN = {
    "a link to WordPress pictures": '<p>Xem <a href="http://bao.example/wp-content/uploads/2020/a.jpg">ảnh</a></p>',
    "a picture of another WordPress": '<p><img src="http://bao.example/wp-content/uploads/2020/a.jpg"></p>',
    "a picture of another tenant": '<p><img src="http://thaibinh.example.gov.vn/upload/80571/20200101/a.jpg"></p>',
    "a text that names Plone and Drupal": "<p>Khóa học Drupal.settings và nv_base_siteurl</p>" + "<p>chữ</p>" * 3000,
    "a link to a DotNetNuke site": '<p><a href="http://hue.example.gov.vn/Portals/_default/x">x</a></p>',
    "a class that only sounds alike": '<div class="my-itemFullText-not"><p>x</p></div>',
}


@pytest.mark.parametrize("body", FOREIGN.values(), ids=FOREIGN)
def test_a_page_that_only_mentions_a_software_is_not_its_own(body):
    html = f"<html><head><title>x</title></head><body><div>{'<p>mở đầu</p>' * 3000}{body}{'<p>kết</p>' * 3000}</div></body></html>"
    assert identify(Page.parse(html.encode(), "http://x.gov.vn/a")).family.name == "general"


@pytest.mark.parametrize("family", FAMILIES[:-1], ids=lambda family: family.name)
def test_recognising_a_page_costs_less_than_parsing_it(family):
    portal = load(family.name, "portal")
    markup = (PAGES / family.name / "list.html").read_text()
    filler = "<div class='tin'><p>Hội nghị giao ban công tác tháng của huyện</p></div>" * 500
    body = markup.replace("</body>", filler[: max(0, 40_000 - len(markup))] + "</body>").encode()
    shown = Page.parse(body, portal["list"])
    assert shown.tree.body is not None

    def best(work: Callable[[], None]) -> float:  # of CPU seconds: other processes make no round dearer
        return min(timeit.repeat(work, timer=time.process_time, number=10, repeat=15))

    def again() -> None:
        shown.answers.clear()
        identify(shown)

    def parse() -> None:
        assert Page.parse(body, portal["list"]).tree.body is not None

    assert best(again) < best(parse)


def test_marks_and_selectors_can_all_be_parsed():
    """A selector that is none would fail on the first page that needs it."""
    empty = Page.parse(b"<p>x</p>", "http://x.gov.vn/").tree
    for family in FAMILIES:
        for mark in family.marks:
            assert mark.css is None or empty.css_first(mark.css) is None
        for selectors in (family.selectors, *(theme.selectors for theme in family.themes)):
            for field in fields(selectors):
                for entry in getattr(selectors, field.name):
                    empty.css(entry if isinstance(entry, str) else entry[0])
        for selector in (*family.article_marks, *family.listing_marks, *family.section_links):
            empty.css(selector)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ('<div class="thong-tin"><span class="ngay-dang">18/09/2024 14:05</span></div>', "2024-09-18"),
        ('<div class="thong-tin"><span class="ngay-dang">Họp ngày 18/09/2024 tại thôn Đoài</span></div>', None),
        ("", None),
    ],
)
def test_a_date_under_a_themes_own_name_is_read_beside_the_title_where_it_stands_alone(printed, day):
    html = (PAGES / "wordpress" / "article.html").read_text()
    meta = html[html.index('<div class="entry-meta">') : html.index("</div></header>", html.index("entry-meta")) + 6]
    expected = load("wordpress", "article")
    bare = Page.parse(html.replace(meta, printed).encode(), expected["url"], fetched_at=expected["fetched_at"])
    article = read(bare).article
    assert article.extractor.startswith("wordpress/selectors")
    assert (article.published and article.published.value[:10]) == day


COMMENT = '<div id="comments"><ol class="comment-list"><li><article class="comment-body"><time datetime="2026-05-01T08:00:00+07:00">1/5/2026</time><p>Hay quá.</p></article></li></ol></div>'


def test_a_comment_gives_a_wordpress_post_no_date():
    html = (PAGES / "wordpress" / "article.html").read_text()
    html = re.sub(r"<time\b.*?</time>", "", html, flags=re.S).replace("</article>", COMMENT + "</article>", 1)
    expected = load("wordpress", "article")
    article = read(Page.parse(html.encode(), expected["url"], fetched_at="2026-11-28T10:00:00Z")).article
    assert article is not None
    assert article.published is None or article.published.value[:7] != "2026-05"


def test_another_post_in_a_list_of_blocks_gives_no_date_section_or_tag():
    html = (PAGES / "wordpress" / "block_theme.html").read_text()
    other = """<ul class="wp-block-post-template"><li class="wp-block-post"><div class="wp-block-post-date"><time datetime="2026-05-01T08:00:00+07:00">1/5/2026</time></div>
    <div class="taxonomy-category wp-block-post-terms"><a rel="tag" href="/category/khac/">Mục khác</a></div></li></ul>"""
    start = html.index("<main") if "<main" in html else html.index("<body")
    at = html.index(">", start) + 1
    expected = load("wordpress", "block_theme")
    article = read(
        Page.parse((html[:at] + other + html[at:]).encode(), expected["url"], fetched_at=expected.get("fetched_at"))
    ).article
    assert facts(article) == {key: expected[key] for key in facts(article)}


def test_a_news_item_of_plone_that_a_menu_leads_to_and_that_bears_no_date_is_an_article():
    text = "".join(
        f"<p>Tin thứ {n} của xã về việc đồng áng, thủy lợi và đường làng trong vụ xuân năm nay.</p>" for n in range(4)
    )
    html = f"""<html lang="vi"><head><title>Xã họp bàn vụ xuân</title><meta name="generator" content="Plone - http://plone.org"></head>
    <body class="portaltype-news-item template-newsitem_view"><ul id="portal-globalnav" class="menu"><li><a href="/tin/hop">Xã họp bàn vụ xuân</a></li></ul>
    <div id="content"><h1 class="documentFirstHeading">Xã họp bàn vụ xuân</h1><div id="content-core">{text}</div></div></body></html>"""
    reading = read(Page.parse(html.encode(), "http://donggiang.example.gov.vn/tin/hop"))
    assert (reading.family.name, reading.kind) == ("plone", "article")
    document = html.replace("portaltype-news-item template-newsitem_view", "portaltype-document template-document_view")
    assert read(Page.parse(document.encode(), "http://donggiang.example.gov.vn/tin/hop")).kind == "static"


def test_the_printed_day_of_an_edited_article_of_nukeviet_counts():
    html = (PAGES / "nukeviet" / "article.html").read_text()
    expected = load("nukeviet", "article")
    found = re.search(r'(itemprop="datePublished"[^>]*>)([^<]*)(<)', html)
    assert found is not None
    edited = html.replace(found[0], f"{found[1]}2026-04-30T19:36:37+07:00{found[3]}")
    edited = re.sub(r'(itemprop="dateModified"[^>]*>)[^<]*(<)', r"\g<1>2026-04-30T19:36:37+07:00\2", edited)
    article = read(Page.parse(edited.encode(), expected["url"], fetched_at="2026-11-28T10:00:00Z")).article
    assert article is not None and article.published is not None
    assert article.published.value[:10] == expected["published"][:10]
