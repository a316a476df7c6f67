"""The site's texts in Vietnamese and English, and how each language formats numbers, sizes and times."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Literal

from archive.model import Observation
from archive.site.words.crawl_words import VERDICTS, group_of
from archive.text.vietnam_time import VIETNAM

Language = Literal["vi", "en"]


Texts = dict[str, tuple[str, str]]


def _texts(table: str) -> Texts:
    """A table of the texts by key, in Vietnamese and English."""
    both = [tomllib.loads((_HERE / f"{language}.toml").read_text("utf-8"))[table] for language in ("vi", "en")]
    return {key: (text, both[1][key]) for key, text in both[0].items()}


_HERE = Path(__file__).parent
WORDS, _SOURCES, _FOUND, _REMOVED = _texts("page"), _texts("date_source"), _texts("found"), _texts("removed")

_SOFTWARE: dict[str, list[str]] = tomllib.loads((_HERE / "software.toml").read_text("utf-8"))["software"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Speaker:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._column = 0 if language == "vi" else 1

    def __call__(self, key: str, **values: object) -> str:
        """The text for a key, numbers formatted for the language. Raises `KeyError` for an unknown key."""
        written = {name: self.number(value) if isinstance(value, int) else value for name, value in values.items()}
        return WORDS[key][self._column].format(**written)

    def count(self, key: str, n: int) -> str:
        """The text for a key and a number, in the singular where there is one."""
        return self(f"{key}_one") if n == 1 and f"{key}_one" in WORDS else self(key, n=n)

    def number(self, value: int) -> str:
        grouped = f"{value:,}"
        return grouped.replace(",", ".") if self.language == "vi" else grouped

    def size(self, value: int) -> str:
        """Bytes as a reader takes them in: ``512 byte``, ``1,2 MB``."""
        if value < 1000:
            return self("bytes_n", n=value)
        amount, unit = (value / 1000, "kB") if value < 1_000_000 else (value / 1_000_000, "MB")
        return f"{amount:.1f} {unit}".replace(".", "," if self.language == "vi" else ".")

    def when(self, value: str | None) -> str:
        """A stored time (minute, day or month; UTC or local) as the language writes it, in Vietnam's time."""
        if not value:
            return ""
        if len(value) == 7:
            year, month = value.split("-")
            return f"{month}/{year}" if self.language == "vi" else f"{_MONTHS[int(month) - 1]} {year}"
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            moment = moment.astimezone(VIETNAM)
        day = (
            f"{moment:%d/%m/%Y}" if self.language == "vi" else f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
        )
        if len(value) == 10:
            return day
        return f"{day}{'' if self.language == 'vi' else ','} {moment:%H:%M} (GMT+7)"

    def day(self, value: str | None) -> str:
        """Only the day of a stored time."""
        return self.when(value if not value or len(value) <= 10 else _local_day(value))

    def look(self, look: Observation) -> str:
        """What a look found that did not find the article."""
        return _FOUND[look.found][self._column].format(code=look.status)

    def change(self, change: str) -> str:
        """What made a version another than the one before."""
        parts = [("text", "text_changed"), ("attachment", "file_replaced")]
        return ", ".join(self(key) for word, key in parts if word in change)

    def edit_kind(self, kind: str) -> str:
        """What a reader would call an edit of a kind."""
        return self(f"change_{kind.replace(' ', '_')}")

    def seen(self, first: str, last: str) -> str:
        """When a version was seen: at one moment, or from one to another."""
        a, b = self.when(first), self.when(last)
        return self("seen_at", a=a) if a == b else self("seen_from", a=a, b=b)

    def date_source(self, source: str) -> str:
        """Where a date was read, in words; a source without words of its own by its name."""
        name = source.split(":")[0]
        return _SOURCES[name][self._column] if name in _SOURCES else source

    def software(self, family: str) -> str:
        """The software of a portal as people call it; one without words of its own by its name."""
        return _SOFTWARE[family][self._column] if family in _SOFTWARE else family

    def verdict(self, name: str | None) -> str:
        """How a portal was found, in words; a verdict without words of its own by its name."""
        return VERDICTS[name][self._column] if name in VERDICTS else name or ""

    def skipped_why(self, reasons: dict[str, int]) -> list[tuple[str, int]]:
        """Why pages were skipped, in a few groups, most frequent first; what is no code known here by its own words."""
        groups: Counter[str] = Counter()
        for reason, n in reasons.items():
            group = group_of(reason)
            groups[group[self._column] if group else reason] += n
        return groups.most_common()

    def removed_kind(self, kind: str) -> str:
        return _REMOVED[kind][self._column] if kind in _REMOVED else kind


def _local_day(value: str) -> str:
    moment = datetime.fromisoformat(value)
    return (moment.astimezone(VIETNAM) if moment.tzinfo else moment).date().isoformat()
