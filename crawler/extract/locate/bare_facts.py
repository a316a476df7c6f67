"""Facts around an article that bear no name and no word: a trail of links above its title, a counter behind a picture of an eye."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.extract.clean.blocks import squeeze
from crawler.page.dom import node_text
from crawler.page.outside import lies_outside, marks
from crawler.words.tables import WithWords

HOME = WithWords(r"{trail_homes}\s*:?", "line")
_EYES = 'i[class*="eye" i], span[class*="eye" i], svg[class*="eye" i], img[src*="eye" i], use'
_EYE = re.compile(r"(?<![a-z])eyes?(?![a-z])", re.I)
_COUNT = re.compile(r"[\s:(]{0,6}(\d{1,3}(?:[.,]\d{3}){0,3}|\d{1,9})(?![\d.,:/h-]*\d)")
"""A number as counters print it, and neither a time nor a date."""
_STEP = re.compile(r"^[\s/»›>|\\→-]+|[\s/»›>|\\→-]+$")
_MARKS = re.compile(r"[/»›>\\→]")
_LONGEST_TRAIL = 300
_LONGEST_NAME = 80
_ABOVE = 3
"""Levels above a title, and elements before it on each, where its trail may stand."""


def section_of_trail(title: LexborNode | None, printed: str | None) -> str | None:
    """The last section of a trail of links right above a title.

    Links one after the other are a trail, and no menu, if they end with the title itself, if marks of a way (``/``, ``›``)
    stand between them after the home page, or if the address of each goes on from that of the one before.
    """
    key, node = squeeze(printed or ""), title
    for _ in range(_ABOVE):
        if node is None or node.tag in ("body", "html"):
            return None
        before, looked = node.prev, 0
        while before is not None and looked < _ABOVE:
            if before.is_element_node:
                looked += 1
                if (section := _last_step(before, key)) is not None:
                    return section
            before = before.prev
        node = node.parent
    return None


def _last_step(node: LexborNode, title: str) -> str | None:
    if len(node.text(deep=True)) > _LONGEST_TRAIL:
        return None
    links = node.css("a[href]")[:8]
    printed = node_text(node)
    steps = [(_STEP.sub("", node_text(link)), link) for link in links]
    steps = [(name, link) for name, link in steps if 1 < len(name) < _LONGEST_TRAIL]
    if not steps or len(links) > 7:
        return None
    unlinked = printed
    for name, _ in steps:
        unlinked = unlinked.replace(name, " ", 1)
    rest = squeeze(unlinked)
    ends_with_title = bool(title) and (rest == title or (not rest and squeeze(steps[-1][0]) == title))
    if rest not in ("", title) or not (ends_with_title or _is_way(unlinked, steps)):
        return None
    names = [name for name, _ in steps if not HOME.fullmatch(name) and squeeze(name) != title]
    return names[-1] if names and len(names[-1]) < _LONGEST_NAME else None


def _is_way(between: str, steps: list[tuple[str, LexborNode]]) -> bool:
    if len(steps) < 2:
        return False
    if HOME.fullmatch(steps[0][0]) and len(_MARKS.findall(between)) >= len(steps) - 1:
        return True
    paths = [urlsplit(link.attributes.get("href") or "").path.rstrip("/") for _, link in steps]
    return all(path and later.startswith(f"{path}/") for path, later in pairwise(paths))


def views_behind_eye(scope: LexborNode) -> tuple[int, str] | None:
    """The number that follows a picture of an eye, and the line it stands in."""
    for eye in scope.css(_EYES)[:20]:
        said = f"{marks(eye)} {eye.attributes.get('src') or ''} {eye.attributes.get('href') or ''} {eye.attributes.get('xlink:href') or ''}"
        if not _EYE.search(said) or lies_outside(eye):
            continue
        node: LexborNode | None = eye
        for _ in range(3):  # the picture may stand in elements of its own
            if node is None:
                break
            follows = _text_after(node)
            if follows:
                found = _COUNT.match(follows)
                if found is not None:
                    return int(re.sub(r"\D", "", found[1])), found[0].strip()
                break
            node = node.parent
    return None


def _text_after(node: LexborNode) -> str:
    text, sibling = "", node.next
    while sibling is not None and len(text) < 40 and not text.strip():
        text += (sibling.text(deep=True) if sibling.is_element_node else sibling.text_content or "")[:60]
        sibling = sibling.next
    return text.strip()
