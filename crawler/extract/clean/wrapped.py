"""Text that somebody wrapped by hand at some width: its lines are joined to paragraphs again."""

from __future__ import annotations

import re

ITEM = re.compile(r"(?:[-+*•–]|\(?\d{1,2}[.)]|[a-zđ]\)|[IVX]{1,4}\.)\s*\S")
_WRAPPED = (45, 110)
"""Length of lines between which text that was wrapped by hand is looked for."""


def unwrapped(raw: list[str]) -> list[str]:
    """Lines with paragraphs that were wrapped at some width joined again; untouched if the text is not wrapped."""
    full = [text for text in raw if text.strip()]
    wrapped = [text for text in full if _WRAPPED[0] <= len(text.strip()) <= _WRAPPED[1]]
    longest = max((len(text.strip()) for text in full), default=0)
    if longest > _WRAPPED[1] or len(full) < 6 or len(wrapped) < 0.5 * len(full):
        return raw
    joined: list[str] = []
    for text in raw:
        before = joined[-1] if joined else ""
        if (
            before.strip()
            and text.strip()
            and len(before.rsplit("\n", 1)[-1].strip()) > 0.6 * longest
            and not ITEM.match(text.strip())
        ):
            joined[-1] = f"{before} {text.strip()}"
        else:
            joined.append(text)
    return joined
