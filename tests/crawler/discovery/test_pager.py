"""Pagers as portals print them: what counts where, and how far."""

from __future__ import annotations

import pytest

from crawler.discovery.pager import pager_of
from crawler.page.page import Page


def pager(markup: str, url: str = "http://x.gov.vn/tin-tuc") -> tuple[str, int | None, str | None, int]:
    found = pager_of(Page.parse(f"<html><body><p>Danh sách tin</p>{markup}</body></html>".encode(), url))
    return found.kind, found.pages, found.key, found.step


def links(*pairs: tuple[object, str], around: str = '<ul class="pagination">{}</ul>') -> str:
    return around.format("".join(f'<li><a href="{href}">{shown}</a></li>' for shown, href in pairs))


POSTBACK = "javascript:__doPostBack('ctl00$grid','Page$2')"
CASES = {
    "page-number": (links((2, "?page=2"), (3, "?page=3")), ("page", 3, "page", 1)),
    "zero-based": (links((2, "?page=1"), (3, "?page=2"), ("cuối »", "?page=9")), ("zero_based", 3, "page", 1)),
    "offset-of-ten": (links((2, "?start=10"), (3, "?start=20")), ("offset", 3, "start", 10)),
    "offset-of-plone": (links((2, "?b_start:int=20"), (3, "?b_start:int=40")), ("offset", 3, "b_start:int", 20)),
    "offset-of-one-link": (links((2, "?limitstart=15")), ("offset", 2, "limitstart", 15)),
    "path-of-wordpress": (links((2, "/tin-tuc/page/2/"), ("13", "/tin-tuc/page/13/")), ("path", 13, None, 1)),
    "path-of-nukeviet": (links((2, "/tin-tuc/page-2/"), (40, "/tin-tuc/page-40/")), ("path", 40, None, 1)),
    "path-in-vietnamese": (links((2, "/tin-tuc/trang-2.html")), ("path", 2, None, 1)),
    "words-around-numbers": (links(("Trang 2", "/tin/page/2/"), ("Trang 7", "/tin/page/7/")), ("path", 7, None, 1)),
    "liferay-with-its-delta": (links((2, "?p_p_id=101&_101_delta=10&_101_cur=2")), ("page", 2, "_101_cur", 1)),
    "aspnet-form": (links((2, POSTBACK), (3, POSTBACK)), ("postback", 3, None, 1)),
    "script-that-loads": ('<div class="paging"><a href="#" onclick="LoadPageArticle(2)">2</a></div>', ("postback", 2, None, 1)),
    "fragments-by-post": ('<script>$.ajax({url:"/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle"})</script>', ("postback", None, None, 1)),
    "only-next": ('<a rel="next" href="/tin?page=1">Sau</a>', ("zero_based", None, "page", 1)),
    "only-next-in-path": ('<div class="pagination"><a href="/tin/page/2/">Cũ hơn</a></div>', ("path", None, None, 1)),
    "no-pager": ("<p>Hết</p>", ("none", None, None, 1)),
    "years-are-no-pages": (links((2019, "/luu-tru/2019"), (2020, "/luu-tru/2020"), around="<div>{}</div>"), ("none", None, None, 1)),
    "articles-are-no-pages": ('<a href="/tin/2">2</a>', ("none", None, None, 1)),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "found"), CASES.values(), ids=CASES)
def test_the_pager_of_a_list(markup, found):
    assert pager(markup) == found
