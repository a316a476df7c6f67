"""Pairs of neighbouring syllables: what the index of passages holds of a text."""

from __future__ import annotations

from archive.text.fold import plain_words

IN_TITLE = "__"
"""What stands before a word or a pair of the title in the index of pairs; a pair of the text has it nowhere."""


def pairs_of(title: str, body: str, facets: str) -> str:
    """What the index of pairs holds of an article, folded: each pair of neighbouring words, and the title's words and pairs.

    Between the title's pairs and the text's stands what is neither, so that no run of pairs leads from the one into the other.

    >>> pairs_of("Thu hồi", "Thu hồi đất", "p1").split()
    ['p1', 'thu_hoi', '__thu', '__hoi', '__thu_hoi', 'thu_hoi', 'hoi_dat']
    """
    head, text = plain_words(title), plain_words(body)
    own = _pairs(head)
    marked = b" ".join(b"__" + token for token in (*head.split(), *own.split()))
    return f"{facets} {b' '.join((own, marked, _pairs(text))).decode('ascii')}"


def _pairs(words: bytes) -> bytes:
    """Each pair of neighbours among words between blanks, joined by a line: the firsts with their line put between the
    seconds, in a third of the time that joining two and two takes."""
    seconds = words.split()[1:]
    tokens = [b""] * (2 * len(seconds))
    tokens[0::2] = words.replace(b" ", b"_\0 ").split(b"\0")[1 : 1 + len(seconds)]
    tokens[1::2] = seconds
    return b"".join(tokens)
