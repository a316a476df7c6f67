"""Tidying of Vietnamese text for derived columns: one Unicode form, one kind of space, no invisible characters.

The page's own bytes stay in its capture; what passes through here is what is searched, compared and shown. Nothing a
reader would call a change of wording is done: spelling, tone placement and punctuation stay as printed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from archive.text.combining import nfc

# Zero-width characters, soft hyphen, byte-order mark and direction marks: pasted in by editors, seen by nobody.
_INVISIBLE = "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff"
_UNSEEN = re.compile(f"[{_CONTROL}{_INVISIBLE}]")
_LINE_SPACES = re.compile(r"[^\S\n]+")

# Capital Eth (U+00D0) and African D (U+0189) look like Đ (U+0110); old fonts and converters leave them behind.
_LOOK_ALIKES = (("\u00d0", "\u0110"), ("\u0189", "\u0110"), ("\u00f0", "\u0111"))

_SPACE_AFTER_OPENING = re.compile(r"(?<=[(\[“]) +")
_SPACE_BEFORE_CLOSING = re.compile(r"(?<! ) ++(?=[)\]”])")
# "TT- TH", "CNH- HĐH": a dash with a space on one side only, between two abbreviations in capitals. A space on both
# sides joins two things ("HĐND - UBND", "PV - BBT") and stays.
# The names of broadcasters and culture centres are one name however loosely they are set: "Đài TT - TH", "VH - TT".
_LOOSE_CENTRE = re.compile(r"(?<!\w)(TT|VH|VHTT|PT) ?- ?(TH|TT|TDTT)(?!\w)")
_LOOSE_ABBREVIATION = re.compile(r"(?<![^\W\d_])([A-ZĐ]{2,})(?:- | -)([A-ZĐ]{2,})(?![^\W\d_])")


def _is_plain(text: str) -> bool:
    """Whether :func:`visible` would change nothing, told by what costs next to nothing: nearly every text is.

    The letters named are printable and are mended or taken out all the same.
    """
    return (
        text.isprintable()
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
        and not ("\u00d0" in text or "\u0189" in text or "\u00f0" in text or "\u034f" in text or "\u115f" in text)
    )


def visible(text: str) -> str:
    """Text in NFC with look-alike letters mended and without characters nobody sees; spaces and lines stay."""
    if _is_plain(text):
        return text
    text = nfc(_UNSEEN.sub("", text))
    for letter, meant in _LOOK_ALIKES:
        text = text.replace(letter, meant)
    return text


def line(text: str) -> str:
    """Text as one line: :func:`visible`, every run of white space one space, none at the ends."""
    return _short_line(text) if len(text) <= SHORT else _line(text)


def _line(text: str) -> str:
    spaced = text.replace("\n", " ").replace("\u00a0", " ").replace("\t", " ").replace("\r", " ")
    if _is_plain(spaced):  # the blank is the only white space that is printable
        tidy = spaced.strip(" ")
        return " ".join(tidy.split()) if "  " in tidy else tidy
    return " ".join(visible(text).split())


SHORT = 120  # characters: menus and labels, the same on every page of a portal
_short_line = lru_cache(maxsize=16384)(_line)


def lines(text: str) -> list[str]:
    """The lines of a text that say something, each tidied as by :func:`line`."""
    return [tidy for raw in re.split(r"\r\n?|\n|\u2028|\u2029", text) if (tidy := line(raw))]


def mend_spaces(text: str) -> str:
    """A short printed phrase with its loose spaces mended: ``Thu Uyên ( Đài TT- TH X)`` is ``Thu Uyên (Đài TT-TH X)``."""
    text = _SPACE_BEFORE_CLOSING.sub("", _SPACE_AFTER_OPENING.sub("", line(text)))
    text = _LOOSE_CENTRE.sub(r"\1-\2", text)
    previous = None
    while previous != text:
        previous, text = text, _LOOSE_ABBREVIATION.sub(r"\1-\2", text)
    return re.sub(r"(?<! ) ++(?=[,;:.](?:\s|$))", "", text)
