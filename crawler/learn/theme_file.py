"""The file of a portal's learnt themes, ``themes/PORTAL.toml``: written for a person to read and edit, never over an edit."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from itertools import count
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.cms.family import Selectors
from crawler.cms.learnt import Evidence, LearntTheme
from crawler.errors import UserError
from crawler.folder.own_files import refuse_link, write_private
from crawler.folder.toml_text import remark

FOLDER = "themes"
_HEAD = """# How the articles of {portal} are read, learnt from its own pages.
# Change what you like: a file that was changed is read as it stands and never overwritten.
# The line "written" tells a change by the digest of what follows it.
written = "{digest}"
"""
_WRITTEN = re.compile(r'^written = "([0-9a-f]{64})"\n', re.M)
_PAIRS = ("drop", "aside")


class BadTheme(UserError):
    """Raised for a file of themes that cannot be read."""


@dataclass(slots=True)
class ThemeFile:
    """What the file of a portal holds; ``edited`` where a person changed it."""

    path: Path
    themes: list[LearntTheme] = field(default_factory=list)
    edited: bool = False


def with_those_before(themes: list[LearntTheme], before: list[LearntTheme], today: str) -> list[LearntTheme]:
    """The themes learnt ``today`` (``YYYY-MM-DD``), and behind them those of an earlier day that no page held bears any more.

    These hold until today: older captures are read by the theme of their time. A theme learnt anew keeps its name.
    """
    names = {theme.places: theme.name for theme in before}
    taken = set(names.values())
    found = []
    for theme in themes:
        name = names.get(theme.places) or _free(taken)
        taken.add(name)
        found.append(replace(theme, name=name, learnt=today))
    known = {theme.places for theme in themes}
    gone = [theme for theme in before if theme.places not in known and "" < theme.learnt < today]
    return found + [theme if theme.until else replace(theme, until=today) for theme in gone]


def _free(taken: set[str]) -> str:
    return next(name for number in count(1) if (name := f"learnt-{number}") not in taken)


def path_of(archive: Path, portal: str) -> Path:
    return archive / FOLDER / f"{Path(portal).name}.toml"


def load(path: Path) -> ThemeFile:
    """The themes of a file; none where there is no file. Raises :class:`BadTheme`."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return ThemeFile(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadTheme(f"{path} cannot be read: {error}") from error
    return ThemeFile(path, themes_in(text, str(path)), is_edited(text))


def themes_in(text: str, named: str = "the file of themes") -> list[LearntTheme]:
    """The themes a file says, by its text. Raises :class:`BadTheme`."""
    try:
        data = tomllib.loads(text)
        return [_theme(entry, number) for number, entry in enumerate(data.get("theme", []), 1)]
    except tomllib.TOMLDecodeError as error:
        raise BadTheme(f"{named} is no TOML: {error}; mend it, or delete it and run  tinhuyen learn  again") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise BadTheme(f"{named}: {error}; mend it, or delete it and run  tinhuyen learn  again") from error


def is_edited(text: str) -> bool:
    """Whether a file is not as it was written."""
    found = _WRITTEN.search(text)
    return found is None or found[1] != _digest(text[found.end() :])


def save(path: Path, portal: str, themes: list[LearntTheme]) -> None:
    """Write the themes of a portal in the place of those written before. Raises :class:`BadTheme` for an edited file."""
    if path.exists() and is_edited(path.read_text("utf-8", "replace")):
        raise BadTheme(f"{path} was edited and stays as it is; delete it to have it learnt anew")
    path.parent.mkdir(exist_ok=True)
    refuse_link(path.parent)
    partial = path.with_suffix(".toml.part")
    write_private(partial, text_of(portal, themes))
    partial.replace(path)


def text_of(portal: str, themes: list[LearntTheme]) -> str:
    body = "".join(_written(theme) for theme in themes)
    return _HEAD.format(portal=remark(portal), digest=_digest(body)) + body


def reading_text(portal: str, themes: list[LearntTheme]) -> str:
    """The text of a file that reads as these themes do, without samples of what pages say."""
    return text_of(portal, [replace(theme, evidence=()) for theme in themes])


def without_samples(path: Path, portal: str) -> bytes | None:
    """The themes of a file as they may leave the archive: without what was read by them. ``None`` where there is none."""
    themes = load(path).themes
    return text_of(portal, [replace(theme, evidence=()) for theme in themes]).encode() if themes else None


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _written(theme: LearntTheme) -> str:
    lines = ["", "[[theme]]", f"name = {_text(theme.name)}"]
    lines += [f"{name} = {_text(day)}" for name, day in (("since", theme.since), ("until", theme.until)) if day]
    lines += [f"date = {_text(theme.date)}", f"alone = {_value(theme.alone)}"]
    lines += [f"listed = {str(theme.listed).lower()}", f"learnt_from = {theme.learnt_from}"]
    lines += ["own_link = true"] if theme.own_link else []
    lines += [f"learnt = {_text(theme.learnt)}"] if theme.learnt else []
    lines += [f"{name} = {_value(told)}" for name in ("beside", "labels") if (told := getattr(theme, name))]
    lines += ["", "[theme.selectors]"]
    for one in fields(Selectors):
        if choice := getattr(theme.selectors, one.name):
            lines.append(f"{one.name} = {_value(choice)}")
    for told in theme.evidence:
        lines += ["", "[[theme.evidence]]"]
        lines += [
            f"{one.name} = {_value(value)}"
            for one in fields(Evidence)
            if (value := getattr(told, one.name)) not in ("", ())
        ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """A basic string of TOML: JSON's is one, but for the sign DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _text(value) if isinstance(value, str) else str(value)


def _theme(entry: dict[str, Any], number: int) -> LearntTheme:
    chosen = {name: _choice(name, value) for name, value in entry.get("selectors", {}).items()}
    unknown = chosen.keys() - {one.name for one in fields(Selectors)}
    if unknown:
        raise ValueError(f"theme {number}: selector {sorted(unknown)[0]!r} is not known")
    if not chosen.get("title") or not chosen.get("body"):
        raise ValueError(f"theme {number} needs the selectors title and body")
    return LearntTheme(
        str(entry.get("name", f"learnt-{number}")),
        Selectors(**chosen),
        _day(entry.get("since")),
        _day(entry.get("until")),
        date=str(entry.get("date", "visible" if chosen.get("published") else "")),
        alone=tuple(map(str, entry.get("alone", ()))),
        listed=bool(entry.get("listed", False)),
        own_link=bool(entry.get("own_link", False)),
        beside=_choice("beside", entry.get("beside", ())),
        labels=tuple(map(str, entry.get("labels", ()))),
        learnt_from=int(entry.get("learnt_from", 0)),
        learnt=_day(entry.get("learnt")) or "",
        evidence=tuple(_evidence(told) for told in entry.get("evidence", ())),
    )


def _choice(name: str, value: Any) -> tuple[Any, ...]:
    """The selectors of one field. A selector that no parser takes is refused here, not on every page."""
    values = [value] if isinstance(value, str) else list(value)
    selectors = [pair[0] for pair in values] if name in _PAIRS else values
    for selector in selectors:
        if not isinstance(selector, str) or not is_selector(selector):
            raise ValueError(f"{name}: {selector!r} is no CSS selector")
    return tuple((str(pair[0]), str(pair[1])) for pair in values) if name in _PAIRS else tuple(values)


def is_selector(selector: str) -> bool:
    try:
        LexborHTMLParser("<p>").css(selector)
    except (SelectolaxError, ValueError):
        return False
    return bool(selector.strip())


def _day(value: Any) -> str | None:
    if value is None:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        raise ValueError(f"{value!r} is no day; write it as 2026-01-31")
    return str(value)


def _evidence(told: dict[str, Any]) -> Evidence:
    known = {one.name for one in fields(Evidence)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items() if name in known
    }
    return Evidence(**values)
