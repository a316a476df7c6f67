"""Paragraphs of one make in a row, kept from BeautifulSoup: its time goes by elements and letters, and they hold no markup.

``<p style="…">A</p> <p style="…">B</p>`` becomes one paragraph with a mark in it, and the mark's number leads back to the
texts ``A`` and ``B``. The markup must come from a serialiser, with its attributes in double quotes.
"""

from __future__ import annotations

import re
from html import unescape

from bs4 import Tag

NEXT = "\ue0f0"
"""Stands where one paragraph of a run ends and the next begins: a character for private use, taken out of what is read."""

_HELD = re.compile("\ue0f3(\\d+)\ue0f3")
_MARKS = re.compile("[\ue0f0\ue0f3]")
_ATTRIBUTES = r'(?:\s+[\w:-]+(?:="[^"<>]*")?)*\s*'
_SAME_PARAGRAPHS = re.compile(
    rf"(<p{_ATTRIBUTES}>(?:<(?:span|font|strong|b|em|i){_ATTRIBUTES}>){{0,3}})[^<]*((?:</\w+>){{0,3}}</p>)(?:\s*\1[^<]*\2)+"
)


class Runs:
    """The runs of one article's markup.

    >>> runs = Runs()
    >>> runs.taken_from("<p>A</p>\\n<p>B</p><h3>C</h3>").replace("\ue0f3", "#")
    '<p>#0#</p><h3>C</h3>'
    >>> runs.paragraphs("\ue0f30\ue0f3")
    ['A', 'B']
    """

    def __init__(self) -> None:
        self._texts: list[list[str]] = []

    def taken_from(self, markup: str) -> str:
        """The fragment with a mark for the texts of each run."""
        if NEXT in markup or "\ue0f3" in markup:
            markup = _MARKS.sub("", markup)
        return _SAME_PARAGRAPHS.sub(self._take, markup)

    def paragraphs(self, text: str) -> list[str]:
        """The paragraphs a text of the fragment stands for; itself where it stands for none."""
        if "\ue0f3" not in text:
            # never BeautifulSoup's own string, which holds all of the soup wherever it is remembered
            return text.split(NEXT) if NEXT in text else [str(text)]
        found = _HELD.fullmatch(text)
        if found:
            return self._texts[int(found[1])]
        # a parser that mended the markup may have joined the mark with what stood beside it
        return _HELD.sub(lambda mark: NEXT.join(["", *self._texts[int(mark[1])], ""]), text).split(NEXT)

    def put_back(self, tag: Tag) -> None:
        """Let an element hold its own words again, with :data:`NEXT` between paragraphs."""
        for text in tag.find_all(string=_HELD):
            text.replace_with(NEXT.join(self.paragraphs(str(text))))

    def _take(self, run: re.Match[str]) -> str:
        opening, closing = run.groups()
        texts = [text.lstrip()[len(opening) :] for text in run[0].split(closing)[:-1]]
        self._texts.append([unescape(text) for text in texts] if "&" in run[0] else texts)
        return f"{opening}\ue0f3{len(self._texts) - 1}\ue0f3{closing}"
