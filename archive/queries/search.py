"""Full-text search over the archive: accents optional, newest first, never a syntax error.

Words are joined by AND, ``"…"`` is a phrase, a number such as ``512/QĐ-UBND`` is a phrase by itself. The date of a
range is the one coded in the id: publication as first known, else first sight. Counts stop at `COUNT_CAP` and facets look at
the newest `FACET_BASE` matches; both say so (measured at a million articles: 4 ms and 19 ms, instead of a second).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

from markupsafe import Markup

from archive.ids import id_floor
from archive.queries.extracts import LOOKED_AT, TITLE_CHARS, extract, marked, pattern_of
from archive.queries.records import rows
from archive.text.combining import nfc
from archive.text.fold import accent_form, accent_pattern, fold_d

COUNT_CAP = 10_000
FACET_BASE = 10_000
EXACT_CANDIDATES = 2_000
"""Exact accents are checked on the texts themselves; so many folded candidates are looked at, newest first."""
EXACT_CHARS = 200_000
"""Characters of a text that are held against what was typed: between two texts a time limit is asked, within one not."""
PAGE_SIZE = 20
MAX_WORDS = 32
"""Words of a query that count: nobody types more, and each costs a walk through the index."""

_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_NO_TOKEN = "none"
_QUOTES = str.maketrans("“”„«»", '"""""')


@dataclass(slots=True)
class Query:
    """What is searched for. ``portal`` and ``section`` are names; ``since`` and ``until`` are days, both included."""

    text: str = ""
    portal: str | None = None
    section: str | None = None
    since: date | None = None
    until: date | None = None
    year: int | None = None
    """Year of publication; 0 asks for undated articles."""
    exact: bool = False
    """Accents must be as typed (case and tone placement may differ)."""


@dataclass(slots=True)
class Hit:
    """One article of a result, with its title and an extract in HTML where hits are in ``<mark>``."""

    id: int
    title: Markup
    extract: Markup
    portal: str
    portal_title: str
    section: str | None
    published: str | None
    first_seen: str
    gone_at: str | None
    revisions: int


@dataclass(slots=True)
class Count:
    """``number`` articles, or more than that when ``capped``."""

    number: int
    capped: bool


@dataclass(slots=True)
class Facets:
    """How the newest matches spread: (value, label, articles), most first; years newest first, 0 for undated."""

    portals: list[tuple[str, str, int]] = field(default_factory=list)
    sections: list[tuple[str, str, int]] = field(default_factory=list)
    years: list[tuple[int, str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Result:
    hits: list[Hit]
    count: Count
    more: bool
    """Whether there is a next page."""


def terms(text: str) -> list[str]:
    """The words and phrases of what a reader typed, without quotes; what holds no letter or digit is dropped."""
    plain = nfc(text).translate(_QUOTES)
    found = (phrase or word for phrase, word in _TERM.findall(plain))
    return [term for term in islice(found, MAX_WORDS) if any(char.isalnum() for char in term)]


def match_expression(conn: sqlite3.Connection, query: Query) -> str | None:
    """The FTS5 expression of a query, None when it asks for everything. Every user's word stands in quotes."""
    parts = []
    words = [_quoted(fold_d(term)) for term in terms(query.text)]
    if words:
        parts.append(f"{{title body}} : ({' AND '.join(words)})")
    elif query.text.strip():
        parts.append(f'facets : "{_NO_TOKEN}"')  # only signs were typed: nothing holds them
    tokens = []
    if query.portal is not None:
        tokens.append(f"p{_id_of(conn, 'portal', query.portal)}")
    if query.section is not None:
        tokens.append(f"s{_id_of(conn, 'section', query.section)}")
    if query.year is not None:
        tokens.append(f"y{query.year}")
    parts += [f'facets : "{token}"' for token in tokens]
    return " AND ".join(parts) or None


def search(conn: sqlite3.Connection, query: Query, page: int = 1, size: int = PAGE_SIZE) -> Result:
    """One page (from 1) of the articles that match, newest first, and how many match."""
    start = (page - 1) * size
    if query.exact and terms(query.text):
        identifiers = _exact_ids(conn, query)
        count = Count(len(identifiers), False)
        wanted = identifiers[start : start + size + 1]
    else:
        sql, params = _matching(conn, query)
        count = _count(conn, sql, params)
        wanted = [
            identifier
            for (identifier,) in conn.execute(f"{sql} ORDER BY rowid DESC LIMIT ? OFFSET ?", (*params, size + 1, start))
        ]
    return Result(_hits(conn, query, wanted[:size]), count, len(wanted) > size)


def facets(conn: sqlite3.Connection, query: Query, limit: int = 12) -> Facets:
    """Portals, sections and years of the newest `FACET_BASE` matches."""
    sql, params = _matching(conn, query)
    newest = f"SELECT rowid FROM ({sql} ORDER BY rowid DESC LIMIT {FACET_BASE})"
    spread = list(
        rows(
            conn,
            f"""SELECT portal, section, CAST(coalesce(substr(published, 1, 4), '0') AS INTEGER) AS year,
                       count(*) AS articles
                FROM article WHERE id IN ({newest}) GROUP BY 1, 2, 3""",
            params,
        )
    )
    portals = {row["id"]: row for row in rows(conn, "SELECT id, name, coalesce(title, name) AS title FROM portal")}
    sections = {row["id"]: row["name"] for row in rows(conn, "SELECT id, name FROM section")}
    by_portal, by_section, by_year = _total(spread, "portal"), _total(spread, "section"), _total(spread, "year")
    return Facets(
        [(portals[key]["name"], portals[key]["title"], number) for key, number in by_portal[:limit]],
        [(sections[key], sections[key], number) for key, number in by_section[:limit] if key is not None],
        [(year, str(year), number) for year, number in sorted(by_year, reverse=True)],
    )


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""').replace("\0", " ") + '"'


def _id_of(conn: sqlite3.Connection, table: str, name: str) -> int:
    """Its number, or -1 (which no token has: nothing matches) for a name that is not there."""
    row = conn.execute(f"SELECT id FROM {table} WHERE name = ?", (name,)).fetchone()
    return row[0] if row else -1


def _matching(conn: sqlite3.Connection, query: Query) -> tuple[str, tuple[Any, ...]]:
    """SQL that selects the rowids of a query, without order, and its parameters."""
    expression = match_expression(conn, query)
    conditions: list[str] = []
    params: list[Any] = []
    if expression is not None:
        conditions.append("article_fts MATCH ?")
        params.append(expression)
    if query.since is not None:
        conditions.append("rowid >= ?")
        params.append(id_floor(query.since))
    if query.until is not None:
        conditions.append("rowid < ?")
        last = date.max - timedelta(days=1)
        params.append(id_floor(min(query.until, last) + timedelta(days=1)))
    table = "article" if expression is None else "article_fts"
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT rowid FROM {table}{where}", tuple(params)


def _count(conn: sqlite3.Connection, sql: str, params: tuple[Any, ...]) -> Count:
    (number,) = conn.execute(f"SELECT count(*) FROM ({sql} LIMIT {COUNT_CAP + 1})", params).fetchone()
    return Count(min(number, COUNT_CAP), number > COUNT_CAP)


def _exact_ids(conn: sqlite3.Connection, query: Query) -> list[int]:
    """The folded matches whose text also has the accents that were typed."""
    wanted = [accent_pattern(term) for term in terms(query.text)]
    sql, params = _matching(conn, query)
    candidates = conn.execute(
        f"""SELECT id, substr(title || char(10) || body, 1, {EXACT_CHARS}) FROM article_text
            WHERE id IN (SELECT rowid FROM ({sql} ORDER BY rowid DESC LIMIT {EXACT_CANDIDATES})) ORDER BY id DESC""",
        params,
    )
    found = []
    for identifier, text in candidates:
        plain = accent_form(text)
        if all(pattern.search(plain) for pattern in wanted):
            found.append(identifier)
    return found


def _hits(conn: sqlite3.Connection, query: Query, identifiers: list[int]) -> list[Hit]:
    pattern = pattern_of(terms(query.text))
    found = {row["id"]: row for row in _hit_rows(conn, identifiers)}
    bodies = _beginnings(conn, identifiers)
    hits = []
    for identifier in identifiers:
        row = found.get(identifier)
        if row is None:
            continue  # taken out between the two reads
        shown = {"title": marked(row["title"] or "", pattern), "extract": extract(bodies.get(identifier, ""), pattern)}
        hits.append(Hit(**{**row, **shown}))
    return hits


def _hit_rows(conn: sqlite3.Connection, identifiers: list[int]) -> Iterator[dict[str, Any]]:
    return rows(
        conn,
        f"""SELECT article.id, substr(article.title, 1, {2 * TITLE_CHARS}) AS title, '' AS extract, portal.name AS portal,
                   coalesce(portal.title, portal.name) AS portal_title, section.name AS section,
                   article.published, article.first_seen, article.gone_at, article.revisions
            FROM article JOIN portal ON portal.id = article.portal LEFT JOIN section ON section.id = article.section
            WHERE article.id IN ({", ".join("?" * len(identifiers))})""",
        identifiers,
    )


def _beginnings(conn: sqlite3.Connection, identifiers: list[int]) -> dict[int, str]:
    """As much of each article's text as is looked through for an extract."""
    return dict(
        conn.execute(
            f"""SELECT id, substr(body, 1, {LOOKED_AT}) FROM article_text
                WHERE id IN ({", ".join("?" * len(identifiers))})""",
            identifiers,
        ).fetchall()
    )


def _total(spread: list[dict[str, Any]], key: str) -> list[tuple[Any, int]]:
    totals: dict[Any, int] = {}
    for row in spread:
        totals[row[key]] = totals.get(row[key], 0) + row["articles"]
    return sorted(totals.items(), key=lambda item: -item[1])


def newest(conn: sqlite3.Connection, size: int, portal: str | None = None) -> list[Hit]:
    """The articles published last, of one portal or of all; undated ones only where there are not enough others."""
    where, params = (
        ("", ()) if portal is None else (" WHERE portal = (SELECT id FROM portal WHERE name = ?)", (portal,))
    )
    found = conn.execute(f"SELECT id FROM article{where} ORDER BY published DESC, id DESC LIMIT ?", (*params, size))
    return _hits(conn, Query(), [identifier for (identifier,) in found])
