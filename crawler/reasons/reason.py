"""A reason: its code, the facts its sentence is made of, and notes on what came of it.

In the ledger a reason is three columns: the code, its facts as JSON, and the sentence for people who read the table. Facts
may quote a page, a server or an address; nothing is decided by what such a quotation says.
"""

from __future__ import annotations

import json
from string import Formatter
from typing import Any

from archive.text.plurals import counted
from crawler.reasons.codes import Code

_NOTES = "notes"


class Reason:
    """Why something ended as it did. Not changed once made: :meth:`noting` makes another.

    ``facts`` are numbers, texts, booleans or other reasons, by the names in the code's sentence.
    """

    __slots__ = ("code", "facts", "notes")

    def __init__(self, code: Code, /, **facts: Any) -> None:
        self.code = code
        self.facts = facts
        self.notes: tuple[Reason, ...] = ()

    def noting(self, code: Code, /, **facts: Any) -> Reason:
        """The same reason with a note on it."""
        other = Reason(self.code, **self.facts)
        other.notes = (*self.notes, Reason(code, **facts))
        return other

    def without(self, code: Code) -> Reason:
        """The same reason without its notes of one code."""
        other = Reason(self.code, **self.facts)
        other.notes = tuple(note for note in self.notes if note.code is not code)
        return other

    def has(self, code: Code) -> bool:
        """Whether it bears a note of that code."""
        return any(note.code is code for note in self.notes)

    @property
    def group(self) -> str:
        """What a summary counts it under: one line for all dead links, whichever status they had."""
        return self.code.group or _said(self.code, self.facts)

    def __str__(self) -> str:
        """The sentence, in English."""
        said = _said(self.code, self.facts)
        for note in self.notes:
            said = _said(note.code, {**note.facts, "reason": said})
        return said

    def __repr__(self) -> str:
        return f"Reason({self.code.value}: {self})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reason):
            return NotImplemented
        return (self.code, self.facts, self.notes) == (other.code, other.facts, other.notes)

    def __hash__(self) -> int:
        return hash((self.code, str(self)))

    @property
    def columns(self) -> tuple[str, str, str | None]:
        """Sentence, code and facts as the ledger keeps them; facts are NULL where there are none."""
        facts = _plain(self)[1]
        return str(self), self.code.value, json.dumps(facts, ensure_ascii=False) if facts else None


def columns_of(reason: Reason | None) -> tuple[str | None, str | None, str | None]:
    """The three columns of a reason that may be none."""
    return reason.columns if reason is not None else (None, None, None)


def reason_of(code: str | None, facts: str | None, sentence: str | None = None) -> Reason | None:
    """The reason of a row; ``None`` where the row has none. A code of a newer version is :attr:`Code.OTHER`, told by its
    ``sentence``."""
    if code is None:
        return None
    found = _made(code, json.loads(facts) if facts else {})
    if found.code is Code.OTHER and not found.facts:
        found.facts = {"said": sentence or ""}
    return found


def _plain(reason: Reason) -> tuple[str, dict[str, Any]]:
    facts = {name: list(_plain(fact)) if isinstance(fact, Reason) else fact for name, fact in reason.facts.items()}
    if reason.notes:
        facts[_NOTES] = [list(_plain(note)) for note in reason.notes]
    return reason.code.value, facts


def _made(code: str, facts: dict[str, Any]) -> Reason:
    notes = facts.pop(_NOTES, [])
    made = {name: _made(*fact) if isinstance(fact, list) else fact for name, fact in facts.items()}
    known = _CODES.get(code)
    reason = Reason(known, **made) if known is not None else Reason(Code.OTHER)
    reason.notes = tuple(_made(*note) for note in notes)
    return reason


_CODES = {code.value: code for code in Code}


class _Words(Formatter):
    """Format strings with numbers and their noun: ``{tries:# time}``, ``{n:# was/were}``."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec.startswith("# "):
            noun, _, plural = format_spec[2:].partition("/")
            return counted(value, noun, plural or None)
        return str(super().format_field(value, format_spec))


_words = _Words()


def _said(code: Code, facts: dict[str, Any]) -> str:
    return _words.vformat(code.sentence, (), facts) if "{" in code.sentence else code.sentence
