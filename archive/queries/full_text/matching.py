"""Matching: a query as an FTS5 expression and SQL conditions over the ids of articles.

Every word of a reader's stands in quotes within the expression. A range of days is of publication, of first sight
for what is undated.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

from archive.ids import EARLIEST_YEAR, id_floor
from archive.places.gazetteer import gazetteer
from archive.queries.full_text.expressions import (
    NOTHING,
    Passages,
    any_of,
    as_passages,
    facet_tokens,
    group_expression,
    is_of_phrases,
    rare_part,
)
from archive.queries.full_text.query_language import Typed, last_of_month, number_writings, read
from archive.queries.full_text.said import Alternative, Said, as_bytes, that_meet
from archive.queries.portal_places import of_place, other_names, portals_named, province_now
from archive.text.dates import parse_date
from archive.text.fold import hold, words_of

State = Literal["changed", "removed", "returned"]
STATES: tuple[State, ...] = ("changed", "removed", "returned")
Order = Literal["relevance", "newest"]

_MOST_YEARS = 20


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
    place: str | None = None
    """Id of a unit: articles of the portals of that unit, of those below it and of what they became."""
    state: State | None = None
    files: bool = False
    """Only articles with attachments."""
    order: Order | None = None
    """None: by relevance where several words were typed, else newest first."""


@dataclass(slots=True)
class Matching:
    """The articles that match, as SQL over ``rowid``. ``where`` are conditions beside the expression, in which
    ``{id}`` stands for the id and ``{ids}`` for the id that is looked for in a list."""

    query: Query
    typed: Typed
    expression: str | None
    where: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)
    facets: list[str] = field(default_factory=list)
    """Expressions over facet tokens, which every index holds."""
    beyond: list[Said] = field(default_factory=list)
    """What neither the words typed nor facet tokens say whole: a place said, a document number."""
    passages: Passages | None = None
    """The same articles by phrases alone, where nothing else is asked for: in a tenth of the time."""
    few: list[int] | None = None
    """The same articles by their ids, where the phrases among what is asked for are rare and texts told the rest."""
    newest: list[int] | None = None
    """The ids of the newest matches, once they were gathered."""
    exact: frozenset[int] | None = None
    """Where accents must be as typed: the ids of those that were found to have them."""
    order: list[Any] | None = None
    """The matches by relevance, once they were weighed."""

    @property
    def by_relevance(self) -> bool:
        """Whether several words were typed and nobody asked for the newest first."""
        words = sum(len(group[0].writings[0]) for group in self.typed.groups)
        return (
            self.query.order != "newest" and bool(self.typed.groups) and (words > 1 or self.query.order == "relevance")
        )

    @property
    def words_index(self) -> str:
        """The index of words that is asked: of what was altered, where that is wanted, there is one of its own."""
        return "article_fts" if self.query.state is None else "altered_fts"

    def sql(self, more: str = "") -> tuple[str, tuple[Any, ...]]:
        """A SELECT of the rowids without order; ``more`` is one more condition."""
        if self.few is not None:
            return "SELECT value AS id FROM json_each(?)", (json.dumps(self.few),)
        if self.passages is None:
            return self._from(
                self.words_index if self.expression is not None else "article_facet", self.expression, more
            )
        sql, params = self.sql_in_pairs(self.passages.pairs, more)
        if self.passages.words is None:
            return sql, params
        beside, others = self._from("article_fts", self.passages.words, more)
        return f"{sql} UNION {beside}", (*params, *others)

    def sql_in_pairs(self, expression: str, more: str = "") -> tuple[str, tuple[Any, ...]]:
        """A SELECT of the rowids that meet an expression of the index of pairs, and the conditions."""
        return self._from("bigram_fts", expression, more)

    def _from(self, table: str, expression: str | None, more: str) -> tuple[str, tuple[Any, ...]]:
        where = [] if expression is None else [f"{table} MATCH ?"]
        # "+" keeps SQLite from asking the index anew for each id of a list
        columns = {"id": f"{table}.rowid", "ids": f"{'' if expression is None else '+'}{table}.rowid"}
        where += [condition.format(**columns) for condition in self.where]
        where += [more.format(**columns)] if more else []
        params = (*([] if expression is None else [expression]), *self.params)
        return f"SELECT {table}.rowid AS id FROM {table}" + (f" WHERE {' AND '.join(where)}" if where else ""), params


def match(conn: sqlite3.Connection, query: Query, typed: Typed | None = None) -> Matching:
    """How a query is asked of the database; ``typed`` replaces what its text says."""
    typed = read(query.text) if typed is None else typed
    query, values = _with_fields(query, typed)
    found = Matching(query, typed, None)
    parts = [group_expression(group) for group in typed.groups]
    if typed.nothing:
        parts.append(NOTHING)
    found.facets = _facets(conn, query, values)
    parts += found.facets
    found.beyond = [Said((Alternative(tuple(number_writings(value))),)) for name, value in values if name == "number"]
    found.beyond += [_said_of(conn, value) for name, value in values if name == "place"]
    parts += [said.expression() for said in found.beyond]
    found.expression = " AND ".join(f"({part})" for part in parts) or None
    _leave_out(found)
    _narrow(found)
    if not typed.nothing and query.state is None:
        of_pairs = [said.expression_of_pairs() for said in found.beyond]
        found.passages = as_passages(typed.groups, typed.left_out, found.facets, of_pairs)
        found.few = _few(conn, found) if found.passages is None else None
    return found


FEW = 500
"""Articles with the phrases asked for whose texts are read for the words beside them: a twentieth of a millisecond each."""


def _few(conn: sqlite3.Connection, found: Matching) -> list[int] | None:
    """The matches, newest first, of a query of words and phrases that few articles hold; None for any other."""
    words = [group for group in found.typed.groups if not is_of_phrases(group)]
    places = [said for said in found.beyond if said.expression_of_pairs() is None]
    asked = [*(tokens for group in words for term in group for tokens in term.writings),
             *(tokens for term in found.typed.left_out for tokens in term.writings)]  # fmt: skip
    rare = rare_part(
        found.typed.groups, found.facets, [part for said in found.beyond if (part := said.expression_of_pairs())]
    )
    if rare is None or not all(map(Said.is_plain, places)) or not all(t.isascii() for tokens in asked for t in tokens):
        return None
    sql, params = found.sql_in_pairs(rare)
    ids = [row[0] for row in conn.execute(f"{sql} ORDER BY 1 DESC LIMIT {FEW + 1}", params)]
    if len(ids) > FEW:
        return None
    wanted = [[as_bytes(tokens) for term in group for tokens in term.writings] for group in words]
    unwanted = [as_bytes(tokens) for term in found.typed.left_out for tokens in term.writings]

    def is_met(text: bytes, portal: int) -> bool:
        return (
            all(any(writing in text for writing in writings) for writings in wanted)
            and not any(writing in text for writing in unwanted)
            and all(said.is_met(text, portal) for said in places)
        )

    return that_meet(conn, ids, is_met)


def _with_fields(query: Query, typed: Typed) -> tuple[Query, list[tuple[str, str]]]:
    """The query with the days of its field words, and the field words that are asked of the index."""
    left = []
    for name, value in typed.fields:
        if name in ("since", "until"):
            span = span_of(value)
            if span is not None:
                since = max(filter(None, (query.since, span[0]))) if name == "since" else query.since
                until = min(filter(None, (query.until, span[1]))) if name == "until" else query.until
                query = replace(query, since=since, until=until)
                continue
        left.append((name, value))
    return query, left


def span_of(value: str) -> tuple[date, date] | None:
    """The first and the last day of a day, month or year as typed; None for what is none."""
    if value.isdigit() and len(value) == 4 and "1900" <= value <= "2100":
        return date(int(value), 1, 1), date(int(value), 12, 31)
    month, _, year = value.replace("-", "/").partition("/")
    if month.isdigit() and len(year) == 4 and year.isdigit() and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1), last_of_month(date(int(year), int(month), 1))
    moment = parse_date(value)
    if moment is None:
        return None
    day = moment.when.date()
    return (day, last_of_month(day)) if moment.precision == "month" else (day, day)


def _facets(conn: sqlite3.Connection, query: Query, values: list[tuple[str, str]]) -> list[str]:
    """Expressions over facet tokens: each must be met."""
    found = []
    if query.portal is not None:
        found.append(facet_tokens([f"p{_id_of(conn, 'portal', query.portal)}"]))
    if query.section is not None:
        found.append(facet_tokens([f"s{_id_of(conn, 'section', query.section)}"]))
    if query.year is not None:
        found.append(facet_tokens([f"y{query.year}"]))
    if query.since is not None or query.until is not None:
        first = query.since.year if query.since else EARLIEST_YEAR
        until = query.until.year if query.until else date.today().year + 1
        if until - first < _MOST_YEARS:  # so that only matches of those years are looked at one by one
            found.append(facet_tokens(["y0", *(f"y{year}" for year in range(first, until + 1))]))
    if query.place is not None:
        found.append(facet_tokens(f"p{portal}" for portal in of_place(conn, query.place)))
    named = [value for name, value in values if name == "portal"]
    if named:
        found.append(facet_tokens(f"p{portal}" for value in named for portal in portals_named(conn, value)))
    years = [f"y{value}" for name, value in values if name == "year" and value.isdigit()]
    if any(name == "year" for name, _ in values):
        found.append(facet_tokens(years))
    for value in (value for name, value in values if name == "section"):
        sections = conn.execute("SELECT id, name FROM section").fetchall()
        found.append(facet_tokens(f"s{row[0]}" for row in sections if hold(words_of(row[1]), words_of(value))))
    # days that are none: nothing is between them
    found += [NOTHING for name, _ in values if name in ("since", "until")]
    return found


def _said_of(conn: sqlite3.Connection, value: str) -> Said:
    """A place as typed: articles of its portals, those that name it, and those of its province that name what it was or became."""
    units = of_name(value)
    ways = [Alternative((words_of(value) or ("none",),))]
    portals = frozenset(portal for unit in units for portal in of_place(conn, unit))
    ways += [Alternative(portals=portals)] if portals else []
    for unit in units:
        names = tuple(words_of(name) for name in other_names(unit))
        near = frozenset(of_place(conn, province_now(unit))) if names else frozenset()
        ways += [Alternative(names, near)] if near else []
    return Said(tuple(ways))


def of_name(value: str) -> list[str]:
    """The units a typed name can mean: of several bearers all, since nobody said which."""
    return [unit.id for unit in gazetteer().find(value)][:20]


def _id_of(conn: sqlite3.Connection, table: str, name: str) -> int:
    """Its number, or -1 (which no token has: nothing matches) for a name that is not there."""
    row = conn.execute(f"SELECT id FROM {table} WHERE name = ?", (name,)).fetchone()
    return row[0] if row else -1


def _leave_out(found: Matching) -> None:
    if not found.typed.left_out:
        return
    unwanted = " OR ".join(any_of(term.writings) for term in found.typed.left_out)
    if found.expression is not None:
        found.expression = f"({found.expression}) NOT ({unwanted})"
    else:
        found.where.append("{ids} NOT IN (SELECT rowid FROM article_fts WHERE article_fts MATCH ?)")
        found.params.append(unwanted)


def _narrow(found: Matching) -> None:
    """Conditions that are no tokens of the index."""
    query = found.query
    for day, sign in ((query.since, ">="), (query.until, "<=")):
        if day is not None:
            # undated articles by the day of their first sight, which is coded in their id
            last = id_floor(day + timedelta(days=1)) - 1 if day < date.max else 2**53
            found.where.append(
                f"EXISTS (SELECT 1 FROM article_facet AS own WHERE own.article = {{id}}"
                f" AND (own.day {sign} ? AND own.day > 0 OR own.day = 0 AND own.article {sign} ?))"
            )
            found.params += [int(f"{day:%Y%m%d}"), id_floor(day) if sign == ">=" else last]
    if query.state is not None:
        found.where.append(f"{{ids}} IN (SELECT article FROM article_facet WHERE {query.state})")
    if query.files:
        # a fifth of all articles may have some: asked of each match, not listed
        found.where.append("EXISTS (SELECT 1 FROM article_facet AS own WHERE own.article = {id} AND own.files)")
