"""A misread page as a file: the page, what was read of it, what a reader says is right, and the theme it was read by.

A zip of four parts: ``report.json``, ``page.html`` (the page's bytes as they came, without pictures and styles),
``response.warc.gz`` (its record, where an archive holds it; without what :mod:`crawler.probe.redaction` leaves out) and ``theme.toml`` (where its portal has a learnt theme). Nothing of the
archive's settings, contact or machine is in it; requests, which bear the contact, stay out.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from archive.model import Article
from archive.text.vietnam_time import VIETNAM, day_typed
from crawler.cms.learnt import LearntTheme
from crawler.errors import UserError
from crawler.extract import read
from crawler.learn import theme_file
from crawler.page.page import Page
from crawler.probe.new_family import compared

FORMAT = 1
"""The version of ``report.json``."""
LARGEST = 20_000_000
"""Bytes of one part of a report that are read."""
LISTS = ("paragraphs", "captions", "tags", "attachments")
FIELDS = (
    "title", "lead", "paragraphs", "captions", "section", "byline", "author", "source", "published", "event_date", "views",
    "tags", "attachments",
)  # fmt: skip
"""What of an article can be said to be wrong, under the names of the saved pages' expected values."""
DAYS = "write it as 2026-10, 2026-10-14 or 2026-10-14T08:30 (or 10/2026, 14/10/2026, 14/10/2026 08:30)"
"""How a day is given."""
THEME = "theme.toml"
_REPORT, _PAGE, _RECORD = "report.json", "page.html", "response.warc.gz"


@dataclass(slots=True)
class Misreading:
    """One page with what was read of it. ``read`` is empty for a page that was taken for no article."""

    url: str
    fetched_at: str | None
    content_type: str | None
    kind: str
    reason: str
    family: str
    extractor: str
    read: dict[str, Any]
    right: dict[str, Any]
    """What a reader says instead, by field; ``kind`` where the page was taken for something else."""
    version: str
    body: bytes = b""
    record: bytes = b""
    theme: str = ""
    removed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Names of the response's headers that its record here is without."""


def misreading(page: Page, body: bytes, theme: str, version: str, content_type: str | None) -> Misreading:
    """What is read of a page now, by its portal's theme (the text of its file) where there is one."""
    found = read(page, None, themes_in(theme))
    article = found.article
    return Misreading(
        url=page.url,
        fetched_at=page.fetched_at,
        content_type=content_type,
        kind=found.kind,
        reason=str(found.reason),
        family=found.family.name,
        extractor=article.extractor if article else "",
        read=compared(article) if article else {},
        right={},
        version=version,
        body=body,
        theme=theme,
        removed=sorted({piece.kind for piece in article.removed}) if article else [],
    )


def themes_in(text: str) -> list[LearntTheme]:
    """The learnt themes of a theme file's text. Raises :class:`~crawler.learn.theme_file.BadTheme`."""
    return theme_file.themes_in(text, THEME) if text else []


def fixed(told: str, option: str = "--fix ", fields: tuple[str, ...] = (*FIELDS, "kind")) -> tuple[str, Any]:
    """A field and its right value, from ``title=…``; of a list as JSON or with ``;`` between its entries.

    Raises :class:`UserError`, which names the ``option``, for one that is not among ``fields``.
    """
    name, equals, value = told.partition("=")
    name = name.strip()
    if not equals or name not in fields:
        raise UserError(f"{option}{told!r}: write it as FIELD=VALUE, with one of {', '.join(fields)}")
    if name in LISTS:
        if value.lstrip().startswith("["):
            try:
                entries = json.loads(value)
            except ValueError as error:
                raise UserError(f"{option}{name}: no JSON list: {error}") from error
            return name, [str(entry) for entry in entries]
        return name, [entry.strip() for entry in value.split(";") if entry.strip()]
    if name == "views":
        if value and not value.isdecimal():
            raise UserError(f"{option}views={value!r}: give digits alone")
        return name, int(value) if value else None
    return name, value.strip() or None


def right_of(told: str) -> tuple[str, Any]:
    """A field and its right value as pages are compared: as `fixed`, with days as they are read. Raises `UserError`."""
    name, value = fixed(told)
    if name not in ("published", "event_date") or not value:
        return name, value
    try:
        typed = day_typed(value)
    except ValueError as error:
        raise UserError(f"--fix {name}={value}: {DAYS}") from error
    if isinstance(typed, str):
        return name, typed
    return name, (typed.astimezone(VIETNAM) if typed.tzinfo else typed).strftime("%Y-%m-%dT%H:%M")


def _is_right(name: str, now: Any, right: Any) -> bool:
    """Whether what is read now is what is right. A day or month is right of each minute in it: it says no more."""
    if name == "published" and now and right and len(right) in (7, 10):
        return bool(now.startswith(right))
    return bool(now == right)


def write(found: Misreading, path: Path) -> None:
    """Write a report. Raises :class:`UserError` where it cannot be written."""
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            write_into(out, found)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from error


def write_into(out: zipfile.ZipFile, found: Misreading, folder: str = "", *, theme: bool = True) -> None:
    """Write the parts of a report into a zip, below ``folder``; without its ``theme`` where that stands in the zip once."""
    told = {"format": FORMAT, **asdict(found)}
    body, record, text = (told.pop(name) for name in ("body", "record", "theme"))
    parts = {_PAGE: body, _RECORD: record, THEME: text.encode() if theme else b""}
    told["fields"] = FIELDS
    out.writestr(f"{folder}{_REPORT}", json.dumps(told, ensure_ascii=False, indent=2))
    for name, part in parts.items():
        if part:
            out.writestr(f"{folder}{name}", part)


def load(path: Path) -> Misreading:
    """A report as it was written. Raises :class:`UserError` for what is none."""
    try:
        with zipfile.ZipFile(path) as held:
            return read_from(held, path, "", part_of(held, THEME).decode())
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"{path} is no report made by  tinhuyen report: {error}") from error


def read_from(held: zipfile.ZipFile, path: Path, folder: str, theme: str) -> Misreading:
    """The report below ``folder`` of a zip. Raises what :func:`load` tells in one line."""
    told = json.loads(part_of(held, f"{folder}{_REPORT}"))
    if told.pop("format") != FORMAT:
        raise UserError(f"{path} is a report of a newer version: install that one")
    told.pop("fields", None)
    body, record = part_of(held, f"{folder}{_PAGE}"), part_of(held, f"{folder}{_RECORD}")
    return Misreading(**told, body=body, record=record, theme=theme)


def part_of(held: zipfile.ZipFile, name: str) -> bytes:
    """A part of a report, empty where there is none. Raises ``ValueError`` for one larger than :data:`LARGEST`."""
    if name not in held.namelist():
        return b""
    with held.open(name) as part:
        read_so_far = part.read(LARGEST + 1)
    if len(read_so_far) > LARGEST:
        raise ValueError(f"{name} is larger than {LARGEST:,} bytes")
    return read_so_far


def differences(told: Misreading) -> dict[str, tuple[Any, Any]]:
    """By field, what is read of a report's page now and what would be right, where these differ."""
    page = Page.parse(told.body, told.url, content_type=told.content_type, fetched_at=told.fetched_at)
    now = misreading(page, told.body, told.theme, told.version, told.content_type)
    wanted = {**told.read, **told.right}
    kind = wanted.pop("kind", told.kind)
    found: dict[str, tuple[Any, Any]] = {"kind": (now.kind, kind)} if now.kind != kind else {}
    if kind == "article":
        found |= {
            name: (now.read.get(name), value)
            for name, value in wanted.items()
            if not _is_right(name, now.read.get(name), value)
        }
    return found


def _as_precise(told: Misreading, article: Article | None) -> dict[str, str]:
    """The day that is read now where it is right and says more than the reader did: saved pages are compared to the minute."""
    now = compared(article)["published"] if article is not None else None
    right = told.right.get("published")
    return {"published": now} if right and now and _is_right("published", now, right) else {}


def save_as_page(told: Misreading, pages: Path) -> Path:
    """Put a report's page and what is right of it among the saved pages of the tests; answers the page's file.

    Raises :class:`UserError` where there is no such folder.
    """
    if not pages.is_dir():
        raise UserError(f"there is no {pages}: a saved page is written into a checkout of the project")
    folder = pages / told.family
    folder.mkdir(exist_ok=True)
    stem = (
        "reported_" + "".join(c if c.isalnum() else "_" for c in told.url.rstrip("/").rpartition("/")[2].lower())[:40]
    )
    page = Page.parse(told.body, told.url, content_type=told.content_type, fetched_at=told.fetched_at)
    article = read(page).article  # a saved page is read without its portal's theme
    way = article.extractor.split("/")[1] if article is not None else "structure"
    expected = {
        "url": told.url,
        "fetched_at": told.fetched_at,
        "kind": "article",
        **{name: ([] if name in LISTS else None) for name in FIELDS},
        **told.read,
        **told.right,
        **_as_precise(told, article),
        "removed": told.removed,
        "family": told.family,
        "way": way,
    }
    if (folder / f"{stem}.json").exists() and json.loads((folder / f"{stem}.json").read_bytes()).get("url") != told.url:
        stem += "_" + sha256(told.url.encode()).hexdigest()[:8]  # another page whose address ends alike
    (folder / f"{stem}.html").write_bytes(told.body)
    text = json.dumps(expected, ensure_ascii=False, indent=2)
    (folder / f"{stem}.json").write_text(text + "\n", encoding="utf-8")
    return folder / f"{stem}.html"
