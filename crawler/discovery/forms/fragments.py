"""Lists whose later pages a script of the site asks for by POST, as pieces of HTML: the ``UI…`` family of ``/DesktopModule/``.

The page holds the call: an address that ends in ``…Pagination.aspx/LoadArticle``, and an object of what is sent with it
(``article_category_id``, ``site_id``, ``page_size`` …), in which one field is the number of the page. Values are read where
they stand as such, or as a variable set to one; what the script would take from a field that a reader fills stays empty.
Seen in public crawlers of Ninh Bình, Hải Phòng and hoinongdan.org.vn: the number counts from 1, and the answer is HTML.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from crawler.addresses.urls import absolute
from crawler.discovery.forms.postback import MOST_PAGERS, FormPage, FormPager
from crawler.discovery.pager import MOST_PAGES, in_pager, shown_number
from crawler.page.comments import without_open_comments
from crawler.page.page import Page

AHEAD = 10
"""Pages asked for ahead of the one read, where the list says how many it has: as many as a window of numbers shows."""

_URL = re.compile(
    r"""(['"])(?P<url>[^'"\s]{0,200}?/DesktopModules?/[\w/-]{0,200}?(?P<name>\w{0,60}(?:Pagination|Paging|PhanTrang)\w{0,60})\.(?:aspx|ashx|asmx)(?:/\w{1,60})?)\1""",
    re.I,
)
_DATA = re.compile(r"\bdata\s*:\s*(?P<json>JSON\.stringify\(\s*)?(?:(?P<object>\{)|(?P<name>[A-Za-z_$][\w$]*))", re.I)
_TYPE = re.compile(r"contentType\s*:\s*(['\"])(?P<type>[^'\"]+)\1", re.I)
_HIGHEST = re.compile(
    r"\b(?:max_?page|total_?pages?|page_?count|num_?pages?|tong_?so_?trang)\s*[:=]\s*(?:parseInt\(\s*)?['\"]?(\d{1,5})\b",
    re.I,
)
_PAGE_KEY = re.compile(r"p|pg|page|trang|so_?trang|(?:cur(?:rent)?_?)?page_?(?:index|no|num(?:ber)?)?|cur_?page", re.I)
_COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.S)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d+)?")
_STRING = re.compile(r"""(['"])((?:(?!\1)[^\\]|\\.)*)\1""", re.S)
_SUM = re.compile(r"[\s\d+*()/-]*\bpage\b[\s\d+*()/page-]*")
_WORDS = {"true": True, "false": False, "null": None}
MOST_FIELDS = 60  # of what is sent; the calls seen have some twenty
_AROUND = 3000  # characters before and after the address in which the rest of its call stands


def fragment_pagers(page: Page, in_portal: Callable[[str], bool]) -> list[FormPager]:
    """The lists of ``page`` that a script goes on with by POST, each with the pages to ask for next."""
    pagers: list[FormPager] = []
    if "/desktopmodule" not in page.lowered:
        return []
    for call in islice(_URL.finditer(page.text), MOST_PAGERS):
        url = absolute(page.base_url, call["url"])
        if url is None or not in_portal(url):
            continue
        name = call["name"] + (f"-{len(pagers) + 1}" if pagers else "")
        pager = _read_call(page, call, FormPager(name, url, [], fragment=True))
        if any(other.url == pager.url and other.fields == pager.fields for other in pagers):
            continue  # called for its numbers and for its arrow
        pagers.append(pager)
    for pager in pagers:
        if pager.problem is None:
            alone = len(pagers) == 1
            pager.highest = _told(page) if alone else None
            pager.pages = further(pager.template, 1, pager.highest, _shown(page) if alone else None)
    return pagers


def further(template: dict[str, str], current: int, highest: int | None, shown: int | None = None) -> list[FormPage]:
    """The pages to ask for after ``current``: the next one, and more ahead where the list says how far it goes.

    ``highest`` is how many pages the list has; ``shown`` only the highest number its pager shows just now.
    """
    last = highest if highest is not None else max(shown or 0, current + 1)
    last = min(last, current + AHEAD, MOST_PAGES)
    return [
        FormPage(n, [(name, _reckoned(expression, n)) for name, expression in template.items()])
        for n in range(current + 1, last + 1)
    ]


def _read_call(page: Page, call: re.Match[str], pager: FormPager) -> FormPager:
    text = page.text[max(0, call.start() - _AROUND) : call.end() + _AROUND]
    at = call.start() - max(0, call.start() - _AROUND)
    found = min(_DATA.finditer(text), key=lambda data: abs(data.start() - at), default=None)
    source = _object_at(page, text, found) if found is not None else None
    if found is None or source is None:
        pager.problem = "what its script sends is not written out in the page"
        return pager
    kind = min(_TYPE.finditer(text), key=lambda data: abs(data.start() - at), default=None)
    if kind is not None and abs(kind.start() - at) < 600:
        pager.content_type = kind["type"]
    elif found["json"]:
        pager.content_type = "application/json; charset=utf-8"
    else:
        pager.content_type = "application/x-www-form-urlencoded; charset=UTF-8"
    entries = list(islice(_entries(source), MOST_FIELDS))
    number = next((expression for key, expression in entries if _PAGE_KEY.fullmatch(key)), None)
    if number is None:
        pager.problem = "what its script sends names no number of a page"
        return pager
    variable = next(iter(re.findall(r"[A-Za-z_$][\w$]*", number)), "") if not number.startswith(("$", "'", '"')) else ""
    fields: list[tuple[str, Any]] = []
    for key, expression in entries:
        if _PAGE_KEY.fullmatch(key):
            pager.template[key] = _sum_of(page, expression, variable) or "page"
            fields.append((key, 0))
        elif variable and re.search(rf"(?<![\w$]){re.escape(variable)}(?![\w$])", expression):
            total = _sum_of(page, expression, variable)
            if total is not None:
                pager.template[key] = total
            fields.append((key, 0))
        else:
            fields.append((key, _value(page, expression)))
    pager.fields = fields
    return pager


def _object_at(page: Page, text: str, found: re.Match[str]) -> str | None:
    """The inside of the object that a call sends: written there, or as a variable before."""
    if found["object"]:
        return _inside(text, found.start("object"))
    defined = re.search(rf"\b{re.escape(found['name'])}\s*=\s*\{{", page.text)
    return _inside(page.text, defined.end() - 1) if defined else None


def _inside(text: str, start: int) -> str | None:
    depth = 0
    for at in range(start, min(len(text), start + _AROUND)):
        depth += (text[at] == "{") - (text[at] == "}")
        if not depth:
            return text[start + 1 : at]
    return None


def _entries(source: str) -> Iterator[tuple[str, str]]:
    """The keys and expressions of an object literal."""
    for part in _split(_COMMENT.sub("", without_open_comments(source))):
        key, colon, expression = part.partition(":")
        key = key.strip().strip("'\"")
        if re.fullmatch(r"[\w$-]+", key):
            yield key, expression.strip() if colon else key  # {page}: short for {page: page}


def _split(source: str) -> Iterator[str]:
    start, depth, quote = 0, 0, ""
    for at, char in enumerate(source):
        if quote:
            quote = "" if char == quote and source[at - 1] != "\\" else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and not depth:
            yield source[start:at]
            start = at + 1
    yield source[start:]


def _value(page: Page, expression: str, deep: bool = True) -> str | int | float | bool | None:
    """What an expression is: a value as such, a variable set to one, a hidden input; else empty, as a reader left it."""
    text = re.sub(r"^(?:parseInt|Number|String|parseFloat)\((.*?)(?:,\s*10)?\)$", r"\1", expression.strip(), flags=re.S)
    text = text.strip()
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    quoted = _STRING.fullmatch(text)
    if quoted is not None:
        said = quoted.group(2)
        return re.sub(r"\\(.)", r"\1", said)
    if re.fullmatch(r"[A-Za-z_$][\w$]*", text) and deep:
        defined = re.search(rf"(?<![\w$.]){re.escape(text)}\s*=(?!=)\s*([^;\n]+)", page.text)
        return _value(page, defined.group(1), False) if defined else ""
    element = re.match(r"\$\(\s*['\"]#([\w-]+)['\"]\s*\)\s*\.\s*val\(\)", text)
    node = page.tree.css_first(f'input[type=hidden][id="{element.group(1)}"]') if element else None
    return (node.attributes.get("value") or "") if node is not None else ""


def _sum_of(page: Page, expression: str, variable: str) -> str | None:
    """An expression as a sum over ``page``, its other variables replaced by their values; ``None`` when it is none."""

    def value(found: re.Match[str]) -> str:
        if found.group() == variable:
            return "page"
        known = _value(page, found.group())
        return str(known) if isinstance(known, int) and not isinstance(known, bool) else "?"

    bare = re.sub(r"^(?:parseInt|Number)\((.*)\)$", r"\1", expression.strip())
    text = re.sub(r"[A-Za-z_$][\w$]*", value, bare)
    return text if variable and len(text) < 60 and _SUM.fullmatch(text) and _can_be_reckoned(text) else None


_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


def _can_be_reckoned(text: str) -> bool:
    try:
        _reckoned(text, 2)
    except (ValueError, SyntaxError):
        return False
    return True


def _reckoned(text: str, number: int) -> int:
    """The value of a sum over ``page``. Raises :class:`ValueError` for anything but sums and products."""

    def of(node: ast.AST) -> int:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return node.value
        if isinstance(node, ast.Name) and node.id == "page":
            return number
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -of(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return _OPERATORS[type(node.op)](of(node.left), of(node.right))
        raise ValueError(text)

    return of(ast.parse(text.strip(), mode="eval").body)


def _told(page: Page) -> int | None:
    """How many pages the list has, as its script says."""
    found = _HIGHEST.search(page.text)
    return min(int(found.group(1)), MOST_PAGES) if found is not None else None


def _shown(page: Page) -> int | None:
    """The highest number of the pager."""
    numbers = [
        number for node in page.tree.css("a, li[data-page]") if (number := shown_number(node)) and in_pager(node)
    ]
    return max((number for number in numbers if number <= MOST_PAGES), default=None)
