"""Masking of identity-card and mobile telephone numbers of private persons in an article; its capture is not touched.

A card's number has 9 or 12 digits and stands shortly behind one of the words for it. A mobile number is a private person's
unless its line speaks of an office; numbers of fixed lines are offices', as a rule, and stay.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from archive.model import Article

NOTE = "private numbers masked"
"""What the notes of an article say that has masked numbers; its capture has them."""
SIGN = "•"
_NEAR = 40
"""Characters behind a word for a card in which its number begins."""
_CARD_NUMBER = re.compile(r"(?<![\d.,/-])\d(?:[ .]?\d){8}(?:(?:[ .]?\d){3})?(?![\d/]|[.,-]\d)")
_MOBILE = re.compile(r"(?<![\d.,/+-])(?:\+84|84|0)[ .-]?[35789](?:[ .-]?\d){8}(?![\d/]|[.,-]\d)")
_DIGIT = re.compile(r"\d")


@cache
def tables() -> dict[str, Any]:
    """The tables of words, with their examples."""
    return tomllib.loads(files("archive.text.numbers").joinpath("private_numbers.toml").read_text("utf-8"))


@cache
def _words(table: str) -> re.Pattern[str]:
    said = [phrase for entry in tables()[table] for phrase in entry["say"]]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(said, key=len, reverse=True)))})(?!\w)", re.I)


def masked_line(line: str) -> str:
    """One paragraph with its private numbers masked, digit by digit."""
    if len(_DIGIT.findall(line[:100_000])) < 9:
        return line  # nearly always
    ends = [found.end() for found in _words("card").finditer(line)]
    if ends:
        line = _CARD_NUMBER.sub(lambda found: _masked(found) if _is_near(found.start(), ends) else found[0], line)
    if _words("office").search(line) is None:
        line = _MOBILE.sub(_masked, line)
    return line


def _masked(found: re.Match[str]) -> str:
    return _DIGIT.sub(SIGN, found[0])


def _is_near(start: int, ends: list[int]) -> bool:
    return any(0 <= start - end <= _NEAR for end in ends)


def masked_text(text: str | None) -> str | None:
    """A text of many paragraphs."""
    return None if text is None else "\n".join(map(masked_line, text.split("\n")))


def masked(article: Article) -> Article:
    """The article with private numbers masked wherever a reader meets them; itself where there are none."""
    changed = replace(
        article,
        title=masked_text(article.title),
        lead=masked_text(article.lead),
        text=masked_text(article.text) or "",
        captions=[masked_text(one) or "" for one in article.captions],
        byline=masked_text(article.byline),
        author=masked_text(article.author),
        source=masked_text(article.source),
        tags=[masked_text(one) or "" for one in article.tags],
        images=[replace(one, caption=masked_text(one.caption)) for one in article.images],
        attachments=[replace(one, name=masked_text(one.name)) for one in article.attachments],
        removed=[replace(one, text=masked_text(one.text) or "") for one in article.removed],
    )
    return article if changed == article else replace(changed, notes=[*article.notes, NOTE])
