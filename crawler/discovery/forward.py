"""Client-side redirects: meta refresh, the ``Refresh`` header, a script with a plain address; and frame sets.

Browsers follow them at once, so that nobody who keeps a portal knows that its front page is but a sign-post.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from crawler.page.comments import without_open_comments
from crawler.page.page import Page

MAX_DELAY = 10.0
"""Seconds. A page that waits longer is one to be read; news pages load themselves again every five minutes."""
FEW_WORDS, FEW_LINKS = 60, 5
"""What a page says that only leads on: “Đang chuyển trang, bấm vào đây nếu trình duyệt không tự chuyển”."""

_REFRESH = re.compile(r"""\s*(\d*\.?\d*)\s*(?:[;,]\s*|\s+)?(?:url\s*=\s*)?(.*)""", re.I | re.S)
_PLACE = r"(?:(?:window|self|top|parent|document)\s*\.\s*){0,4}location"
_TARGET = r"""(?P<quote>["'])(?P<url>[^"'\s<>][^"'<>\n]{0,1000}?)(?P=quote)\s*(?![\s+.(])"""
_ASSIGNED = re.compile(rf"\b{_PLACE}(?:\s*\.\s*href|\s*\[\s*['\"]href['\"]\s*\])?\s*=\s*{_TARGET}", re.I)
_CALLED = re.compile(rf"\b(?:{_PLACE}\s*\.\s*(?:replace|assign)|window\s*\.\s*navigate)\s*\(\s*{_TARGET}", re.I)
_BY_NAME = re.compile(
    rf"\b{_PLACE}(?:\s*\.\s*href)?\s*=\s*(\w+)\s*[;}}\s]|\b{_PLACE}\s*\.\s*(?:replace|assign)\s*\(\s*(\w+)\s*\)", re.I
)
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'\w])//[^\n]*|<!--[^\n]*", re.S)
_ON_EVENT = re.compile(
    r"addEventListener\s*\(\s*['\"](?:click|change|submit|scroll|key\w+|mouse\w+)|\.on(?:click|change|submit)\b|\.click\s*\(",
    re.I,
)
_FUNCTION = re.compile(r"\bfunction\s+(\w+)\s*\([^()]*\)\s*\{")
MAX_SCRIPT = 20_000
MAX_SCRIPTS, MAX_FUNCTIONS = 20, 40
"""Scripts of a page, and functions of one, beyond which it is a program: a page that leads on has one of each."""


class Forward(NamedTuple):
    """Where a page leads on; ``sure`` when a browser would leave it without a script."""

    url: str
    sure: bool


def leads_on(page: Page, refresh: str | None = None) -> Forward | None:
    """Where a browser that opens ``page`` ends up, ``refresh`` being its ``Refresh`` header; ``None``: it stays.

    A page that leads to itself stays. A gate that sets a cookie first is no redirect.
    """
    if refresh is not None and (url := _elsewhere(page, _of_refresh(refresh))) is not None:
        return Forward(url, True)
    for node in page.tree.css("meta[http-equiv][content]"):
        if (node.attributes.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        url = _elsewhere(page, _of_refresh(node.attributes.get("content") or ""))
        if url is not None:
            return Forward(url, not any(parent == "noscript" for parent in _around(node)))
    url = _elsewhere(page, _of_scripts(page)) if is_thin(page) else None
    return Forward(url, False) if url is not None else None


def is_thin(page: Page) -> bool:
    """Whether a page has so few words and links of its own that it may do nothing but lead on."""
    body = page.tree.body
    if body is None:
        return True
    if len(page.tree.css("a[href]")) > FEW_LINKS:
        return False
    words = 0
    for node in body.traverse(include_text=True):
        if node.tag == "-text" and node.parent is not None and node.parent.tag not in ("script", "style", "template"):
            words += len((node.text_content or "").split())
            if words > FEW_WORDS:
                return False
    return True


def frames_of(page: Page) -> list[str]:
    """The pages a frame set is made of, in order; none for any other page."""
    if page.tree.css_first("frameset") is None:
        return []
    urls = (page.resolve(node.attributes.get("src") or None) for node in page.tree.css("frame[src]"))
    return list(dict.fromkeys(url for url in urls if url and url != page.url))


def inner_pages(page: Page) -> list[str]:
    """What the ``iframe`` elements of a page show: lists are kept apart from their page so."""
    found = []
    for node in page.tree.css("iframe[src], iframe[data-src]"):
        url = page.resolve(node.attributes.get("src") or node.attributes.get("data-src") or None)
        if url is not None and url != page.url:
            found.append(url)
    return list(dict.fromkeys(found))


def _around(node: LexborNode) -> list[str]:
    tags: list[str] = []
    at = node.parent
    while at is not None:
        tags.append(at.tag or "")
        at = at.parent
    return tags


def _of_refresh(content: str) -> str | None:
    """The address of a refresh (HTML, “shared declarative refresh steps”) that comes within :data:`MAX_DELAY`."""
    found = _REFRESH.match(content)
    if found is None or not found[2].strip():
        return None
    try:
        delay = float(found[1] or 0)
    except ValueError:  # a lone point
        delay = 0.0
    url = found[2].strip()
    if url[:1] in "\"'":
        url = url[1:].partition(url[0])[0]
    return url.strip() if delay <= MAX_DELAY else None


def _of_scripts(page: Page) -> str | None:
    """The plain address a script or ``onload`` sends the browser to."""
    if ("location" not in page.text and "navigate" not in page.text) or "document.cookie" in page.text:
        return None
    nodes = page.tree.css("script:not([src])")[:MAX_SCRIPTS]
    scripts = (node.text(deep=True)[:MAX_SCRIPT] for node in nodes)
    codes = [_COMMENT.sub(" ", without_open_comments(script)) for script in scripts]
    codes += [(node.attributes.get("onload") or "")[:MAX_SCRIPT] for node in page.tree.css("[onload]")[:MAX_SCRIPTS]]
    whole = "\n".join(codes)
    for code in codes:
        code = _without_idle_functions(code, whole).replace("\\'", "'").replace('\\"', '"')
        if _ON_EVENT.search(code):
            continue
        found = _ASSIGNED.search(code) or _CALLED.search(code)
        url = found["url"] if found is not None else _by_name(code)
        if url:
            return re.sub(r"\\(?:x2f|u002f|(/))", "/", url, flags=re.I)
    return None


def _without_idle_functions(code: str, whole: str) -> str:
    """A script without the functions that nothing calls by itself: what a button does when it is pressed."""
    functions = list(islice(_FUNCTION.finditer(code), MAX_FUNCTIONS + 1))
    if len(functions) > MAX_FUNCTIONS:  # a program, and none that only leads on
        return ""
    for declared in reversed(functions):
        depth, at = 1, declared.end()
        while at < len(code) and depth:
            depth += {"{": 1, "}": -1}.get(code[at], 0)
            at += 1
        elsewhere = whole.replace(code[declared.start() : at], " ", 1)
        if re.search(rf"\b{re.escape(declared[1])}\b", elsewhere) is None:
            code = code[: declared.start()] + " " + code[at:]
    return code


def _by_name(code: str) -> str | None:
    """The address kept in a variable that a script then goes to."""
    named = _BY_NAME.search(code)
    if named is None:
        return None
    value = re.search(rf"\b{re.escape(named[1] or named[2])}\s*=\s*{_TARGET}", code)
    return value["url"] if value is not None else None


def _elsewhere(page: Page, url: str | None) -> str | None:
    target = page.resolve(url) if url else None
    return target if target is not None and target != page.url else None
