"""What inline styles and attributes say about how a reader sees an element: hidden, aligned, bold."""

from __future__ import annotations

import re
from typing import NamedTuple

from crawler.extract.clean.blocks import Align

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top|text-indent|margin-left|margin-top|right)\s*:\s*-\d{3,}|"
    r"font-size\s*:\s*0*(?:\.0+)?(?:0|1)(?:px|pt|em|%)?\s*(?:;|$|!)|(?<!-)(?:height|width|max-height)\s*:\s*[01](?:px)?\s*(?:;|$|!)|"
    r"opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|clip\s*:\s*rect\(\s*[01]",
    re.I,
)
_HIDDEN_CLASSES = frozenset(
    ("hidden", "hide", "d-none", "sr-only", "visually-hidden", "screen-reader-text", "element-invisible")
)
_ALIGN = re.compile(r"text-align\s*:\s*(left|right|center|justify)", re.I)
_INDENT = re.compile(r"(?:margin|padding)-left\s*:\s*(\d{3,})", re.I)
_ALIGN_CLASSES = {
    "text-right": "right", "align-right": "right", "alignright": "right", "has-text-align-right": "right", "rtecenter": "center",
    "rteright": "right", "text-center": "center", "aligncenter": "center", "has-text-align-center": "center", "text-end": "right",
    "rtejustify": "justify", "text-align-right": "right", "text-align-center": "center", "text-align-justify": "justify",
}  # fmt: skip


class Shown(NamedTuple):
    """How an element's own name and attributes show it. ``align`` is empty and ``lines`` ``None`` where they say nothing."""

    hidden: bool = False
    bold: bool = False
    italic: bool = False
    align: Align = ""
    lines: bool | None = None
    """Whether the line ends of the markup are shown as such."""


PLAIN = Shown()
"""An element without attributes that is not named in :data:`STYLING`, as most are."""


def shown(tag: str, attributes: dict[str, str]) -> Shown:
    """How an element shows its content, by itself."""
    return Shown(
        is_hidden(attributes),
        is_bold(tag, attributes),
        is_italic(tag, attributes),
        alignment(attributes, attributes.get("class", "").split()),
        keeps_lines(tag, attributes),
    )


def is_hidden(attributes: dict[str, str]) -> bool:
    """Whether an element's own attributes hide it: how injected links are kept from the reader's eyes."""
    style = attributes.get("style", "")
    if style and _HIDING.search(style):
        return True
    if _HIDDEN_CLASSES & set(attributes.get("class", "").split()):
        return True
    if "hidden" in attributes and attributes.get("hidden") != "until-found":
        return True
    return attributes.get("width") in ("0", "1") and attributes.get("height") in ("0", "1")


STYLING = frozenset(("b", "strong", "i", "em", "cite", "pre", "listing", "xmp", "plaintext"))
"""Elements that style their content without an attribute."""
_KEPT_LINES = re.compile(r"white-space\s*:\s*(?:pre(?:-line|-wrap)?|break-spaces)\b", re.I)
_KEPT_LINES_CLASSES = frozenset(
    (
        "whitespace-pre",
        "whitespace-pre-line",
        "whitespace-pre-wrap",
        "pre-line",
        "pre-wrap",
        "text-pre-wrap",
        "white-space-pre-line",
    )
)


def keeps_lines(tag: str, attributes: dict[str, str]) -> bool | None:
    """Whether an element shows the line ends of its markup as such; ``None`` where it says nothing of its own."""
    style = attributes.get("style", "")
    if "white-space" in style or "WHITE-SPACE" in style:
        return _KEPT_LINES.search(style) is not None
    if tag in ("pre", "listing", "xmp", "plaintext"):
        return True
    names = attributes.get("class", "")
    return True if "pre" in names and _KEPT_LINES_CLASSES & set(names.split()) else None


def alignment(attributes: dict[str, str], classes: list[str]) -> Align:
    """The alignment an element sets for itself, empty for none. A deep left margin counts as right-aligned."""
    style = attributes.get("style", "")
    found = _ALIGN.search(style)
    value = found.group(1).lower() if found else attributes.get("align", "").strip().lower()
    if value in ("left", "right", "center", "justify"):
        if value in ("left", "justify") and _INDENT.search(style):
            return "right"
        return value  # type: ignore[return-value]
    for name in classes:
        if name in _ALIGN_CLASSES:
            return _ALIGN_CLASSES[name]  # type: ignore[return-value]
    return "right" if _INDENT.search(style) else ""


def is_bold(tag: str, attributes: dict[str, str]) -> bool:
    return tag in ("b", "strong") or bool(
        re.search(r"font-weight\s*:\s*(?:bold|[6-9]00)", attributes.get("style", ""), re.I)
    )


def is_italic(tag: str, attributes: dict[str, str]) -> bool:
    return tag in ("i", "em", "cite") or bool(re.search(r"font-style\s*:\s*italic", attributes.get("style", ""), re.I))
