"""How Vietnamese a text is: the share of its words that are well-formed Vietnamese syllables.

A cheap flag for text in a wrong charset: 98 % on good text, far below on text read with the wrong table.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.text.combining import nfc, nfd

_ONSET = "ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"
_NUCLEUS = (
    "iêu|yêu|oai|oay|oeo|uây|uôi|ươi|ươu|uyê|uya|uêu|uyu|oao|iê|yê|ia|ya|oa|oă|oe|uâ|uê|uơ|uô|ươ|ưa|ua|uy|"
    "ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|oo|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_CODA = "ch|ng|nh|c|m|n|p|t"
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_NUCLEUS})(?:{_CODA})?")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_WORD = re.compile(r"[^\W\d_]+(?:[^\s\w.,;:!?()\[\]{}\"'/<>-]+[^\W\d_]+)*")
_MARKED = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")


def _without_tone(word: str) -> str:
    kept = [c for c in nfd(word) if c not in _TONES]
    return nfc("".join(kept))


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether one word is spelt as a Vietnamese syllable can be (any case, composed or not)."""
    folded = nfc(word).lower()
    marks = sum(c in _TONES for c in nfd(folded))
    return marks <= 1 and _SYLLABLE.fullmatch(_without_tone(folded)) is not None


def share(text: str, *, limit: int = 4000) -> float:
    """Share (0 to 1) of the words in the first ``limit`` characters that are Vietnamese syllables; 0 without words."""
    words = _WORD.findall(text[:limit])
    if not words:
        return 0.0
    return sum(map(is_syllable, words)) / len(words)


def marked_share(text: str, *, limit: int = 3000) -> float:
    """Share (0 to 1) of the words that are Vietnamese syllables AND carry a Vietnamese mark.

    This is what tells decodings apart: English and mojibake hold few such words, Vietnamese prose about seven in ten.
    """
    words = _WORD.findall(text[:limit].lower())
    return sum(map(_is_marked_syllable, words)) / len(words) if words else 0.0


@lru_cache(maxsize=8192)
def _is_marked_syllable(word: str) -> bool:
    return _MARKED.search(nfc(word)) is not None and is_syllable(word)
