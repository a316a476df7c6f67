"""Pagers that send the page's form: what is to be posted for the next pages of a list, read off ASP.NET WebForms.

A link of such a pager calls ``__doPostBack(target, argument)``; the browser then posts the one form of the page with both
in it, and every hidden input (``__VIEWSTATE`` and the like). That is all that is ever sent from here: hidden inputs as they
stand, and the event of a link that leads to a numbered page. What a reader could type or choose is left out, so is any
other event: a log-in, a search, a vote, a comment are no pagers, whatever their links show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from crawler.addresses.urls import absolute
from crawler.discovery.forms.form_body import Fields
from crawler.discovery.pager import MOST_PAGES, PAGER_NAME, shown_number
from crawler.page.dom import node_text
from crawler.page.outside import marks
from crawler.page.page import Page
from crawler.words.tables import WithWords

_CALL = re.compile(r"""__doPostBack\s*\(\s*(['"])(?P<target>[^'"]+)\1\s*,\s*(['"])(?P<argument>[^'"]*)\3\s*\)""")
_OPTIONS = re.compile(
    r"""WebForm_PostBackOptions\(\s*(['"])(?P<target>[^'"]+)\1\s*,\s*(['"])(?P<argument>[^'"]*)\3\s*,\s*\w+\s*,"""
    r"""\s*(['"])[^'"]*\5\s*,\s*(['"])(?P<action>[^'"]*)\6"""
)
_CALLERS = ", ".join(
    f'{tag}[{name}*="oPostBack"]'
    for tag in ("a", "li", "span", "td", "input", "button")
    for name in ("href", "onclick")
)

_NO_PAGER = WithWords(
    r"calendar|lich(?:congtac|lamviec|tuan|ngay)?(?:\d|_|\$|$)|ratings?(?:\d|_|\$|$)|rater|vote|poll|survey|{refused_pagers}|"
    r"log-?(?:in|on|out)(?!view)|sign-?(?:in|up|out)|register|search|comment|contact|feedback|captcha|wizard|"
    r"navigationtemplate|export|delete|print|sort|subscri|upload|download"
)
"""Words of controls that are no pagers, in their names or in the class names around them. ``LoginView`` is a container."""
_PAGER_WORD = WithWords(
    r"pag(?:e|er|ing|ination)?(?:\d|_|$)|pag(?:er|ing|ination)|page-?(?:no|num|index|link|size)|(?:lnk|lbt?n?|lk|link|btn|hyp)_?page|"
    r"{pager_names}|(?:so|chuyen|num|lnk|lbt?n?|rpt|dl|^)_?trang(?!chu)"
)
_ROW = re.compile(r"(?:\$ctl\d{1,9}){1,20}(?:\$[A-Za-z_]\w{0,100})?$")
"""The end of a target that numbers what a repeater repeats: page 7 is not always its seventh link."""

_OWN_EVENTS = re.compile(r"(?:Select|Edit|Delete|Update|Insert|New|Cancel|Sort)\$", re.I)  # of rows of a grid
_DATA_VIEW = re.compile(r"dvt_(?:firstrow|startposition)=", re.I)
"""What SharePoint's data views are told to go on with; they show arrows and no numbers."""

_AHEAD = WithWords(r"›|>|>{2}|»|{next_pages}\W*", "line")
_TO_THE_END = re.compile(r">{2}|»", re.I)
_MORE = re.compile(r"\.{2,4}|…")
_STATE = re.compile(r"__(?:VIEWSTATE|EVENT|COMPRESSEDVIEWSTATE|VSTATE)", re.I)
_EVENT_FIELDS = ("__EVENTTARGET", "__EVENTARGUMENT")


MOST_CALLS, MOST_PAGERS = 2_000, 10
"""Scripted links of a page that are looked at, and pagers taken from it: real pages have some dozens, and one or two. What
a page of nothing else would cost is bounded by both."""

MOST_FORMS, MOST_INPUTS = 20, 2_000
"""Forms and hidden inputs of a page that are looked at; a portal's page has one form, or a few, with some ten inputs."""
_HIDDEN = "input[type=hidden][name]"

PAGER_TEXT = 400
"""Characters a pager has at most: twenty numbers and a few words. Sites call the frame of all they show ``page``, too."""


class FormPage(NamedTuple):
    """One page a form leads to: what is set in the form to come there."""

    number: int
    event: Fields


@dataclass(slots=True)
class FormPager:
    """One pager of one list. ``name`` stays the same from page to page and from crawl to crawl; ``problem`` says why
    nothing can be posted after all."""

    name: str
    url: str
    """Where the form goes."""
    fields: Fields
    """What the form holds beside the event."""
    pages: list[FormPage] = field(default_factory=list)
    charset: str = "utf-8"
    content_type: str = "application/x-www-form-urlencoded"
    fragment: bool = False
    """Whether pieces of the list come back, which scripts put into the page it is on."""
    template: dict[str, str] = field(default_factory=dict)
    """Fields that are reckoned from the number of the page, as sums over ``page``: where any page can be asked for."""
    highest: int | None = None
    """How many pages the list says it has."""
    problem: str | None = None


class _Call(NamedTuple):
    node: LexborNode
    target: str
    argument: str
    number: int | None
    text: str

    @property
    def pager(self) -> str:
        """The control that is the pager, or its row of links; the same whichever of its links is meant."""
        if self.argument:
            return self.target
        bare = _ROW.sub("", self.target)
        return bare if bare and bare != self.target else self.target.rstrip("0123456789")


def form_pagers(page: Page, in_portal: Callable[[str], bool], current: int = 1) -> list[FormPager]:
    """The pagers of ``page`` that post its form, in page order; ``current`` is the number of the page it is.

    Pages before the current one are left out: they were on the way to it.
    """
    calls = list(islice(_calls(page), MOST_CALLS))
    numbered = [call for call in calls if call.number is not None and _leads_to(call)]
    groups: dict[str, list[_Call]] = {}
    for call in numbered:
        groups.setdefault(call.pager, []).append(call)
    loose = [call for call in calls if call.number is None and not _refused(call)]
    pagers = []
    for name, group in islice(groups.items(), MOST_PAGERS):
        ahead = {call.number: call for call in reversed(group) if (call.number or 0) > current}
        beyond = _beyond(group, loose, current)
        if beyond is not None and beyond[0] > current and beyond[0] not in ahead:
            ahead[beyond[0]] = beyond[1]
        if current + 1 in ahead or (ahead and current > 1):
            pagers.append(_pager(page, in_portal, name, [(n, ahead[n]) for n in sorted(ahead, key=lambda n: n or 0)]))
    if not groups:
        following = next(
            (call for call in loose if _is_next(call) and (_is_named_pager(call) or _in_pager(call.node))), None
        )
        if following is not None:
            pagers.append(_pager(page, in_portal, following.pager, [(current + 1, following)]))
    return pagers


def _calls(page: Page) -> Iterator[_Call]:
    seen = set()
    for node in page.tree.css(_CALLERS):
        if node.mem_id in seen:  # it matches by its address and by its script
            continue
        seen.add(node.mem_id)
        href = node.attributes.get("href") or ""
        code = href if "oPostBack" in href else node.attributes.get("onclick") or ""
        if "%27" in code or "%22" in code:
            code = unquote(code)
        code = code.replace("\\'", "'")  # a call that a timer makes
        found = _OPTIONS.search(code) or _CALL.search(code)
        if found is None or found.groupdict().get("action"):
            continue
        yield _Call(node, found["target"], found["argument"].strip(), shown_number(node), _words(node))


def _words(node: LexborNode) -> str:
    text = node_text(node).strip()
    if text:
        return text
    image = node.css_first("img")
    named = [(image.attributes.get("alt"), image.attributes.get("title"))] if image is not None else []
    words = [word for pair in named for word in pair]
    return next((word.strip() for word in [*words, node.attributes.get("title")] if word), "")


def _leads_to(call: _Call) -> bool:
    """Whether a link that shows a number leads to the page of that number."""
    if _refused(call) or call.number is None or not 1 <= call.number <= MOST_PAGES:
        return False
    if not call.argument:
        return _is_named_pager(call) or _in_pager(call.node)
    grid = re.fullmatch(r"Page\$(\d+)", call.argument)
    if grid is not None:
        return int(grid.group(1)) == call.number
    numbers = re.findall(r"\d+", call.argument)
    if not numbers or int(numbers[-1]) not in (call.number, call.number - 1):
        return False
    return "page" in call.argument.lower() or _is_named_pager(call) or _in_pager(call.node)


def _in_pager(node: LexborNode) -> bool:
    """Whether an element around the link calls itself a pager, and is none that holds a whole page."""
    around: LexborNode | None = node
    for _ in range(5):
        if around is None or around.tag in ("form", "body"):
            return False
        if PAGER_NAME.search(marks(around)):
            return len(node_text(around)) <= PAGER_TEXT
        around = around.parent
    return False


def _is_named_pager(call: _Call) -> bool:
    """Whether the control calls itself a pager: in its own name or in that of what repeats it."""
    if re.fullmatch(r"Page\$\w+", call.argument) or _DATA_VIEW.search(call.argument):
        return True
    parts = [part for part in call.target.split("$") if not re.fullmatch(r"ctl\d+", part)]
    return any(_PAGER_WORD.search(part) for part in parts[-2:])


def _refused(call: _Call) -> bool:
    """Whether the control is of another kind than a pager, by its own name or by what is around it."""
    if _NO_PAGER.search(call.target) or _NO_PAGER.search(call.argument) or _OWN_EVENTS.match(call.argument):
        return True
    node: LexborNode | None = call.node
    for _ in range(5):
        if node is None or node.tag in ("form", "body"):
            return False
        if _NO_PAGER.search(marks(node)):
            return True
        node = node.parent
    return False


def _is_next(call: _Call) -> bool:
    if call.argument == "Page$Next":
        return True
    if call.argument in ("Page$Last", "Page$First", "Page$Prev"):
        return False
    named = f"{call.target.rpartition('$')[2]} {marks(call.node)}"
    return _AHEAD.fullmatch(call.text) is not None or re.search(r"next", named, re.I) is not None


def _beyond(group: list[_Call], loose: list[_Call], current: int) -> tuple[int, _Call] | None:
    """The page behind the numbers shown: by the dots after the last of them, else by a link to the next page."""
    around = [set(_above(call.node)) for call in group]
    near = [
        call
        for call in loose
        if call.pager == group[0].pager or any(not one.isdisjoint(_above(call.node)) for one in around)
    ]
    highest = max(call.number or 0 for call in group)
    order = [call.node.mem_id for call in group if call.number == highest]
    for call in near:
        grid = re.fullmatch(r"Page\$(\d+)", call.argument)
        if _MORE.fullmatch(call.text) and grid is not None and int(grid.group(1)) > highest:
            return int(grid.group(1)), call
    after = [call for call in near if _comes_after(call.node, order[-1]) and _MORE.fullmatch(call.text)]
    if after:
        return max(highest, current) + 1, after[0]
    ahead = [call for call in near if _is_next(call)]
    ahead.sort(key=lambda call: _TO_THE_END.fullmatch(call.text) is not None)
    return (current + 1, ahead[0]) if ahead else None


def _above(node: LexborNode) -> list[int]:
    """The elements around a link, as far as one pager reaches."""
    found, parent = [], node.parent
    for _ in range(4):
        if parent is None or parent.tag in ("form", "body"):
            break
        found.append(parent.mem_id)
        parent = parent.parent
    return found


def _comes_after(node: LexborNode, other: int) -> bool:
    """Whether an element stands behind another one, among the elements of the one pager they share."""
    parent = node.parent
    for _ in range(4):
        if parent is None:
            return False
        ids = [link.mem_id for link in parent.css("a, li, span, td")]
        if other in ids:
            return ids.index(node.mem_id) > ids.index(other)
        parent = parent.parent
    return False


def _pager(page: Page, in_portal: Callable[[str], bool], name: str, ahead: list[tuple[int | None, _Call]]) -> FormPager:
    form = _form_of(page, ahead[0][1].node)
    pager = FormPager(name, page.url, [], charset=page.encoding or "utf-8")
    if form is None:
        pager.problem = "the page has no form that a script could send"
        return pager
    action = (form.attributes.get("action") or "").strip()
    url = absolute(page.base_url, action) if action else page.url
    if url is None or not in_portal(url):
        pager.problem = "its form is sent to another site"
        return pager
    pager.url, pager.fields = url, _hidden(page, form)
    pager.pages = [
        FormPage(number or 0, list(zip(_EVENT_FIELDS, (call.target, call.argument), strict=True)))
        for number, call in ahead
    ]
    return pager


def _form_of(page: Page, node: LexborNode) -> LexborNode | None:
    """The form a link posts: the one around it, else the one of the page that holds its state."""
    around = _enclosing(node)
    forms = [around] if around is not None else page.tree.css("form")[:MOST_FORMS]
    for form in forms:
        posts = (form.attributes.get("method") or "").lower() == "post"
        if posts and any(_STATE.match(name) for name, _ in _hidden(page, form)):
            return form
    return None


def _hidden(page: Page, form: LexborNode) -> list[tuple[str, str]]:
    """The hidden inputs of a form, but for the event; those that broken markup put beside every form are its own too."""
    own = {node.mem_id for node in form.css(_HIDDEN)}
    others: set[int] = set()
    forms = page.tree.css("form")
    for other in forms[:MOST_FORMS]:
        others.update(node.mem_id for node in other.css(_HIDDEN))
    found = []
    for node in page.tree.css(_HIDDEN)[:MOST_INPUTS]:
        name = node.attributes.get("name") or ""
        if not name or name in _EVENT_FIELDS or "disabled" in node.attributes:
            continue
        is_loose = node.mem_id not in others and len(forms) <= MOST_FORMS
        if node.mem_id in own or is_loose:
            found.append((name, node.attributes.get("value") or ""))
    return found


def _enclosing(node: LexborNode) -> LexborNode | None:
    parent = node.parent
    while parent is not None and parent.tag != "form":
        parent = parent.parent
    return parent
