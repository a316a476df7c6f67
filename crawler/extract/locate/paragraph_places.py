"""Where paragraphs live: the running text of an article shares one kind of place, boxes and quoted posts have their own."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.extract.clean.blocks import Block, opening

KEY = 60
"""Letters by which a paragraph is known again after cleaning."""

LIMIT = 6000
"""Characters of an element above which it is no paragraph."""

_HOLDERS = "p, li, h1, h2, h3, h4, h5, h6, div, span, td, blockquote, pre, section, dd, dt"
_WRAPPERS = ("span", "div", "section")


def homes(body: LexborNode) -> dict[str, str]:
    """Paragraphs of a fragment, by their first letters, and the kind of place each stands in: its tag and two parents'."""
    found: dict[str, str] = {}
    for node in body.css(_HOLDERS):
        text = node.text(deep=True)
        if len(text) > LIMIT:
            continue
        key = opening(text, KEY)
        if len(key) < 3 or (node.tag in _WRAPPERS and key in found):
            continue
        parent = node.parent
        found[key] = f"{node.tag}<{_name(parent)}<{_name(parent.parent if parent is not None else None)}"
    return found


def strays(blocks: list[Block], places: dict[str, str], share: float) -> set[int]:
    """The paragraphs, by ``id``, whose kind of place holds less than ``share`` of what the fullest kind holds."""
    held: dict[str, int] = {}
    at: dict[int, str] = {}
    for block in blocks:
        place = places.get(opening(block.text, KEY)) if block.kind == "text" else None
        if place is not None:
            at[id(block)] = place
            held[place] = held.get(place, 0) + len(block.text)
    most = max(held.values(), default=0)
    return {key for key, place in at.items() if held[place] < share * most}


def _name(node: LexborNode | None) -> str:
    """An element's tag and class; numbers in a class only count the elements."""
    return "" if node is None else f"{node.tag}.{re.sub(r'[0-9]+', '', node.attributes.get('class') or '')}"
