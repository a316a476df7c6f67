"""Pairs of neighbouring syllables: what the index of passages holds of a text."""

from __future__ import annotations

from itertools import pairwise

from archive.text.combining import nfc
from archive.text.fold import plain_words

IN_TITLE = "__"
"""What stands before a word or a pair of the title in the index of pairs; a pair of the text has it nowhere."""


def pairs_of(title: str, body: str, facets: str) -> str:
    """What the index of pairs holds of an article, folded: each pair of neighbouring words once, and the title's words.

    >>> sorted(pairs_of("Thu hồi", "Thu hồi đất", "p1").split())
    ['__hoi', '__thu', '__thu_hoi', 'hoi_dat', 'p1', 'thu_hoi']
    """
    own = plain_words(nfc(title)).split()
    found = set(map(b"_".join, pairwise(own)))
    marked = {b"__" + word for word in (*own, *found)}
    found.update(map(b"_".join, pairwise(plain_words(nfc(body)).split())))
    return f"{facets} {b' '.join([*marked, *found]).decode('ascii')}"
