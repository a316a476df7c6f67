"""Links that stand in scripts alone."""

from __future__ import annotations

from crawler.cms.recognise import family_named
from crawler.discovery.links import page_links
from crawler.page.page import Page

HOME = "http://tienhoa.example.gov.vn/"


def test_the_arrows_of_a_sharepoint_list_view_lead_to_its_pages():
    arrow = (
        '<td class=ms-paging>1 - 30 <a href="javascript:" onclick=\'javascript:RefreshPageTo(event, '
        '"/Lists/TinTuc/AllItems.aspx?Paged=TRUE\\u0026p_ID=30\\u0026PageFirstRow=31");javascript:return false;\'><img></a></td>'
    )
    html = f'<html><body>{arrow}{arrow}<a href="javascript:" onclick="RefreshPageTo(event, \'http://khac.example/x\')">2</a></body></html>'
    page = Page.parse(html.encode(), HOME + "Lists/TinTuc/AllItems.aspx", content_type="text/html")

    def found(family):
        return [link.url for link in page_links(page, family_named(family), lambda url: url.startswith(HOME))]

    assert found("sharepoint") == [HOME + "Lists/TinTuc/AllItems.aspx?Paged=TRUE&p_ID=30&PageFirstRow=31"]
    assert found("joomla_k2") == []
