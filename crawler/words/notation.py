"""The notation of phrases in the tables, and the expressions that are made of it.

A phrase is written as it is printed, with these marks:

| mark | stands for |
|---|---|
| ``[trang] giới thiệu [chung]`` | words that may be missing, with their blank |
| ``lãnh đạo (huyện|xã)`` | one of several |
| ``tag: …80`` | whatever follows, 80 characters at most (60 where no number stands) |
| ``#`` | digits |
| a piece between backticks | a regular expression, where words cannot say it |

A tone may stand on either letter (``hòa``, ``hoà``). In an address a phrase has no accents, and hyphens for its blanks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from archive.text.combining import nfc, nfd
from archive.text.fold import fold

Form = Literal["printed", "plain", "slug"]
"""How a phrase is spelt: with its accents, with or without them word by word, or as a part of an address."""

REST = 60
"""Characters of ``…`` where no number follows it."""
_PIECE = re.compile(r"`(?P<raw>[^`]*)`|…(?P<rest>\d*)|(?P<mark>[\[\]()|#])|(?P<text>[^`…\[\]()|#]+)")
_WORD = re.compile(r"[^\W_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LETTER = re.compile(r"[^\W\d_]")
_MOST_SPELLINGS = 32


@dataclass(slots=True)
class Piece:
    """A part of a phrase: ``text``, ``raw``, ``rest``, ``number``, or a ``choice`` that ``may_miss``."""

    kind: Literal["text", "raw", "rest", "number", "choice"]
    text: str = ""
    choices: list[list[Piece]] | None = None
    may_miss: bool = False


class NotationError(ValueError):
    """A phrase that breaks the notation."""


def parsed(say: str) -> list[Piece]:
    """The pieces of a phrase."""
    pieces, at = _sequence(say, 0, "")
    if at != len(say):
        raise NotationError(f"a bracket too many in {say!r}")
    return _with_blanks(pieces)


def _sequence(say: str, at: int, closing: str) -> tuple[list[Piece], int]:
    pieces: list[Piece] = []
    while at < len(say):
        found = _PIECE.match(say, at)
        if found is None:
            raise NotationError(f"cannot be read from {say[at:]!r} on")
        mark = found["mark"]
        if mark is not None and mark in "])|":
            if not closing:
                raise NotationError(f"{mark!r} stands alone in {say!r}")
            return pieces, at
        at = found.end()
        if mark in ("[", "("):
            piece, at = _choice(say, at, "]" if mark == "[" else ")")
            pieces.append(piece)
        elif mark == "#":
            pieces.append(Piece("number"))
        elif found["raw"] is not None:
            pieces.append(Piece("raw", found["raw"]))
        elif found["rest"] is not None:
            pieces.append(Piece("rest", found["rest"] or str(REST)))
        else:
            pieces.append(Piece("text", nfc(found["text"]).lower()))
    return pieces, at


def _choice(say: str, at: int, closing: str) -> tuple[Piece, int]:
    choices = []
    while True:
        pieces, at = _sequence(say, at, closing)
        choices.append(_with_blanks(pieces))
        if at >= len(say) or say[at] not in ("|", closing):
            raise NotationError(f"{closing!r} is missing in {say!r}")
        at += 1
        if say[at - 1] == closing:
            return Piece("choice", choices=choices, may_miss=closing == "]"), at


def _with_blanks(pieces: list[Piece]) -> list[Piece]:
    """Words that may be missing take a blank with them: the one after, where something follows, else the one before."""
    at = 0
    while at < len(pieces):
        before = pieces[at - 1] if at else None
        last = _last_of_run(pieces, at) if before is None or _ends_blank(before) else None
        if last is None:
            at += 1
            continue
        run, after = pieces[at : last + 1], pieces[last + 1] if last + 1 < len(pieces) else None
        if after is not None and after.kind == "text" and after.text[:1] == " ":
            after.text = after.text[1:]
            _take_blank(run, before=False)
        elif before is not None and not _goes_on(after):
            before.text = before.text[:-1]
            _take_blank(run, before=True)
        at = last + 1
    return [piece for piece in pieces if piece.kind != "text" or piece.text]


def _last_of_run(pieces: list[Piece], at: int) -> int | None:
    """Where words end that may be missing one after the other, with a blank between."""
    if not _may_miss(pieces[at]):
        return None
    while at + 2 < len(pieces) and pieces[at + 1].text == " " and _may_miss(pieces[at + 2]):
        at += 2
    return at


def _may_miss(piece: Piece) -> bool:
    """Whether a piece is words that may be missing, and no blank alone."""
    return piece.may_miss and not any(
        not choice or (choice[0].kind == "text" and choice[0].text[:1] == " ") for choice in piece.choices or []
    )


def _take_blank(run: list[Piece], before: bool) -> None:
    for piece in run:
        if piece.kind == "text":
            piece.text = ""
        else:
            blank = Piece("text", " ")
            piece.choices = [[blank, *choice] if before else [*choice, blank] for choice in piece.choices or []]


def _goes_on(after: Piece | None) -> bool:
    """Whether a word is joined to what stands before it without a blank."""
    return after is not None and after.kind == "text" and _LETTER.match(after.text) is not None


def _ends_blank(piece: Piece) -> bool:
    return piece.kind == "text" and piece.text.endswith(" ")


def expression(pieces: Iterable[Piece], form: Form) -> str:
    """The regular expression of a phrase, for text in lower case."""
    made: list[str] = []
    after_word = False
    for piece in pieces:
        if piece.kind == "text":
            made.append(_spelt(piece.text, form))
        elif piece.kind == "raw":
            made.append(piece.text)
        elif piece.kind == "number":
            made.append(r"\d++")
        elif piece.kind == "rest":
            made.append(
                (r"(?![^\W\d_])" if after_word else "") + rf"{'.' if form != 'slug' else '[^/.]'}{{0,{piece.text}}}"
            )
        else:
            inner = "|".join(expression(choice, form) for choice in piece.choices or [])
            made.append(f"(?:{inner})" + ("?" if piece.may_miss else ""))
        after_word = _ends_word(piece)
    return "".join(made)


def _ends_word(piece: Piece) -> bool:
    if piece.kind == "text":
        return piece.text[-1:].isalpha()
    return piece.kind == "choice" and any(not choice or _ends_word(choice[-1]) for choice in piece.choices or [])


def _spelt(text: str, form: Form) -> str:
    if form == "slug":
        return re.sub(r"(?:\\?[ -])+", "[-_]?", re.escape(fold(text)))
    made, at = [], 0
    for word in _WORD.finditer(text):
        made.append(re.escape(text[at : word.start()]))
        ways = spellings(word.group(), form)
        made.append(re.escape(ways[0]) if len(ways) == 1 else f"(?:{'|'.join(map(re.escape, ways))})")
        at = word.end()
    return "".join([*made, re.escape(text[at:])]).replace("\\ ", " ")


def spellings(word: str, form: Form) -> list[str]:
    """The ways in which a word is spelt: its tone on either letter of an open ``oa``, ``oe``, ``uy``; without accents too."""
    ways = [word]
    letters = nfd(word)
    tones = [letter for letter in letters if letter in _TONES]
    if len(tones) == 1:
        bare = nfc("".join(letter for letter in letters if letter not in _TONES))
        if bare[-2:] in ("oa", "oe", "uy"):
            ways += [nfc(bare[:-1] + tones[0] + bare[-1]), nfc(bare + tones[0])]
    if form == "plain":
        ways.append(fold(word))
    return list(dict.fromkeys(ways))


def needed(pieces: list[Piece], form: Form) -> set[str] | None:
    """Words one of which stands in whatever a phrase matches; ``None`` where nothing is sure to stand there.

    Of all that is sure the longest: "nhận 5" of ``nhận (5|6)k`` finds less that is none of it than "nhận" does.
    """
    found: list[set[str]] = []
    run = {""}
    for piece in pieces:
        ways = _ways(piece, form)
        if ways is not None and len(run) * len(ways) <= _MOST_SPELLINGS:
            run = {before + way for before in run for way in ways}
            continue
        found.append(run)
        run = ways if ways is not None and len(ways) <= _MOST_SPELLINGS else {""}
        if piece.kind == "choice" and not piece.may_miss:
            found.append(_of_each(piece, form))
    sure = [needs for needs in [*found, run] if needs and "" not in needs]
    return max(sure, key=lambda needs: (min(map(len, needs)), -len(needs)), default=None)


def _of_each(piece: Piece, form: Form) -> set[str]:
    """What is sure to stand in each of several choices; the empty word where nothing is."""
    return set().union(*(needed(choice, form) or {""} for choice in piece.choices or []))


def _ways(piece: Piece, form: Form) -> set[str] | None:
    """All spellings of a piece; ``None`` where they are too many, or not words."""
    if piece.kind == "text":
        return _text_ways(piece.text, form)
    if piece.kind != "choice":
        return None
    ways = {""} if piece.may_miss else set()
    for choice in piece.choices or []:
        made = {""}
        for inner in choice:
            found = _ways(inner, form)
            if found is None or len(made) * len(found) > _MOST_SPELLINGS:
                return None
            made = {before + way for before in made for way in found}
        ways |= made
    return ways


def _text_ways(text: str, form: Form) -> set[str] | None:
    ways: list[str] = [""]
    at = 0
    for word in _WORD.finditer(text):
        ways = [way + text[at : word.start()] + spelt for way in ways for spelt in spellings(word.group(), form)]
        at = word.end()
        if len(ways) > _MOST_SPELLINGS:
            return None
    return {way + text[at:] for way in ways}


def example(pieces: Iterable[Piece], put: Callable[[Piece], str] = lambda piece: "") -> str:
    """The shortest text a phrase matches, as far as words say it; ``put`` gives what stands for a regular expression."""
    made = []
    for piece in pieces:
        if piece.kind == "text":
            made.append(piece.text)
        elif piece.kind == "number":
            made.append("12")
        elif piece.kind == "choice" and not piece.may_miss:
            made.append(example((piece.choices or [[]])[0], put))
        elif piece.kind == "raw":
            made.append(put(piece))
    return "".join(made)
