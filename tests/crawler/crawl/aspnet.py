"""Lists as ASP.NET serves them: a form with its state, checked as the server does, and pagers that post it.

The view state holds what the page shows. A form without it, or with one whose event is not among those the page offered, is
answered by page 1 or by an error, as ``EnableViewStateMac`` and ``EnableEventValidation`` have it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from tests.conftest import Seen, answer

KEY = "khoa-cua-may-chu"


def signed(value: object) -> str:
    text = json.dumps(value)
    return base64.b64encode(f"{text}|{hash_of(text)}".encode()).decode()


def unsigned(value: str) -> object | None:
    try:
        text, _, check = base64.b64decode(value).decode().rpartition("|")
    except ValueError:
        return None
    return json.loads(text) if text and check == hash_of(text) else None


def hash_of(text: str) -> str:
    return str(sum(ord(c) * (n + 7) for n, c in enumerate(text + KEY)))


@dataclass
class Grid:
    """One list of a page and its pager. ``style`` is ``grid`` (``Page$2``), ``rows`` (links numbered by a repeater) or
    ``next`` (a link to the next page only)."""

    name: str
    entries: list[str]
    style: str = "grid"
    size: int = 6
    window: int = 10
    endless: Callable[[int], list[str]] | None = None

    @property
    def count(self) -> int:
        return 10_000 if self.endless else -(-len(self.entries) // self.size)

    def on(self, page: int) -> list[str]:
        if self.endless:
            return self.endless(page)
        return self.entries[(page - 1) * self.size : page * self.size]

    def events(self, page: int) -> dict[tuple[str, str], int]:
        """What its pager offers on a page: (target, argument) and the page each leads to."""
        return {event: number for _, event, number in self._links(page)}

    def pager(self, page: int) -> str:
        shown = []
        for text, (target, argument), number in self._links(page):
            if number == page + 1 and not any("<span>" in piece for piece in shown):
                shown.append(f"<td><span>{page}</span></td>")
            shown.append(f"<td><a href=\"javascript:__doPostBack('{target}','{argument}')\">{text}</a></td>")
        if not any("<span>" in piece for piece in shown):
            shown.append(f"<td><span>{page}</span></td>")
        around = "" if self.style == "grid" else ' class="phan-trang"'
        return f"<table{around}><tr>{''.join(shown)}</tr></table>"

    def _links(self, page: int) -> list[tuple[str, tuple[str, str], int]]:
        if self.style == "next":
            return [("Trang sau ›", (f"{self.name}$lnkNext", ""), page + 1)] if page < self.count else []
        first = (page - 1) // self.window * self.window + 1
        last = min(first + self.window - 1, self.count)
        numbers = [n for n in range(first, last + 1) if n != page]
        shown = [(str(n), n) for n in numbers]
        if first > 1:
            shown.insert(0, ("...", first - 1))
        if last < self.count:
            shown.append(("...", last + 1))
        if self.style == "grid":
            return [(text, (self.name, f"Page${n}"), n) for text, n in shown]
        return [(text, (f"{self.name}$ctl{k:02}$lbtTrang", ""), n) for k, (text, n) in enumerate(shown)]


@dataclass
class WebForms:
    """A page of lists. ``refuse`` is what a form that is not taken gets: ``page 1`` or ``error``."""

    path: str
    grids: list[Grid]
    refuse: str = "page 1"
    action: str | None = None
    head: str = ""
    session: bool = False
    """Whether the state belongs to the visit that a cookie names."""
    filler: int = 20_000
    """Characters of view state beside what matters."""
    shared: bool = False
    """Whether its grids are pagers of one list, above and below it."""
    epoch: int = 0
    """Raised by a test: forms of before are not taken any more."""
    around: str = "<div>{}</div>"
    posts: list[tuple[str, int]] = field(default_factory=list)
    """(pager, page) of each form that was taken."""
    refused: int = 0
    bodies: list[dict[str, list[str]]] = field(default_factory=list)

    def __call__(self, seen: Seen) -> bytes:
        if seen.method != "POST":
            return self._page({grid.name: 1 for grid in self.grids}, seen)
        form = parse_qs(seen.body.decode(), keep_blank_values=True)
        self.bodies.append(form)
        shown = self._leads_to(form, seen)
        if shown is None:
            self.refused += 1
            if self.refuse == "error":
                return answer(
                    "<html><body>Invalid postback or callback argument.</body></html>", "500 Internal Server Error"
                )
            shown = {grid.name: 1 for grid in self.grids}
        return self._page(shown, seen)

    def _leads_to(self, form: dict[str, list[str]], seen: Seen) -> dict[str, int] | None:
        state = unsigned(form.get("__VIEWSTATE", [""])[0])
        allowed = unsigned(form.get("__EVENTVALIDATION", [""])[0])
        event = (form.get("__EVENTTARGET", [""])[0], form.get("__EVENTARGUMENT", [""])[0])
        if not isinstance(state, dict) or not isinstance(allowed, list) or list(event) not in allowed:
            return None
        if state["epoch"] != self.epoch or (self.session and state["session"] not in seen.headers.get("cookie", "")):
            return None
        for grid in self.grids:
            number = grid.events(state["shown"][grid.name]).get(event)
            if number is not None:
                self.posts.append((grid.name, number))
                return dict.fromkeys(state["shown"], number) if self.shared else {**state["shown"], grid.name: number}
        return None

    def _page(self, shown: dict[str, int], seen: Seen) -> bytes:
        session = seen.headers.get("cookie", "").partition("=")[2] or f"visit{seen.nth}"
        events = [list(event) for grid in self.grids for event in grid.events(shown[grid.name])]
        hidden = {
            "__EVENTTARGET": "",
            "__EVENTARGUMENT": "",
            "__VIEWSTATE": signed(
                {"shown": shown, "epoch": self.epoch, "session": session, "filler": "x" * self.filler}
            ),
            "__VIEWSTATEGENERATOR": "CA0B0334",
            "__EVENTVALIDATION": signed(events),
        }
        inputs = "".join(f'<input type="hidden" name="{k}" id="{k}" value="{v}" />' for k, v in hidden.items())
        lists = "".join(
            f'<ul class="tandan-ul-news">{"".join(teaser(path) for path in grid.on(shown[grid.name]))}</ul>{grid.pager(shown[grid.name])}'
            for grid in self.grids
        )
        page = (
            f"<!DOCTYPE html><html><head><title>Tin tức - Huyện Hòa An</title>{self.head}</head><body>"
            f'<form method="post" action="{self.action or "." + self.path[self.path.rfind("/") :]}" id="aspnetForm">{inputs}'
            '<input type="text" name="ctl00$txtTimKiem" value="" /><input type="submit" name="ctl00$btnTim" value="Tìm" />'
            f"<a href=\"javascript:__doPostBack('ctl00$lbtLogin','')\">Đăng nhập</a>"
            f"{self.around.format(lists)}</form></body></html>"
        )
        cookie = {"Set_Cookie": f"ASP.NET_SessionId={session}; path=/; HttpOnly"} if self.session else {}
        return answer(page, **cookie)


def teaser(path: str) -> str:
    return f'<li><a href="{path}">Bài viết về công việc của xã {path}</a><span>12/03/2024</span></li>'


@dataclass
class Fragments:
    """A list of the UI… family: page 1 in the page, the others by POST as pieces. ``wrapped``: as JSON, ``{"d": …}``."""

    path: str
    entries: list[str]
    category: int = 54442
    size: int = 6
    wrapped: bool = False
    tell_pages: bool = True
    asked: list[int] = field(default_factory=list)

    ENDPOINT = "/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle"

    def list_page(self, seen: Seen) -> bytes:
        pages = -(-len(self.entries) // self.size)
        told = f"var maxPage = parseInt({pages});" if self.tell_pages else ""
        kind = 'contentType: "application/json; charset=utf-8",' if self.wrapped else ""
        data = f'article_category_id: {self.category}, site_id: 4, page: page, page_size: {self.size}, keyword: $("#txtKeyword").val(), no: (page - 1) * {self.size}'
        body = f"JSON.stringify({{ {data} }})" if self.wrapped else f"{{ {data} }}"
        return answer(
            f'<!DOCTYPE html><html><head><title>Kinh tế</title><link href="/DesktopModule/UIMenu/menu.css" rel="stylesheet"></head><body>'
            f'<form method="post" action="./" id="form1"><input type="hidden" name="__VIEWSTATE" value="/wEPDw8kZGQ=" />'
            f'<div class="UIListNews_Default"><ul class="ArticleList">{"".join(teaser(p) for p in self.entries[: self.size])}</ul>'
            f'<ul class="pagination"><li class="page-number active" data-page="1"><a class="page-link">1</a></li></ul></div>'
            f'<input type="text" id="txtKeyword" value="không gửi"><script>{told} function load(page) {{ $.ajax({{ type: "POST", url: "{self.ENDPOINT}", {kind}'
            f" data: {body}, success: function (d) {{ $('.ArticleList').html(d); }} }}); }}</script></form></body></html>"
        )

    def endpoint(self, seen: Seen) -> bytes:
        if seen.method != "POST":
            return answer("không", "405 Method Not Allowed")
        if self.wrapped:
            told = json.loads(seen.body)
        else:
            told = {name: values[0] for name, values in parse_qs(seen.body.decode(), keep_blank_values=True).items()}
        page = int(told["page"])
        assert (int(told["article_category_id"]), told["keyword"], int(told["no"])) == (
            self.category,
            "",
            (page - 1) * self.size,
        )
        self.asked.append(page)
        # relative to the list, as a script puts it there
        entries = "".join(
            teaser(path.removeprefix("/")) for path in self.entries[(page - 1) * self.size : page * self.size]
        )
        return (
            answer(json.dumps({"d": entries}), kind="application/json; charset=utf-8")
            if self.wrapped
            else answer(entries)
        )
