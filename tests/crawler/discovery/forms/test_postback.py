"""What is posted for the next pages of a list, and what is never posted."""

from __future__ import annotations

import time

import pytest

from crawler.discovery.forms.form_body import body_of
from crawler.discovery.forms.pagers import pagers_by_form
from crawler.discovery.forms.postback import FormPager, form_pagers
from crawler.page.page import Page

URL = "http://x.gov.vn/Pages/tin-tuc.aspx"
STATE = '<input type="hidden" name="__VIEWSTATE" value="/wEPD+w=="><input type="hidden" name="__EVENTTARGET" value="">'


def page(markup: str, form: str = 'method="post" action="./tin-tuc.aspx?id=4"', state: str = STATE) -> Page:
    return Page.parse(f"<html><body><form {form}>{state}{markup}</form></body></html>".encode(), URL)


def pagers(markup: str, current: int = 1, **how: str) -> list[FormPager]:
    return form_pagers(page(markup, **how), lambda url: url.startswith("http://x.gov.vn/"), current)


def link(target: str, argument: str, shown: object) -> str:
    return f"<a href=\"javascript:__doPostBack('{target}','{argument}')\">{shown}</a>"


def grid(*numbers: int, around: str = "<table><tr><td>{}</td></tr></table>") -> str:
    return around.format(" ".join(link("ctl00$gv", f"Page${n}", n) for n in numbers))


def events(found: FormPager) -> dict[int, tuple[str, str]]:
    return {number: (event[0][1], event[1][1]) for number, event in found.pages}


def test_a_grid_gives_its_pages_the_address_of_its_form_and_every_hidden_input():
    hidden = '<input type="hidden" name="__EVENTVALIDATION" value="a&amp;b"><input type="hidden" name="ctl00$hid" value="Hòa">'
    others = '<input type="hidden" name="off" value="1" disabled><input type="text" name="ctl00$txtTim" value="gõ"><select name="nam"><option value="2024" selected></select><input type="checkbox" name="chon" checked>'
    (found,) = pagers(grid(2, 3), state=STATE + hidden + others)
    assert (found.name, found.url) == ("ctl00$gv", "http://x.gov.vn/Pages/tin-tuc.aspx?id=4")
    assert events(found) == {2: ("ctl00$gv", "Page$2"), 3: ("ctl00$gv", "Page$3")}
    assert body_of(found.fields, found.pages[0].event, found.content_type, found.charset) == (
        b"__EVENTTARGET=ctl00%24gv&__EVENTARGUMENT=Page%242&__VIEWSTATE=%2FwEPD%2Bw%3D%3D&__EVENTVALIDATION=a%26b&ctl00%24hid=H%C3%B2a"
    )


def dots(number: int) -> str:
    return link("ctl00$gv", f"Page${number}", "...")


ROWS = "ctl00$ctl32$g_9f$ctl00$rptPaging$ctl{:02}$lbtPage"
PAGED = {
    "dots-behind-the-numbers": (grid(*range(2, 11)) + dots(11), 1, list(range(2, 12))),
    "dots-before-and-behind": (dots(10) + grid(*(n for n in range(11, 21) if n != 12)) + dots(21), 12, list(range(13, 22))),
    "the-last-window": (dots(20) + grid(21, 22), 23, []),
    "arrow-of-a-grid": (grid(2, 3) + link("ctl00$gv", "Page$Next", "&gt;") + link("ctl00$gv", "Page$Last", "&gt;&gt;"), 1, [2, 3]),
    "next-of-a-grid-alone": (link("ctl00$gv", "Page$Next", "Next"), 4, [5]),
    "links-of-a-repeater": (f'<div class="paging">{link(ROWS.format(1), "", 2)} {link(ROWS.format(2), "", 3)}</div>', 1, [2, 3]),
    "its-window-of-dots": (f'<p>{link(ROWS.format(0), "", "...")} {link(ROWS.format(1), "", 11)} <b>12</b> {link(ROWS.format(2), "", 13)} {link(ROWS.format(3), "", "…")}</p>', 12, [13, 14]),
    "link-buttons-of-their-own": ("".join(link(f"ctl00$m$lnkPage{n}", "", n) for n in (2, 3, 4)), 1, [2, 3, 4]),
    "aspnetpager": (f'<div id="AspNetPager1">{link("AspNetPager1", "2", 2)}{link("AspNetPager1", "3", "[3]")}{link("AspNetPager1", "4", "...")}</div>', 1, [2, 3, 4]),
    "counted-from-nought": (f'<div class="phan-trang">{link("ctl00$dl", "1", 2)}{link("ctl00$dl", "2", 3)}</div>', 1, [2, 3]),
    "radgrid": ('<div class="rgPagerCell NextPrevAndNumeric"><div class="rgWrap rgNumPart">' + "".join(link(f"dnn$ctr507$dg$ctl00$ctl03$ctl01$ctl{n:02}", "", f"<span>{n}</span>") for n in (2, 3)) + '</div></div>', 1, [2, 3]),
    "data-view-of-sharepoint": (link("ctl00$m$g_4f$ctl02", "dvt_firstrow={11};dvt_startposition={}", '<img src="/_layouts/images/next.gif" alt="Next">'), 1, [2]),
    "data-pager": ('<span class="x">' + "".join(link(f"ctl00$lv$DataPagerTin$ctl01$ctl0{n}", "", n + 1) for n in (1, 2)) + "</span>", 1, [2, 3]),
    "options-of-validation": ("""<a href='javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("ctl00$pager", "2", true, "", "", false, true))'>2</a>""", 1, [2]),
    "percent-encoded": ("<a href=\"javascript:__doPostBack(%27ctl00$gv%27,%27Page$2%27)\">2</a>", 1, [2]),
    "by-a-timer": (r"""<div class=pager><a href="javascript:setTimeout('__doPostBack (\'ctl00$p\',\'2\')', 0)">2</a></div>""", 1, [2]),
    "by-onclick": ("<div class='pager'><span onclick=\"__doPostBack('ctl00$p','2')\">2</span></div>", 1, [2]),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "current", "numbers"), PAGED.values(), ids=PAGED)
def test_the_pages_a_pager_leads_to(markup, current, numbers):
    found = pagers(markup, current)
    assert [sorted(events(pager)) for pager in found] == ([numbers] if numbers else [])


def test_a_row_of_links_is_one_pager_whichever_of_them_stands_for_a_page():
    (first,) = pagers(f'<div class="paging">{link(ROWS.format(1), "", 2)}</div>')
    (later,) = pagers(f'<div class="paging">{link(ROWS.format(7), "", 12)}</div>', 11)
    assert first.name == later.name == "ctl00$ctl32$g_9f$ctl00$rptPaging"


def test_two_grids_are_two_pagers():
    markup = grid(2, 3) + link("ctl00$gvKhac", "Page$2", 2)
    assert [(pager.name, sorted(events(pager))) for pager in pagers(markup)] == [("ctl00$gv", [2, 3]), ("ctl00$gvKhac", [2])]  # fmt: skip


NEVER = {
    "log-in": link("ctl00$lbtDangNhap", "", "Đăng nhập"),
    "log-in-called-2": f'<div class="pager">{link("ctl00$LoginStatus1", "", 2)}</div>',
    "search": f'<div class="paging">{link("ctl00$ucTimKiem$btn", "2", 2)}</div>',
    "vote": f'<div class="pages">{"".join(link("ctl00$binhchon", str(n), n) for n in (2, 3))}</div>',
    "rating": f'<div class="page rating">{"".join(link("ctl00$r", str(n), n) for n in (2, 3, 4, 5))}</div>',
    "calendar": "<div id=Calendar1>" + "".join(link("ctl00$c", str(8430 + n), n) for n in range(2, 31)) + "</div>",
    "days-of-a-calendar-that-count-from-1": "<div id=Calendar1>" + "".join(link("ctl00$page", str(n), n) for n in range(2, 31)) + "</div>",
    "rows-of-a-grid": "".join(link("ctl00$gvPage", f"Select${n - 1}", n) for n in (2, 3)),
    "order-of-a-grid": link("ctl00$gv", "Sort$2", 2),
    "comments": f'<div class="binh-luan"><div class="pager">{link("ctl00$p", "2", 2)}</div></div>',
    "years": "".join(link(f"ctl00$rptPage$ctl0{n}$lnkPage", "", 2020 + n) for n in range(5)),
    "numbers-without-a-pager": "".join(link(f"ctl00$x$ctl0{n}$lnk", "", n) for n in (2, 3)),
    "numbers-in-a-frame-called-page": '<div class="page">' + "chữ " * 200 + "".join(link(f"ctl00$x$ctl0{n}$lnk", "", n) for n in (2, 3)) + "</div>",
    "next-step-of-a-form": '<div class="page">' + link("ctl00$Wizard1$StartNavigationTemplateContainerID$StartNextButton", "", "Tiếp") + "</div>",
    "next-that-is-no-pager": link("ctl00$btnNext", "", "Tiếp theo"),
    "cross-page-posting": """<a href='javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("ctl00$pager", "2", true, "", "/gui.aspx", false, true))'>2</a>""",
}  # fmt: skip


@pytest.mark.parametrize("markup", NEVER.values(), ids=NEVER)
def test_what_is_no_pager_is_never_posted(markup):
    assert pagers(markup) == []


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"form": 'method="post" action="http://y.vn/a.aspx"'}, "its form is sent to another site"),
        ({"form": 'method="get"'}, "the page has no form that a script could send"),
        ({"state": '<input type="hidden" name="q" value="">'}, "the page has no form that a script could send"),
    ],
    ids=["another-site", "not-posted", "no-state"],
)
def test_a_form_that_cannot_be_posted_says_why(how, problem):
    (found,) = pagers(grid(2), **how)
    assert (found.problem, found.pages) == (problem, [])


def fragments(script: str, markup: str = "") -> list[FormPager]:
    text = f"<html><body>{markup}<input type=hidden id=hdLang value=vi-VN><input id=txtTim value=chữ><script>{script}</script></body></html>"
    return pagers_by_form(Page.parse(text.encode(), "http://x.gov.vn/kinh-te"), lambda url: "x.gov.vn" in url)


CALL = '$.ajax({{type:"POST",url:"/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle",{}}});'


def sent(found: FormPager, nth: int = 0) -> str:
    return body_of(found.fields, found.pages[nth].event, found.content_type, found.charset).decode()


def test_a_script_that_asks_for_fragments_is_read_value_by_value():
    data = 'data: { article_category_id: 54442, site_id: parseInt(4), page: page, page_size: size, keyword: $("#txtTim").val(), show_no: "False", lang: $("#hdLang").val(), no: (page - 1) * size, is_default: false }'
    (found,) = fragments("var maxPage = parseInt(3), size = 15; function go(page) {" + CALL.format(data) + "}")
    assert (found.name, found.fragment, [number for number, _ in found.pages]) == (
        "ArticleInMenuPagination",
        True,
        [2, 3],
    )
    assert sent(found) == (
        "article_category_id=54442&site_id=4&page=2&page_size=15&keyword=&show_no=False&lang=vi-VN&no=15&is_default=false"
    )


def test_a_script_that_sends_json_gets_json():
    (found,) = fragments("function go(p) {" + CALL.format('data: JSON.stringify({"page": p - 1, "id": 7})') + "}")
    assert (found.content_type, sent(found)) == ("application/json; charset=utf-8", '{"page":1,"id":7}')


def test_what_a_script_sends_may_be_a_variable_and_is_called_for_numbers_and_arrows_alike():
    script = "var request = { page: n, category: 12 };" + CALL.format("data: request") * 2
    (found,) = fragments(script, '<ul class="pagination"><li><a>1</a></li><li><a>2</a></li><li><a>5</a></li></ul>')
    assert [number for number, _ in found.pages] == [2, 3, 4, 5]
    assert sent(found, 3) == "page=5&category=12"


@pytest.mark.parametrize("data", ["data: 'page=' + p", "data: { id: 5 }", "cache: false"], ids=["joined", "no-page", "nothing"])  # fmt: skip
def test_a_script_that_cannot_be_read_says_so(data):
    (found,) = fragments(CALL.format(data))
    assert found.problem and not found.pages


HOSTILE = {
    "links-of-nothing-but-pagers": "".join(link(f"ctl00$pager{n}", "2", 2) for n in range(20_000)),
    "arrows-without-end": '<div class="pager">' + link("ctl00$p", "2", 2) + link("ctl00$p", "9", "...") * 20_000 + "</div>",
    "hidden-inputs-without-end": '<input type="hidden" name="x" value="y">' * 20_000 + grid(2) * 50,
    "an-address-without-end": "<script>'/DesktopModule/" + "a/" * 200_000 + "Pagination" * 1000 + "'</script>",
    "a-call-of-nothing-but-variables": "<script>" + CALL.format("data: {page: p," + ",".join(f"a{n}: b{n}" for n in range(2000)) + "}") + "</script>",
}  # fmt: skip


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_a_page_made_to_cost_is_read_in_a_moment(markup):
    began = time.process_time()
    pagers_by_form(page(markup), lambda url: True)
    assert time.process_time() - began < 3.0
