"""The language of the search box: what a reader typed, as groups of terms, each with its writings.

Words are joined by AND, ``OR`` (or ``HOẶC``) joins two alternatives, ``-word`` leaves out, ``"…"`` is a phrase, a
document number is a phrase by itself, figures and dates are found in any writing. Field words narrow: ``cổng:`` (portal),
``nơi:`` (place), ``từ:`` and ``đến:`` (from, until), ``năm:`` (year), ``mục:`` (section), ``số:`` (document number).
Nothing that can be typed is an error: what is no syntax is words.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from archive.text.combining import nfc
from archive.text.dates import find_dates
from archive.text.fold import fold_in_place, words_of
from archive.text.numbers.written_numbers import (
    FIGURE,
    UNITS,
    Tokens,
    date_writings,
    day_in_its_year,
    figure_writings,
    month_writings,
)

MAX_WORDS = 32
"""Words of a query that count: nobody types more, and each costs a walk through the index."""
MAX_WRITINGS = 24

FIELDS = {
    "cong": "portal", "portal": "portal", "site": "portal",
    "noi": "place", "place": "place",
    "tu": "since", "from": "since", "since": "since",
    "den": "until", "to": "until", "until": "until",
    "nam": "year", "year": "year",
    "muc": "section", "section": "section",
    "so": "number", "number": "number",
}  # fmt: skip
"""Field words, folded: a colon right behind one of them makes what follows its value."""

DOCUMENT_KINDS = (
    "qd", "nq", "kh", "tb", "ct", "bc", "cv", "tt", "ttr", "hd", "nd", "cd", "gm", "kl", "pa", "ctr", "dt", "ubnd", "hdnd",
)  # fmt: skip
"""What follows the number of a document, folded: ``512/QĐ-UBND``."""

_QUOTES = str.maketrans("“”„«»", '"""""')
_PIECE = re.compile(
    r'(?P<sign>-(?=[\w"]))?(?:(?P<field>[^\W\d_]{2,10}):(?=[\w"]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)
_OR = ("OR", "HOẶC", "|")
_FIGURE = re.compile(rf"(?P<figure>{FIGURE.pattern})%?[.,;:]?")
_POINTED = re.compile(r"(\d{1,3})\.(\d{3})(?!\d)")
_DAY_MONTH = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})")
_MONTH_YEAR = re.compile(r"(?P<month>\d{1,2})/(?P<year>(?:19|20)\d{2})")
_MONTH_IN_WORDS = re.compile(r"(?<!\d )(?<!\w)th[áa]ng (?P<month>\d{1,2})(?: n[ăa]m |/| )(?P<year>(?:19|20)\d{2})(?!\w)", re.IGNORECASE)  # fmt: skip
_DATE_IN_WORDS = re.compile(r"(?<!\w)(?:ng[àa]y )?(?P<day>\d{1,2}) th[áa]ng (?P<month>\d{1,2})(?: n[ăa]m |/| )(?P<year>(?:19|20)\d{2})(?!\w)", re.IGNORECASE)  # fmt: skip
_CLOSED_VOWEL = re.compile(r"(?:[hklmstv]|qu)[iy]")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find: what was typed, and the runs of tokens any of which is it, the typed one first."""

    typed: str
    writings: tuple[Tokens, ...]
    quoted: bool = False
    near_year: tuple[int, tuple[Tokens, ...]] | None = None
    """Writings of a date without its year, which count in articles published in that year."""

    @property
    def is_word(self) -> bool:
        return len(self.writings[0]) == 1 and not self.writings[0][0].isdigit()


@dataclass(slots=True)
class Typed:
    """A query as read: groups of alternatives that must all be met, terms that must not, values of field words."""

    groups: list[tuple[Term, ...]] = field(default_factory=list)
    left_out: list[Term] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    """Name of the field and its value, in the order typed."""
    dates: list[tuple[date, date]] = field(default_factory=list)
    """First and last day of each date or month among the terms."""
    nothing: bool = False
    """Whether only signs were typed, which nothing holds."""

    @property
    def terms(self) -> Iterator[Term]:
        """Every term that may be met."""
        return (term for group in self.groups for term in group)

    def runs(self) -> list[Tokens]:
        """The stretches of words that were typed one after the other; alternatives and figures in many writings end one."""
        runs: list[Tokens] = []
        run: list[str] = []
        for group in self.groups:
            if len(group) == 1 and not group[0].quoted and (group[0].is_word or len(group[0].writings) == 1):
                run += group[0].writings[0]
                continue
            runs += [tuple(run), *(group[0].writings[:1] if len(group) == 1 else ())]
            run = []
        return [kept for kept in (*runs, tuple(run)) if kept]


def read(text: str) -> Typed:
    """What was typed as a query."""
    typed = Typed()
    rest = nfc(text).translate(_QUOTES)
    rest = _take_dates_in_words(rest, typed)
    alternative = False
    pieces = list(islice(_PIECE.finditer(rest), MAX_WORDS))
    skip = 0
    for at, piece in enumerate(pieces):
        if skip:
            skip -= 1
            continue
        word = piece["word"]
        if word in _OR and not piece["sign"] and not piece["field"] and typed.groups and at + 1 < len(pieces):
            alternative = True
            continue
        name = FIELDS.get(fold_in_place(piece["field"] or ""))
        if name is not None and not piece["sign"]:
            typed.fields.append((name, (piece["phrase"] if word is None else word).strip(".,;")))
            continue
        unit = _unit_behind(pieces, at)
        term = _term(piece, unit, typed)
        if term is None:
            continue
        skip = 1 if unit else 0
        if piece["sign"]:
            typed.left_out.append(term)
        elif alternative and typed.groups:
            typed.groups[-1] = (*typed.groups[-1], term)
        else:
            typed.groups.append((term,))
        alternative = False
    typed.nothing = bool(text.strip()) and not (typed.groups or typed.left_out or typed.fields)
    return typed


def number_writings(number: str) -> list[Tokens]:
    """The writings of a document number, whole (``512/QĐ-UBND``) or its figure alone (``512``), with or without noughts before
    it, and with or without the point of its thousands (``8.935``)."""
    tokens = words_of(number)
    if not tokens or not tokens[0].isdigit():
        return [tokens] if tokens else []
    pointed = _POINTED.match(number)
    figure, rest = (pointed[1] + pointed[2], tokens[2:]) if pointed else (tokens[0], tokens[1:])
    bare = figure.lstrip("0") or "0"
    heads: dict[Tokens, None] = dict.fromkeys(((figure,), (bare,), (bare.zfill(2),)))
    if len(bare) > 3:
        heads[bare[:-3], bare[-3:]] = None
    if rest:
        return [(*head, *rest) for head in heads]
    return [(*head, kind) for head in heads for kind in DOCUMENT_KINDS]


def _term(piece: re.Match[str], unit: str | None, typed: Typed) -> Term | None:
    if piece["word"] is None:
        tokens = words_of(piece["phrase"])
        return Term(piece["phrase"], (tokens,), quoted=True) if tokens else None
    word = (f"{piece['field']}:" if piece["field"] else "") + piece["word"]
    tokens = words_of(word)
    if not tokens:
        return None
    if not piece["sign"] and (dated := _date(word, typed)) is not None:
        return dated
    if figure := _FIGURE.fullmatch(word):
        return Term(f"{word} {unit}" if unit else word, _bounded(figure_writings(figure["figure"], unit)))
    if tokens[0].isdigit() and len(tokens) > 1 and "/" in word:
        return Term(word, _bounded(number_writings(word)))
    if len(tokens) == 1 and _CLOSED_VOWEL.fullmatch(tokens[0]):  # kỹ and kĩ, tỷ and tỉ are one word
        other = tokens[0][:-1] + ("i" if tokens[0][-1] == "y" else "y")
        return Term(word, (tokens, (other,)))
    return Term(word, (tokens,))


def _bounded(writings: list[Tokens]) -> tuple[Tokens, ...]:
    return tuple(writings[:MAX_WRITINGS])


def _unit_behind(pieces: list[re.Match[str]], at: int) -> str | None:
    """The word of magnitude behind a figure, folded."""
    own, after = pieces[at]["word"], pieces[at + 1] if at + 1 < len(pieces) else None
    if own is None or after is None or after["word"] is None or after["sign"] or after["field"]:
        return None
    word = fold_in_place(after["word"])
    return word if word in UNITS and FIGURE.fullmatch(own) else None


def _date(word: str, typed: Typed) -> Term | None:
    """A word that is a date, a month, or a day of the current reading ``12/3``."""
    bare = word.rstrip(".,;")
    if (whole := next(find_dates(bare.lower()), None)) is not None and whole.precision == "day" and whole.start == 0:
        return _dated(bare, whole.when.date(), typed) if whole.end == len(bare) else None
    if (found := _MONTH_YEAR.fullmatch(bare)) and 1 <= int(found["month"]) <= 12:
        return _month(bare, int(found["year"]), int(found["month"]), typed)
    if (found := _DAY_MONTH.fullmatch(bare)) and 1 <= int(found["month"]) <= 12 and 1 <= int(found["day"]) <= 31:
        writings = day_in_its_year(int(found["month"]), int(found["day"]))
        return Term(bare, ((found["day"], found["month"]), *writings))
    return None


def _dated(shown: str, day: date, typed: Typed) -> Term:
    typed.dates.append((day, day))
    short = tuple(day_in_its_year(day.month, day.day))
    return Term(shown, _bounded(date_writings(day.year, day.month, day.day)), near_year=(day.year, short))


def _month(shown: str, year: int, month: int, typed: Typed) -> Term:
    first = date(year, month, 1)
    typed.dates.append((first, last_of_month(first)))
    tokens = words_of(shown)
    return Term(shown, _bounded(list(dict.fromkeys((*month_writings(year, month), tokens)))))


def last_of_month(first: date) -> date:
    """The last day of the month of a day."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def _take_dates_in_words(text: str, typed: Typed) -> str:
    """Dates of several words become groups of their own; the rest of the text is answered. Phrases stay as they are."""
    parts = re.split(r'("[^"]*"?)', text)
    kept = []
    for part in parts:
        for pattern, made in ((_DATE_IN_WORDS, _day_of), (_MONTH_IN_WORDS, _month_of)):
            while not part.startswith('"') and (found := pattern.search(part)) is not None:
                term = made(found, typed)
                if term is None:
                    break
                typed.groups.append((term,))
                part = f"{part[: found.start()]} {part[found.end() :]}"
        kept.append(part)
    return "".join(kept)


def _day_of(found: re.Match[str], typed: Typed) -> Term | None:
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return _dated(found[0], day, typed)


def _month_of(found: re.Match[str], typed: Typed) -> Term | None:
    month = int(found["month"])
    return _month(found[0], int(found["year"]), month, typed) if 1 <= month <= 12 else None
