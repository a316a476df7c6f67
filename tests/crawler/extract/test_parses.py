"""How often a page is parsed: once by lexbor whoever asks, and once more by lxml where no family knows it."""

from __future__ import annotations

import lxml.html
import pytest
import trafilatura.utils

import crawler.page.page
from crawler.extract import extract, read
from crawler.page.page import Page
from tests.crawler.extract.pages import PAGES

UNKNOWN = [name for name in PAGES if name not in ("joomla-item",)]


@pytest.fixture
def parses(monkeypatch):
    """The names of the parsers that were handed a whole page, in the order of the calls."""
    calls: list[str] = []
    lexbor, lxml_parser = crawler.page.page.LexborHTMLParser, trafilatura.utils.fromstring

    def counted_lexbor(markup, *arguments, **options):
        calls.append("lexbor")
        return lexbor(markup, *arguments, **options)

    def counted_lxml(markup, *arguments, **options):
        if "<body" in str(markup):
            calls.append("lxml")
        return lxml_parser(markup, *arguments, **options)

    monkeypatch.setattr(crawler.page.page, "LexborHTMLParser", counted_lexbor)
    monkeypatch.setattr(trafilatura.utils, "fromstring", counted_lxml)
    monkeypatch.setattr(lxml.html, "fromstring", counted_lxml)
    return calls


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_page_of_unknown_make_is_parsed_once_by_each_parser_at_most(name, parses):
    page = PAGES[name]
    extract(page.html, page.url)
    assert parses.count("lexbor") == 1
    assert parses.count("lxml") <= 1


def test_judging_and_reading_share_the_parse(parses):
    page = next(iter(PAGES.values()))
    read(Page.parse(page.html, page.url))
    assert parses.count("lexbor") == 1


def test_a_known_family_needs_no_second_parser(parses):
    markup = """<html lang="vi"><head><meta name="generator" content="Joomla! - Open Source Content Management"><title>Tin</title></head>
    <body><div id="k2Container" class="itemView"><h2 class="itemTitle">Huyện Đông Giang họp bàn việc sửa đê</h2><div class="itemBody">
    <div class="itemIntroText"><p>Sáng 12/3, huyện Đông Giang họp bàn việc sửa hai cây số đê bị sạt lở.</p></div><div class="itemFullText">
    <p>Theo báo cáo, đoạn đê qua xã Tân Phú bị sạt dài hai cây số, cần sửa xong trước mùa lũ để giữ ba trăm héc-ta lúa.</p>
    <p>Chủ tịch huyện giao phòng Nông nghiệp lập dự toán trong tháng, xã Tân Phú vận động dân góp ngày công theo nghị quyết.</p>
    <p>Kinh phí dự kiến bốn tỷ đồng lấy từ quỹ phòng chống thiên tai; huyện sẽ công khai thu chi ở nhà văn hóa các thôn.</p>
    <p>Hội nghị cũng nghe các xã phản ánh việc bơm nước và thống nhất lịch lấy nước đổ ải cho vụ xuân của toàn huyện.</p></div></div></div></body></html>"""
    extract(markup.encode(), "http://donggiang.example.gov.vn/index.php/tin/item/12-de")
    assert parses == ["lexbor"]
