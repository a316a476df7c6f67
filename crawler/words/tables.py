"""Tables of words, read when first asked: one a concept, from ``vi/`` and ``other/`` together.

A table is a TOML file: ``about``, what holds for all its entries (``where``, ``whole``, ``plain``), and ``entries``. An entry:

| key | tells |
|---|---|
| ``say`` | the phrase, or several of one kind, in the notation of :mod:`crawler.words.notation` |
| ``where`` | places it is looked for: ``title``, ``menu``, ``line``, ``opening`` (of a line), ``text``; of an address ``folder``, ``slug``, ``page``, ``segment``, ``host`` |
| ``whole`` | whether it is all of the title, entry or line, or words in it |
| ``plain`` | whether it counts without accents too |
| ``yes``, ``no`` | examples, and what looks alike and is none: every one is a test |
| ``seen`` | portal and day, where that is known |
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal, get_args

from crawler.words.notation import Form, expression, needed, parsed
from crawler.words.whole_words import AFTER, BEFORE, in_path
from crawler.words.word_search import Words

Place = Literal["title", "menu", "line", "opening", "text", "folder", "slug", "page", "segment", "host"]
"""Where a phrase is looked for. Of an address: ``folder`` begins the name of a folder or is all of the last segment, ``slug``
begins the last segment as well, ``page`` is all of it, ``segment`` all of any; ``host`` is a piece of the host."""
PLACES = get_args(Place)
_IN_ADDRESSES = ("folder", "slug", "page", "segment", "host")
LANGUAGES = ("vi", "other")
_KEYS = {"say", "where", "whole", "plain", "yes", "no", "seen"}
_TABLE = re.compile(r"\{([a-z][a-z_]+)\}")
_SHORT = 60
"""Characters of a text in which looking for the words needed costs as much as the expression."""


class TableError(ValueError):
    """A table that breaks the rules."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of a table."""

    say: str
    where: tuple[str, ...]
    whole: bool
    plain: bool
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    seen: str | None = None


class Phrases:
    """The phrases of a table that are looked for in one place. Nothing is read or compiled before it is asked for."""

    def __init__(self, load: Callable[[], tuple[Entry, ...]]) -> None:
        self._load = load

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return self._load()

    def find(self, text: str) -> str | None:
        """The first words that are in a text, or all of it, as each phrase demands."""
        if not self.may_be_in(text):
            return None
        low = text.lower()
        found = self.all_of.fullmatch(low) or self.any_of.search(low)
        return text[found.start() : found.end()] if found is not None else None

    def is_all_of(self, text: str) -> bool:
        """Whether a text is one of the phrases from its first word to its last."""
        return self.every.fullmatch(text.lower()) is not None

    def found_in(self, low: str) -> list[str]:
        """All words of phrases in a text of lower case."""
        return self.any_of.findall(low) if self.may_be_in(low) else []

    def open(self, text: str) -> re.Match[str] | None:
        """How far a text begins with one of the phrases; its groups are those of the phrase."""
        return self.beginning.match(text.lower())

    def may_be_in(self, text: str) -> bool:
        """Whether words without which no phrase matches stand in a text; a short one is not asked."""
        hints = self._hints if len(text) > _SHORT else None
        return hints is None or hints.are_in(text)

    @cached_property
    def needs(self) -> frozenset[str] | None:
        """Words one of which stands wherever a phrase does; ``None`` where nothing is sure to stand there."""
        needs: set[str] = set()
        for entry in self.entries:
            found = needed(parsed(entry.say), _form(entry))
            if found is None:
                return None
            needs |= found
        return frozenset(needs)

    @cached_property
    def every(self) -> re.Pattern[str]:
        """Each phrase, to be held against a whole text."""
        return re.compile(_either(self.entries))

    @cached_property
    def all_of(self) -> re.Pattern[str]:
        """The phrases that are all of a text."""
        return re.compile(_either([entry for entry in self.entries if entry.whole]))

    @cached_property
    def any_of(self) -> re.Pattern[str]:
        """The phrases that are words of a text."""
        return re.compile(f"{BEFORE}(?:{_either([entry for entry in self.entries if not entry.whole])}){AFTER}")

    @cached_property
    def beginning(self) -> re.Pattern[str]:
        """Each phrase, as the first words of a text."""
        return re.compile(f"(?:{_either(self.entries)}){AFTER}")

    @cached_property
    def _hints(self) -> Words | None:
        return Words(self.needs) if self.needs else None


class AnyPhrases:
    """Several tables, asked at once whether a phrase of any may stand in a text: one pass for all."""

    def __init__(self, *tables: Phrases) -> None:
        self._tables = tables

    def may_be_in(self, text: str) -> bool:
        """As :meth:`Phrases.may_be_in` of any of the tables."""
        hints = self._hints if len(text) > _SHORT else None
        return hints is None or hints.are_in(text)

    @cached_property
    def _hints(self) -> Words | None:
        needs = [table.needs for table in self._tables]
        return Words(frozenset().union(*filter(None, needs))) if all(needs) else None


class AddressWords:
    """The phrases of a table that are looked for in one place of addresses, as slugs."""

    def __init__(self, load: Callable[[], tuple[Entry, ...]], place: Place) -> None:
        self._load, self.place = load, place

    def find(self, text: str) -> str | None:
        """What of a path (without percent signs), or of a host in lower case, one of the phrases names."""
        found = self.any_of.search(text)
        return found.group() if found is not None else None

    @property
    def alternatives(self) -> str:
        """The slugs, as the inside of a larger expression."""
        return self._in(self.place)

    def _in(self, place: Place) -> str:
        return _either([entry for entry in self._load() if place in entry.where], "slug")

    @cached_property
    def any_of(self) -> re.Pattern[str]:
        """The slugs where they are bounded as their place is."""
        if self.place == "host":
            return re.compile(self.alternatives)
        if self.place == "page":
            return re.compile(rf"/(?:{self.alternatives})(?:-\d+)?(?:\.html?|\.aspx|/)?$", re.I)
        if self.place == "segment":
            return re.compile(rf"/(?:{self.alternatives})(?=/|\.\w+$|$)", re.I)
        return in_path(self.alternatives, self._in("slug"))


def _either(entries: Iterable[Entry], form: Form | None = None) -> str:
    made = [expression(parsed(entry.say), form or _form(entry)) for entry in entries]
    return "|".join(dict.fromkeys(made)) if made else r"(?!)"


def _form(entry: Entry) -> Form:
    return "plain" if entry.plain else "printed"


@cache
def entries_of(concept: str) -> tuple[Entry, ...]:
    """The entries of a table, those of ``vi/`` first."""
    found: list[Entry] = []
    for language in LANGUAGES:
        source = files("crawler.words").joinpath(language, f"{concept}.toml")
        if source.is_file():
            found += _read(tomllib.loads(source.read_text("utf-8")), f"{language}/{concept}.toml")
    if not found:
        raise TableError(f"no table of words is called {concept}")
    return tuple(found)


def _read(table: dict[str, Any], name: str) -> Iterator[Entry]:
    shared = {key: table[key] for key in ("where", "whole", "plain") if key in table}
    for raw in table.get("entries", []):
        said = {**shared, **raw}
        unknown = said.keys() - _KEYS
        where = (said["where"],) if isinstance(said.get("where"), str) else tuple(said.get("where", ()))
        says = [said["say"]] if isinstance(said.get("say"), str) else said.get("say")
        if unknown or not says or not where or not set(where) <= set(PLACES):
            raise TableError(f"{name}: {said.get('say')!r}: unknown {sorted(unknown) or list(where)}")
        whole = bool(said.get("whole", True))
        yes, no = tuple(said.get("yes", ())), tuple(said.get("no", ()))
        for say in says:
            yield Entry(say, where, whole, bool(said.get("plain", False)), yes, no, said.get("seen"))


@cache
def words(concept: str, place: Place) -> Phrases:
    """The phrases of a table that are looked for in one place of a page."""
    return Phrases(lambda: tuple(entry for entry in entries_of(concept) if place in entry.where))


@cache
def address_words(concept: str, place: Place) -> AddressWords:
    """The phrases of a table that are looked for in one place of addresses."""
    return AddressWords(lambda: entries_of(concept), place)


class WithWords:
    """An expression in which the name of a table in braces stands for its phrases; made when it is first used.

    ``place`` is where those are looked for, one or several, which also tells whether they are slugs. Case is ignored, unless ``flags`` say
    otherwise; the phrases themselves are in lower case.
    """

    def __init__(self, template: str, place: Place | tuple[Place, ...] = "segment", flags: re.RegexFlag = re.I) -> None:
        self.template, self.flags = template, flags
        self.places = (place,) if isinstance(place, str) else place

    @cached_property
    def made(self) -> re.Pattern[str]:
        return re.compile(_TABLE.sub(self._phrases, self.template), self.flags)

    def _phrases(self, named: re.Match[str]) -> str:
        entries = [entry for entry in entries_of(named[1]) if set(self.places) & set(entry.where)]
        phrases = _either(entries, "slug" if set(self.places) <= set(_IN_ADDRESSES) else None)
        return f"(?:{phrases})" if self.flags & re.I else f"(?i:{phrases})"

    def search(self, text: str) -> re.Match[str] | None:
        """The first place in a text that the expression matches."""
        return self.made.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """The expression at the beginning of a text."""
        return self.made.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The expression as all of a text."""
        return self.made.fullmatch(text)


def needed_words(*tables: str) -> set[str]:
    """Words one of which stands in whatever a phrase of some tables matches: the shortest, where one holds another."""
    needs: set[str] = set()
    for table in tables:
        needs.update(*(needed(parsed(entry.say), _form(entry)) or () for entry in entries_of(table)))
    trimmed = {need.strip() for need in needs}
    return {need for need in trimmed if not any(other != need and other in need for other in trimmed)}


def concepts() -> list[str]:
    """The names of all tables."""
    here = files("crawler.words")
    names = {file.name for language in LANGUAGES for file in here.joinpath(language).iterdir()}
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
