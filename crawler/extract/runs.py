"""Paragraphs of one make in a row, handed to BeautifulSoup as one element: its time goes by elements, not by letters.

``<p style="…">A</p> <p style="…">B</p>`` becomes one paragraph in which :data:`NEXT` stands where one ended and the next
began. The markup must come from a serialiser, with its attributes in double quotes.
"""

from __future__ import annotations

import re

NEXT = "\ue0f0"
"""A character for private use, which pages do not hold; a fragment that does is left as it is."""

_ATTRIBUTES = r'(?:\s+[\w:-]+(?:="[^"<>]*")?)*\s*'
_SAME_PARAGRAPHS = re.compile(
    rf"(<p{_ATTRIBUTES}>(?:<(?:span|font|strong|b|em|i){_ATTRIBUTES}>){{0,3}})[^<]*((?:</\w+>){{0,3}}</p>)(?:\s*\1[^<]*\2)+"
)


def in_runs(markup: str) -> str:
    """The fragment with its paragraphs in runs.

    >>> in_runs("<p>A</p>\\n<p>B</p><h3>C</h3>").split(NEXT)
    ['<p>A', 'B</p><h3>C</h3>']
    """
    return markup if NEXT in markup else _SAME_PARAGRAPHS.sub(_joined, markup)


def _joined(run: re.Match[str]) -> str:
    opening, closing = run.groups()
    texts = [text.lstrip()[len(opening) :] for text in run[0].split(closing)[:-1]]
    return f"{opening}{NEXT.join(texts)}{closing}"
