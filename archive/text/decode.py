"""Bytes of a page to text: the charset it names, or the one that makes it Vietnamese.

Portals declare utf-8 and send windows-1258, or carry TCVN3, VNI and VISCII text typed for fonts of the 1990s. UTF-8 that
decodes without an error is believed; otherwise every candidate is tried and the share of Vietnamese syllables decides.
General guessers get the font encodings wrong every time (field notes), so they are asked only after our own.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from functools import cache

from charset_normalizer import from_bytes

from archive.text.combining import beyond_ascii, nfc, stream_safe
from archive.text.syllables import marked_share

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*+=\s*+["']?\s*+([\w:.-]{2,40})""", re.I)
_XML = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*+=\s*+["']([\w:.-]{2,40})["']""", re.I)
_HEADER = re.compile(r"""charset\s*+=\s*+["']?\s*+([\w:.-]{2,40})""", re.I)
_TAGS = re.compile(r"<[^<>]*>|&#?\w{1,32};")
_WITHOUT_WORDS = re.compile(r"<[sS](?:[cC][rR][iI][pP][tT]|[tT][yY][lL][eE])")
_END_OF_IT = re.compile(r"</[sS]")
_SAMPLE = 100_000  # bytes looked at when guessing
_SAMPLE_OF_WORDS = 20_000  # characters of them without markup: enough to tell a language
# Python's own codecs that no page is written in: they fail, or run for as long as they like.
_NO_CHARSETS = (
    "idna",
    "punycode",
    "undefined",
    "unicode_escape",
    "raw_unicode_escape",
    "unicode-escape",
    "utf-7",
    "mbcs",
    "oem",
)
# Letters only Unicode has (Ạ to ỹ): a page that holds a hundred was typed in it.
_VIETNAMESE = re.compile("[\u1ea0-\u1ef9]")
_FREQUENT = "ạệộếảấủị"
_ENOUGH = 100
_LETTERS = re.compile(
    r"[\u00a0-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2026\u2030\u2039\u203a\u20ac\u2122]"
)

# Bytes 0xA1 to 0xFE of TCVN 5712 (the ABC fonts) and 0x80 to 0xFF of VISCII (RFC 1456), as GNU iconv has them.
_TCVN3 = "ĂÂÊÔƠƯĐăâêôơưđẶ̀̀̉̃́àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵ"
_VISCII = "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
_VISCII_CONTROLS = {2: "Ẳ", 5: "Ẵ", 6: "Ẫ", 20: "Ỷ", 25: "Ỹ", 30: "Ỵ"}

# VNI writes a vowel and then a mark out of Latin-1; the marks, in the order of the vowels they make.
_VNI_MARKS = {
    "a": ("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ"),
    "e": ("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
    "o": ("ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
    "ô": ("ùøûõï", "ớờởỡợ"),
    "u": ("ùøûõï", "úùủũụ"),
    "ö": ("ùøûõï", "ứừửữự"),
    "y": ("ùøûõ", "ýỳỷỹ"),
}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset it was read with, and what a reader should know of how it was found."""

    text: str
    encoding: str
    notes: tuple[str, ...] = field(default=())


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Read a page's bytes as text; never fails.

    Runs of combining marks are cut to what is safe. Order: a byte-order mark, UTF-8 if it fits (whatever is declared: a wrong declaration is common, other bytes that
    happen to be long valid UTF-8 are not), the declared charset if the text comes out Vietnamese, the best of the
    Vietnamese code pages by syllables, a general guess, UTF-8 with replacement characters.
    """
    found = _decoded(body, content_type)
    safe = stream_safe(found.text)
    return found if safe is found.text or safe == found.text else replace(found, text=safe)


def _decoded(body: bytes, content_type: str | None) -> Decoded:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(name, "replace"), name.removesuffix("-le").removesuffix("-be"))
    declared = declared_charset(body, content_type)
    if declared in ("utf-16", "utf-16-le", "utf-16-be") and b"\x00" in body[:200]:
        return Decoded(body.decode(declared, "replace"), declared)
    text = _utf8(body)
    if text is not None:
        mended = mend_text(text)
        if mended is not None:
            return Decoded(mended[0], "utf-8", (f"text typed as {mended[1]} was read as such",))
        return Decoded(text, "utf-8")
    return _guess(body, declared)


def declared_charset(body: bytes, content_type: str | None = None) -> str | None:
    """The charset the response header or the page's head names, as Python names it; ``None`` for none or unknown."""
    head = body[:4096]
    names = [m.group(1) for m in [_HEADER.search(content_type or "")] if m]
    names += [m.group(1).decode("ascii", "replace") for m in (_META.search(head), _XML.search(head)) if m]
    for name in names:
        try:
            found = codecs.lookup(name)
        except LookupError:
            continue
        if found._is_text_encoding and found.name not in _NO_CHARSETS:
            return found.name
    return None


def mend_text(text: str) -> tuple[str, str] | None:
    """Text whose letters were typed for an old font, or decoded twice, as Vietnamese, with the charset's name.

    ``None`` where the text is well as it is, or where no reading makes it clearly more Vietnamese.
    """
    begin = text[:_SAMPLE]
    if _is_plainly_vietnamese(begin):
        return None
    others = beyond_ascii(begin)
    if len(_VIETNAMESE.findall(others)) > _ENOUGH or len(_LETTERS.findall(others)) < 8:
        return None
    sample = _words(begin, _SAMPLE_OF_WORDS)
    letters = len(_LETTERS.findall(sample))
    if letters < max(8, 0.3 * len(sample.split())):  # each word that may become Vietnamese has one at least
        return None
    before = marked_share(sample)
    if before > 0.35:
        return None
    best: tuple[float, str] = (before, "")
    for name in ("cp1252 of utf-8", "tcvn3", "vni", "viscii"):
        mended = _read_as(sample, name)
        if mended is not None:
            best = max(best, (marked_share(mended), name))
    if best[0] < max(0.35, before + 0.2):
        return None
    whole = _read_as(text, best[1])
    return (whole, best[1]) if whole is not None else None


def _is_plainly_vietnamese(text: str) -> bool:
    found = 0
    for letter in _FREQUENT:  # a page in Vietnamese is told by the first two of them
        found += text.count(letter)
        if found > _ENOUGH or not found:
            break
    return found > _ENOUGH


def _words(markup: str, most: int) -> str:
    """The first characters of a markup without its tags, scripts and styles, in time that grows with its length and no faster."""
    kept, at = [], 0
    while (start := _WITHOUT_WORDS.search(markup, at)) is not None:
        kept.append(markup[at : start.start()])
        end = _END_OF_IT.search(markup, start.end())
        at = end.end() if end is not None else len(markup)
    kept.append(markup[at:])
    left, found = " ".join(kept), ""
    while left and len(found) < most:  # a piece at a time, each up to a tag: the beginning is all that is asked for
        end_of_piece = left.find("<", 2 * most)
        piece, left = (left, "") if end_of_piece < 0 else (left[:end_of_piece], left[end_of_piece:])
        found += _TAGS.sub(" ", piece)
    return found[:most]


def _utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(body) - error.start < 4 and error.reason == "unexpected end of data":
            return body[: error.start].decode("utf-8")
    text = body.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for c in text[:_SAMPLE] if c >= "\u0080" and c != "\ufffd")
    # A stray byte in a page of good UTF-8 (an advert's script, a cut string) is no other charset.
    return text if wrong * 20 < right else None


def _guess(body: bytes, declared: str | None) -> Decoded:
    sample = body[:_SAMPLE]
    scored: list[tuple[float, int, str]] = []
    names = [name for name in (declared, "cp1258", "cp1252", "tcvn3", "vni", "viscii") if name]
    for rank, name in enumerate(dict.fromkeys(names)):
        text = _decode_as(sample, name)
        if text is not None:
            scored.append((round(marked_share(_words(text, _SAMPLE)), 2), -rank, name))
    share, _, best = max(scored)
    if share < 0.2:
        found = from_bytes(sample).best()
        best = found.encoding if found is not None else "utf-8"
    text = _decode_as(body, best) or body.decode("utf-8", "replace")
    notes = () if best == declared else (f"charset {declared or 'not declared'}, read as {best}",)
    return Decoded(text, best, notes)


def _decode_as(body: bytes, name: str) -> str | None:
    if name in ("tcvn3", "vni", "viscii"):
        return _read_as(body.decode("latin-1"), name)
    try:
        return nfc(body.decode(name, "replace"))
    except LookupError:
        return None


def _read_as(text: str, name: str) -> str | None:
    if name == "cp1252 of utf-8":
        try:
            return _as_bytes(text).decode("utf-8")
        except UnicodeError:
            return None
    if name == "vni":
        pairs, alone, pattern = _vni()
        return pattern.sub(lambda m: pairs[m.group()], text).translate(alone)
    return text.translate(_tcvn3() if name == "tcvn3" else _viscii())


def _as_bytes(text: str) -> bytes:
    """The bytes that windows-1252 or Latin-1, often mixed in one page, made this text of."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        return b"".join(c.encode("latin-1") if ord(c) < 256 else c.encode("cp1252") for c in text)


@cache
def _tcvn3() -> dict[int, str]:
    table = {0xA1 + i: c for i, c in enumerate(_TCVN3) if c != "\ufffd"}
    return {**table, **_as_cp1252(table)}


@cache
def _viscii() -> dict[int, str]:
    table = {0x80 + i: c for i, c in enumerate(_VISCII)}
    return {**table, **_as_cp1252(table), **_VISCII_CONTROLS}


def _as_cp1252(table: dict[int, str]) -> dict[int, str]:
    """The same table for text in which bytes 0x80 to 0x9F were read as the punctuation of windows-1252."""
    moved = {}
    for byte, letter in table.items():
        if 0x80 <= byte < 0xA0:
            other = bytes([byte]).decode("cp1252", "ignore")
            if other:
                moved[ord(other)] = letter
    return moved


@cache
def _vni() -> tuple[dict[str, str], dict[int, str], re.Pattern[str]]:
    pairs: dict[str, str] = {}
    for vowel, (marks, letters) in _VNI_MARKS.items():
        for mark, letter in zip(marks, letters, strict=True):
            pairs[vowel + mark] = letter
            pairs[vowel.upper() + mark.upper()] = letter.upper()
            pairs[vowel.upper() + mark] = letter.upper()
    alone = {**_VNI_ALONE, **{key.upper(): value.upper() for key, value in _VNI_ALONE.items()}}
    pattern = re.compile("|".join(sorted(map(re.escape, pairs), key=len, reverse=True)))
    return pairs, {ord(key): value for key, value in alone.items()}, pattern
