"""Pairs of neighbouring syllables: what the index of passages holds of a text."""

from __future__ import annotations

import re
from itertools import pairwise

from archive.text.combining import nfc
from archive.text.fold import fold_d

IN_TITLE = "__"
"""What stands before a word or a pair of the title in the index of pairs; a pair of the text has it nowhere."""

_WORD = re.compile(r"[^\W_]+")


def pairs_of(title: str, body: str, facets: str) -> str:
    """What the index of pairs holds of an article: each pair of neighbouring words once, and the title's words.

    >>> pairs_of("Thu hồi", "Thu hồi đất", "p1")
    'p1 __hồi __thu __thu_hồi hồi_dất thu_hồi'
    """
    own = _words(title)
    found = set(map("_".join, pairwise(own)))
    marked = {IN_TITLE + word for word in (*own, *found)}
    words = _words(body)
    found.update(map("_".join, pairwise(words)))
    return " ".join([facets, *sorted(marked), *sorted(found)])


def _words(text: str) -> list[str]:
    return _WORD.findall(fold_d(nfc(text)).lower())
