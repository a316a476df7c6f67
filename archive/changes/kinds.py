"""Kinds of an edit: what a reader would call it, from the differences between two versions of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from archive.changes.word_diff import ParagraphDiff, Run, paragraph_diff, tokens, word_diff
from archive.model import Article
from archive.text.fold import fold

Kind = Literal["whole text", "figures", "dates", "names", "title", "attachment", "wording", "spelling"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""The gravest first."""

WHOLE = 0.35
"""Share of the text kept below which it is another text."""
LEFT = 0.25
"""The same of what stands under a lead that was kept: a table or a signature that stays does not make it the text it was."""
SLIP = 2
"""Letters by which a word differs from its misspelling at most."""

_NUMBER = re.compile(r"\d[\d.,/:]*")
_DATE = re.compile(r"\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}:\d{2}")
_BEFORE_DATE = re.compile(r"(?:ngày|tháng|năm|quý|tuần|lúc|(?<!thu )hồi|mồng|mùng)\s*$", re.I)
_AFTER_DATE = re.compile(r"^\s*(?:giờ|phút|tháng)\b", re.I)
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_CAPITAL = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """What changed in one field beside the text: its name, and the runs of its words."""

    field: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """The differences between two versions. ``kinds`` holds all that apply, the gravest first; none where nothing differs."""

    kinds: tuple[Kind, ...]
    fields: tuple[FieldDiff, ...]
    paragraphs: tuple[ParagraphDiff, ...]
    """What became of the lead and the paragraphs of the text; empty where these are the same."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """Words that took the place of others, with what stands around them."""

    old: str
    new: str
    before: str
    after: str


def edit_between(before: Article, after: Article) -> Edit:
    """How one version of an article differs from the one before it. Views, dates of modification and boilerplate do not count."""
    fields = tuple(_fields(before, after))
    old, new = _paragraphs(before), _paragraphs(after)
    paragraphs = tuple(paragraph_diff(old, new)) if old != new else ()
    leads = bool(before.lead and after.lead)
    kinds = set(_of_text(old, new, paragraphs, leads)) | {kind for told in fields for kind in _of_field(told)}
    return Edit(tuple(kind for kind in KINDS if kind in kinds), fields, paragraphs)


def _paragraphs(article: Article) -> list[str]:
    return [*([article.lead] if article.lead else []), *article.paragraphs]


def _fields(before: Article, after: Article) -> Iterator[FieldDiff]:
    for name in ("title", "byline", "section", "published", "tags", "captions", "attachments"):
        old, new = _text(before, name), _text(after, name)
        if old != new:
            yield FieldDiff(name, word_diff(old, new))


def _text(article: Article, name: str) -> str:
    value = getattr(article, name)
    if name == "published":
        return value.value if value is not None else ""
    if name == "attachments":
        return "\n".join(f"{file.name or ''} {file.url} {file.sha256 or ''}".strip() for file in value)
    if name == "tags":
        return "\n".join(sorted(value))  # in whatever order a portal lists them
    if isinstance(value, list):
        return "\n".join(value)
    return value or ""


def _of_field(told: FieldDiff) -> Iterator[Kind]:
    if told.field == "title":
        yield "title"
    elif told.field == "published":
        yield "dates"
    elif told.field == "attachments":
        yield "attachment"
    elif told.field == "byline":
        yield "names"
    else:
        yield from _of_runs([told.runs])


def _of_text(
    old: Sequence[str], new: Sequence[str], paragraphs: Sequence[ParagraphDiff], leads: bool
) -> Iterator[Kind]:
    if not paragraphs:
        return
    if _kept(paragraphs) < WHOLE * max(_length(old), _length(new)) or (
        leads and _is_another_under_its_lead(old, new, paragraphs)
    ):
        yield "whole text"
        return
    whole = [one for one in paragraphs if one.fate in ("added", "removed")]
    if whole or any(one.fate == "moved" for one in paragraphs):
        yield "wording"
    yield from _of_runs(one.runs for one in paragraphs if one.fate in ("changed", "moved"))


def _kept(paragraphs: Iterable[ParagraphDiff]) -> int:
    return sum(len(run.text) for one in paragraphs for run in one.runs if run.op == "kept")


def _length(paragraphs: Sequence[str]) -> int:
    return sum(map(len, paragraphs))


def _is_another_under_its_lead(old: Sequence[str], new: Sequence[str], paragraphs: Sequence[ParagraphDiff]) -> bool:
    """Whether several paragraphs, which are more than their lead, are others: a long lead that stays before a short text is
    much of the article, and yet the text is another."""
    body = [one for one in paragraphs if one.before != 0 and one.after != 0]
    if len(old) < 3 or len(new) < 2 or any(one.fate == "moved" for one in paragraphs):
        return False
    return _length(old[1:]) > len(old[0]) and _kept(body) < LEFT * max(_length(old[1:]), _length(new[1:]))


def _of_runs(texts: Iterable[Sequence[Run]]) -> Iterator[Kind]:
    """The kinds of the changes within texts; a text of which nothing was kept was reworded."""
    for runs in texts:
        for replaced in replacements(runs):
            yield from kinds_of_words(replaced)


def replacements(runs: Sequence[Run]) -> Iterator[Replaced]:
    """Each change within a text: what was removed and what took its place."""
    at = 0
    while at < len(runs):
        if runs[at].op == "kept":
            at += 1
            continue
        end = at
        while end < len(runs) and runs[end].op != "kept":
            end += 1
        old = "".join(run.text for run in runs[at:end] if run.op == "removed")
        new = "".join(run.text for run in runs[at:end] if run.op == "added")
        yield Replaced(old, new, runs[at - 1].text if at else "", runs[end].text if end < len(runs) else "")
        at = end


def kinds_of_words(one: Replaced) -> Iterator[Kind]:
    """The kinds of one change within a text."""
    if _is_spelling(one.old, one.new):
        yield "spelling"
        return
    figures, dates = _numbers_differ(one)
    if dates:
        yield "dates"
    if figures:
        yield "figures"
    names = _names_differ(one)
    if names:
        yield "names"
    if not (figures or dates or names) or _words_beside(one):
        yield "wording"


def _is_spelling(old: str, new: str) -> bool:
    """Whether two pieces say the same: by their letters without accents and marks, or but for a slip in a word."""
    if _plain_numbers(old) != _plain_numbers(new):
        return False
    one, other = _letters(old), _letters(new)
    if one == other:
        return True
    words, others = one.split(), other.split()
    if len(words) != len(others):
        return one.replace(" ", "") == other.replace(" ", "")
    return all(_is_slip(word, same) for word, same in zip(words, others, strict=True))


def _is_slip(word: str, other: str) -> bool:
    """Whether a word may be another misspelt: a letter or two of it, and most of it the same. Short words are other words."""
    if word == other:
        return True
    return (
        min(len(word), len(other)) >= 4
        and word[0] == other[0]
        and _distance(word, other) <= (1 if len(word) < 7 else SLIP)
    )


def _distance(one: str, other: str) -> int:
    """The edit distance of two words; one more than :data:`SLIP` where their lengths differ by more."""
    if abs(len(one) - len(other)) > SLIP:
        return SLIP + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b)))
    return row[-1]


def _letters(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def _plain_numbers(text: str) -> list[str]:
    """The numbers of a text without the marks that group their digits: 6.754 is 6754, and 1,5 stays."""
    numbers = (number.rstrip(".,/:") for number in _NUMBER.findall(text))
    return [re.sub(r"[.,]", "", number) if _GROUPED.fullmatch(number) else number for number in numbers]


def _numbers_differ(one: Replaced) -> tuple[bool, bool]:
    """Whether figures differ, and whether days or times do. A sentence put in is no figure changed, whatever it holds."""
    old, new = _plain_numbers(one.old), _plain_numbers(one.new)
    if old == new or _is_sentence_put_in(one):
        return False, False
    different = {*old} ^ {*new} or {*old, *new}
    dates = {number for number in different if _DATE.fullmatch(number)}
    if _BEFORE_DATE.search(one.before[-12:]) or _AFTER_DATE.search(one.after[:8]):
        dates |= {number for number in different if len(number) <= 4 and number.isdigit()}
    return bool(different - dates), bool(dates)


def _is_sentence_put_in(one: Replaced) -> bool:
    return not (one.old.strip() and one.new.strip()) and len((one.old + one.new).split()) > 5


def _names_differ(one: Replaced) -> bool:
    """Whether capitalised words within a sentence differ."""
    if _is_sentence_put_in(one):
        return False
    return _names(one.old, one.before) != _names(one.new, one.before)


def _names(text: str, before: str) -> list[str]:
    """The capitalised words of a piece, the first of a sentence left out unless the next one is capitalised, too."""
    words = [token for token in tokens(text) if _CAPITAL.match(token)]
    found = [word for word in words if word[0].isupper()]
    opens = not before.strip() or before.rstrip()[-1] in ".!?…:"
    if (
        opens
        and found
        and words
        and words[0] == found[0]
        and not any(two[0].isupper() for _, two in pairwise(words[:2]))
    ):
        found = found[1:]
    return found


def _words_beside(one: Replaced) -> bool:
    """Whether, beside figures and names, words differ."""
    return _common_words(one.old) != _common_words(one.new)


def _common_words(text: str) -> list[str]:
    return [fold(token) for token in tokens(text) if _CAPITAL.match(token) and token[0].islower()]
