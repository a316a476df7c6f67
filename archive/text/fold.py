"""Folding: forms of a text in which spellings that a searcher holds to be the same become equal.

Only derived columns and queries are folded; what a page printed is stored as printed.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence

from archive.text.combining import nfc, nfd

# SQLite's unicode61 tokenizer strips every Vietnamese diacritic but this one: đ has no decomposition in Unicode.
# Ð (U+00D0, Icelandic eth) stands for Đ on many portals; Ɖ (U+0189) on a few.
_D_STROKES = (("đ", "d"), ("Đ", "D"), ("ð", "d"), ("Ð", "D"), ("ɖ", "d"), ("Ɖ", "D"))

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE = re.compile(f"[{_TONES}]")
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")


def fold_d(text: str) -> str:
    """The text with đ and its look-alikes as plain d, one character for one, so that token positions stay."""
    # Six replacements run 20 times faster than one translate(), which looks every character up.
    for stroke, plain in _D_STROKES:
        text = text.replace(stroke, plain)
    return text


def fold(text: str) -> str:
    """Lower case without any diacritics: ``Đảng bộ`` → ``dang bo``. The key for sorting and loose comparing."""
    decomposed = nfd(fold_d(text))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def accent_form(text: str) -> str:
    """A text with its accents, where case, Unicode form and the look-alike Ð are evened out."""
    return nfc(text).lower().replace("ð", "đ")


def words_with_accents(text: str) -> list[str]:
    """The words of a text in lower case, with their accents."""
    return _WORD.findall(accent_form(text))


def accent_pattern(phrase: str) -> re.Pattern[str]:
    """Finds a phrase, accents as typed, in an `accent_form`; a tone may stand on any letter (``hoà`` = ``hòa``).

    A pattern, because it reads 3 KB in some 10 µs; taking every word of the text apart took 400. A phrase without
    letters or digits is found nowhere.
    """
    words = _WORD.findall(accent_form(phrase))
    if not words:
        return re.compile(r"(?!)")
    return re.compile(r"(?<!\w)" + r"[\W_]+".join(map(_any_placement, words)) + r"(?!\w)")


def _any_placement(word: str) -> str:
    spellings = tone_placements(word)
    return re.escape(word) if len(spellings) == 1 else "(?:" + "|".join(map(re.escape, spellings)) + ")"


def tone_placements(word: str) -> list[str]:
    """The word's spellings, its one tone on each letter in turn."""
    decomposed = nfd(word)
    tones = _TONE.findall(decomposed)
    if len(tones) != 1:
        return [word]
    letters = nfc(_TONE.sub("", decomposed))
    return sorted({nfc(letters[:at] + tones[0] + letters[at:]) for at in range(1, len(letters) + 1)})


class AccentsTyped:
    """What was typed with its accents, held against texts: case and the place of a tone do not matter.

    Substrings first: a pattern with a bound before it has no first letter to look for, and takes ten times as long.
    """

    def __init__(self, typed: Iterable[str]) -> None:
        self._wanted = []
        for term in typed:
            words = _WORD.findall(accent_form(term))
            if words:
                pattern = accent_pattern(term) if len(words) > 1 else None
                self._wanted.append((tone_placements(words[0]), pattern))

    def are_in(self, text: str) -> bool:
        """Whether the text holds every term so."""
        plain = text.lower().replace("ð", "đ")
        return all(
            any(_stands_in(plain, spelling) for spelling in spellings)
            and (pattern is None or bool(pattern.search(plain)))
            for spellings, pattern in self._wanted
        )


def _stands_in(text: str, word: str) -> bool:
    """Whether a word stands in a text by itself."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (at and _is_letter(text[at - 1])) and not (end < len(text) and _is_letter(text[end])):
            return True
        at = text.find(word, at + 1)
    return False


def _is_letter(char: str) -> bool:
    return char.isalnum() or char == "_"


# signs that are no ASCII, which would otherwise vanish between two words
_SIGNS = "–—“”‘’…•·\u00a0"
_BETWEEN = bytes(char if chr(char).isalnum() and char < 128 else 32 for char in range(256))

# Nearly every text is of the letters of Vietnamese in their composed form: a code page of them, looked up in C, folds a
# text in a sixth of the time that decomposing it takes. A text with any other letter is folded by the long way.
_OWN = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵðɖ"
_CODE_PAGE = codecs.charmap_build(f"{''.join(map(chr, range(128)))}{_OWN}{_SIGNS}".ljust(256, "\ufffe"))
_BASES_OF_PAGE = _BETWEEN[:128] + (fold(_OWN).encode("ascii") + b" " * len(_SIGNS)).ljust(128)


def plain_words(text: str) -> bytes:
    """A text as its folded words in ASCII with one blank before and after each: for counting, in a twentieth of `fold`'s time."""
    try:
        letters = codecs.charmap_encode(text.lower(), "strict", _CODE_PAGE)[0].translate(_BASES_OF_PAGE)
    except UnicodeEncodeError:
        plain = fold_d(nfc(text))
        for sign in _SIGNS:
            plain = plain.replace(sign, " ")
        letters = nfd(plain).encode("ascii", "ignore").lower().translate(_BETWEEN)
    return b" " + b" ".join(letters.split()) + b" "


# The alphabet's order; w, z, f, j stand where Latin has them.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET, start=20)}


def sort_key(text: str) -> tuple[str, str]:
    """Key for Vietnamese order (a ă â … d đ e ê …): letters first, tones only between words otherwise equal."""
    decomposed = nfd(text.replace("Ð", "Đ")).casefold()
    letters = nfc(_TONE.sub("", decomposed))
    ranked = "".join(_RANK.get(char) or (f"1{char}" if char.isdigit() else f"0{char}") for char in letters)
    return ranked, "".join(_TONE.findall(decomposed))


_TOKEN = re.compile(r"[^\W_]+")


class _Bases(dict[str, str]):
    """Each character's letter without case and diacritics, looked up once: one character for one, so places stay."""

    def __missing__(self, char: str) -> str:
        plain = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ɖ": "d", "Ɖ": "d"}.get(char, char)
        base = nfd(plain)[0].lower()
        self[char] = base if len(base) == 1 else char
        return self[char]


_BASES = _Bases()


def fold_in_place(text: str) -> str:
    """The text in lower case without diacritics, character for character as long as before."""
    return "".join(map(_BASES.__getitem__, text))


def words_of(text: str) -> tuple[str, ...]:
    """The tokens of a text as the full-text index has them: folded, without signs between them."""
    return tuple(_TOKEN.findall(fold_in_place(nfc(text))))


def tokens_of(text: str) -> list[str]:
    """The tokens of a text as it stands, which is folded already or is to keep its accents."""
    return _TOKEN.findall(text)


def hold(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether words stand side by side among others; nothing stands nowhere."""
    size = len(wanted)
    return size > 0 and any(tuple(words[at : at + size]) == tuple(wanted) for at in range(len(words) - size + 1))
