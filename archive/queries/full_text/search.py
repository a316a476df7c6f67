"""Full-text search over the archive: what is typed is found as it was meant, and what was changed about it is said.

Never a syntax error. Several words are ranked by relevance (`archive.queries.full_text.ranking`), one word and lists newest first,
undated articles last. Counts stop at `COUNT_CAP` and facets look at the newest `FACET_BASE` matches; both say so.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from markupsafe import Markup

from archive.queries.full_text import spelling
from archive.queries.full_text.extracts import LOOKED_AT, TITLE_CHARS, all_marked, marked, passage, pattern_of_writings
from archive.queries.full_text.facets import REACHED, Count, Facets, Gathered, count, gather, spread
from archive.queries.full_text.matching import Matching, Query, match
from archive.queries.full_text.query_language import Typed, read
from archive.queries.full_text.ranking import accents_typed, ranked
from archive.queries.records import rows
from archive.text.combining import nfc
from archive.text.fold import AccentsTyped, fold_in_place, tone_placements, words_with_accents

EXACT_CANDIDATES = 400
"""Exact accents are checked on the texts themselves, a tenth of a millisecond each; so many folded candidates are looked at, newest first."""
EXACT_CHARS = 200_000
"""Characters of a text that are held against what was typed: between two texts a time limit is asked, within one not."""
ACCENTS_FIRST = 200
"""The newest matches among which those with the accents typed come first, where the order is by date."""
PAGE_SIZE = 20

Done = Literal["corrected", "suggested", "relaxed", "published"]


@dataclass(slots=True)
class Note:
    """What was done to a query, or could be: ``typed`` is what a reader wrote, ``instead`` what is searched for."""

    done: Done
    typed: str
    instead: str


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
    anchor: str | None = None
    """The id of the passage on the article's page."""
    exact: bool | None = None
    """Whether accents are as typed; None where none were."""


@dataclass(slots=True)
class Result:
    """One page of what a query finds."""

    hits: list[Hit]
    count: Count
    more: bool
    """Whether there is a next page."""
    facets: Facets = field(default_factory=Facets)
    by_relevance: bool = False
    pages: int = 0
    """How many pages there are in this order."""
    after: str | None = None
    """Where the next page begins, in an order by date."""
    notes: list[Note] = field(default_factory=list)
    typed: Typed = field(default_factory=Typed)
    """What was searched for in the end."""
    pattern: re.Pattern[str] | None = None


def search(
    conn: sqlite3.Connection, query: Query, page: int = 1, size: int = PAGE_SIZE, after: str | None = None
) -> Result:
    """One page (from 1) of the articles that match, and how many match.

    ``after`` is that of the page before: by date it leads on at once, however many pages lie before.
    """
    found, gathered, notes = _found(conn, query)
    counted = gathered.count
    if found.query.exact and accents_typed(found):
        gathered, counted = _exact(conn, found, gathered)
    if found.by_relevance:
        wanted, pages = _page_by_relevance(conn, found, page, size)
        more, onward = page < pages, None
    else:
        wanted, more, onward = _page_by_date(conn, found, gathered, page, size, after)
        pages = -(-counted.number // size)
    pattern = _pattern(found.typed)
    hits = _hits(conn, wanted, pattern, spelt_as(found.typed))
    return Result(
        hits, counted, more, spread(conn, gathered), found.by_relevance, pages, onward, notes, found.typed, pattern
    )


def facets(conn: sqlite3.Connection, query: Query) -> Facets:
    """Portals, places, sections, years and states of the newest matches."""
    return spread(conn, gather(conn, match(conn, query)))


def number(conn: sqlite3.Connection, query: Query) -> Count:
    """How many articles match."""
    return count(conn, match(conn, query))


def matching_ids(conn: sqlite3.Connection, query: Query, limit: int) -> list[int]:
    """The ids of the newest matches, by date."""
    found = match(conn, query)
    if query.exact and accents_typed(found):
        return _exact(conn, found, gather(conn, found))[0].by_date(0, limit)
    return _by_date(conn, found, gather(conn, found, limit), 0, limit)


def marker(asked: str, text: str) -> Callable[[str], Markup] | None:
    """What marks a query's words in the paragraphs of an article of that text; None where nothing was asked.

    Accents that were typed count where the article has them.
    """
    typed = read(asked)
    pattern = _pattern(typed)
    if pattern is None:
        return None
    accents = accents_typed(Matching(Query(asked), typed, None))
    spelt = spelt_as(typed) if accents is not None and accents.are_in(nfc(text)) else None
    return lambda paragraph: all_marked(paragraph, pattern, spelt)


def spelt_as(typed: Typed) -> frozenset[str]:
    """The words typed, with their accents, in every spelling that differs by the place of a tone alone."""
    words = {word for term in typed.terms for word in words_with_accents(term.typed)}
    words |= {token for term in typed.terms for tokens in term.writings[1:] for token in tokens}
    return frozenset(spelling for word in words for spelling in tone_placements(word))


def _found(conn: sqlite3.Connection, query: Query) -> tuple[Matching, Gathered, list[Note]]:
    """How the query is asked in the end: as typed where that finds something, else as it may have been meant."""
    found = match(conn, query)
    gathered = gather(conn, found)
    number = len(gathered.rows)
    if number > spelling.SELDOM or not found.typed.groups or found.query.exact:
        return found, gathered, []
    better = None
    for beside in (False, True):
        better = spelling.corrected(conn, found.typed, beside=beside) or better
        other = match(conn, query, better) if better is not None else None
        if other is None:
            continue
        other_gathered = gather(conn, other)
        if len(other_gathered.rows) > 4 * number:
            done: Done = "suggested" if number else "corrected"
            note = Note(done, _shown(found.typed), _as_written(conn, other))
            return (found, gathered, [note]) if number else (other, other_gathered, [note])
    if number:
        return found, gathered, []
    typed = better or found.typed
    return _of_that_day(conn, query, typed) or _relaxed(conn, query, typed) or (found, gathered, [])


def _of_that_day(conn: sqlite3.Connection, query: Query, typed: Typed) -> tuple[Matching, Gathered, list[Note]] | None:
    """For a day or month that no article with the other words names: the articles that were published then."""
    for at, group in enumerate(typed.groups):
        days = read(group[0].typed).dates if len(group) == 1 and not group[0].quoted else []
        others = [*typed.groups[:at], *typed.groups[at + 1 :]]
        if len(days) != 1 or not others or query.since or query.until or query.year is not None:
            continue
        narrowed = replace(
            query, since=days[0][0], until=days[0][1], year=days[0][0].year
        )  # of that year: no undated ones
        other = match(conn, narrowed, replace(typed, groups=others))
        gathered = gather(conn, other)
        if gathered.rows:
            return other, gathered, [Note("published", group[0].typed, _shown(other.typed))]
    return None


def _relaxed(conn: sqlite3.Connection, query: Query, typed: Typed) -> tuple[Matching, Gathered, list[Note]] | None:
    """For words that no article holds together: as many of them as some article holds."""
    groups = typed.groups
    for left_out in range(1, len(groups) // 2 + 1):
        tried = []
        for at in range(len(groups) - left_out + 1):
            kept = [*groups[:at], *groups[at + left_out :]]
            other = match(conn, query, replace(typed, groups=kept))
            number = count(conn, other).number
            if number:
                tried.append((number, at, other))
        if tried:
            _, at, other = min(tried, key=lambda one: one[:2])
            without = " ".join(group[0].typed for group in groups[at : at + left_out])
            return other, gather(conn, other), [Note("relaxed", without, _shown(other.typed))]
    return None


def _shown(typed: Typed) -> str:
    return " ".join(f'"{group[0].typed}"' if group[0].quoted else group[0].typed for group in typed.groups)


def _as_written(conn: sqlite3.Connection, found: Matching) -> str:
    """The words searched for as the archive's articles write them, where they stand side by side."""
    runs = found.typed.runs()
    pattern = pattern_of_writings(runs[:1]) if len(runs) == 1 else None
    if pattern is None:
        return _shown(found.typed)
    spellings: Counter[str] = Counter()
    for one in ranked(conn, found)[:5]:
        row = conn.execute(
            "SELECT title || char(10) || substr(body, 1, 20000) FROM article_text WHERE id = ?", (one.id,)
        ).fetchone()
        text = nfc(row[0]) if row else ""
        spellings.update(
            " ".join(text[hit.start() : hit.end()].lower().split()) for hit in pattern.finditer(fold_in_place(text))
        )
    return spellings.most_common(1)[0][0] if spellings else _shown(found.typed)


Wanted = list[tuple[int, bool | None]]
"""Ids with whether their accents are as typed."""


def _page_by_relevance(conn: sqlite3.Connection, found: Matching, page: int, size: int) -> tuple[Wanted, int]:
    order = ranked(conn, found)
    start = (page - 1) * size
    return [(one.id, one.exact) for one in order[start : start + size]], -(-len(order) // size)


def _page_by_date(
    conn: sqlite3.Connection, found: Matching, gathered: Gathered, page: int, size: int, after: str | None
) -> tuple[Wanted, bool, str | None]:
    """The page, whether there is another, and where that begins."""
    start = (page - 1) * size
    accents = accents_typed(found)
    if found.query.exact and accents:  # those alone are gathered
        exact = gathered.by_date(start, size + 1)
        return [(identifier, True) for identifier in exact[:size]], len(exact) > size, None
    if accents and start + size <= ACCENTS_FIRST and after is None:
        pool = _by_date(conn, found, gathered, 0, ACCENTS_FIRST + 1)
        order = _accents_first(conn, pool[:ACCENTS_FIRST], accents)
        more = len(pool) > start + size
        onward = pool[ACCENTS_FIRST - 1] if more and start + size == ACCENTS_FIRST else None
        return order[start : start + size], more, _cursor(conn, onward) if onward else None
    wanted = _by_date(conn, found, gathered, 0 if after else start, size + 1, after)
    more = len(wanted) > size
    shown: Wanted = [(identifier, None) for identifier in wanted[:size]]
    if accents:
        shown = sorted(_accents_first(conn, wanted[:size], accents), key=lambda one: wanted.index(one[0]))
    return shown, more, _cursor(conn, wanted[size - 1]) if more else None


def _cursor(conn: sqlite3.Connection, identifier: int) -> str:
    """The place of an article in the order by date."""
    row = conn.execute("SELECT day FROM article_facet WHERE article = ?", (identifier,)).fetchone()
    return f"{row[0] if row else 0}-{identifier}"


def _by_date(
    conn: sqlite3.Connection, found: Matching, gathered: Gathered, start: int, number: int, after: str | None = None
) -> list[int]:
    """Ids of matches by day of publication, newest first and undated ones last.

    Of more matches than are gathered those with the newest ids, whose day is that of publication as it was first known.
    """
    if found.expression is not None:
        wanted = gathered.by_date(start, number, after)
        if len(wanted) < number and gathered.count.capped:
            wanted = gather(conn, found, REACHED).by_date(start, number, after)
        return wanted
    below = ""
    if after is not None:
        day, _, identifier = after.partition("-")
        below = f"(article_facet.day, article_facet.article) < ({int(day)}, {int(identifier)})"
    sql, params = found.sql(below)
    order = f"{sql} ORDER BY article_facet.day DESC, article_facet.article DESC LIMIT ? OFFSET ?"
    return [row[0] for row in conn.execute(order, (*params, number, start))]


def _accents_first(conn: sqlite3.Connection, identifiers: list[int], typed: AccentsTyped) -> Wanted:
    texts = _texts(conn, identifiers)
    flagged: Wanted = [(identifier, typed.are_in(texts.get(identifier, ""))) for identifier in identifiers]
    return [one for one in flagged if one[1]] + [one for one in flagged if not one[1]]


def _texts(conn: sqlite3.Connection, identifiers: list[int], chars: int = EXACT_CHARS) -> dict[int, str]:
    marks = ",".join("?" * len(identifiers))
    sql = f"SELECT id, substr(title || char(10) || body, 1, {chars}) FROM article_text WHERE id IN ({marks})"
    return dict(tuple(row) for row in conn.execute(sql, identifiers))


def _exact(conn: sqlite3.Connection, found: Matching, gathered: Gathered) -> tuple[Gathered, Count]:
    """The newest folded matches whose text also has the accents that were typed, and how many there are at least."""
    typed = accents_typed(found)
    candidates = _by_date(conn, found, gathered, 0, EXACT_CANDIDATES)
    texts = _texts(conn, candidates)
    exact = frozenset(one for one in candidates if typed is None or typed.are_in(texts.get(one, "")))
    rows = [row for row in gathered.rows if row[0] in exact]
    found.exact = exact
    return Gathered(rows), Count(len(rows), False, at_least=len(gathered.rows) > EXACT_CANDIDATES)


def _pattern(typed: Typed) -> re.Pattern[str] | None:
    """What is marked: phrases and writings as a whole, neighbouring words together."""
    writings = [tokens for term in typed.terms for tokens in term.writings]
    writings += [tokens for term in typed.terms if term.near_year for tokens in term.near_year[1]]
    return pattern_of_writings([*writings, *typed.runs()])


def _hits(
    conn: sqlite3.Connection, wanted: Wanted, pattern: re.Pattern[str] | None, spelt: frozenset[str] | None = None
) -> list[Hit]:
    identifiers = [identifier for identifier, _ in wanted]
    found = {row["id"]: row for row in _hit_rows(conn, identifiers)}
    texts = _beginnings(conn, identifiers)
    hits = []
    for identifier, exact in wanted:
        row = found.get(identifier)
        if row is None:
            continue  # taken out between the two reads
        body, lead, text = texts.get(identifier, ("", 0, 0))
        own = spelt if exact else None
        shown = passage(body, pattern, own)
        row["title"] = marked(row["title"] or "", pattern, own)
        anchor = _anchor(body, shown.at, lead, text)
        hits.append(Hit(**{**row, "extract": shown.html, "anchor": anchor, "exact": exact}))
    return hits


def _anchor(body: str, at: int | None, lead: int, text: int) -> str | None:
    """The paragraph at a place of the text that is searched: the lead, then the numbered ones, then captions and byline."""
    if at is None:
        return None
    if at < lead:
        return "lead"
    begin = lead + 2 if lead else 0
    return f"p{body.count(chr(10) * 2, begin, at) + 1}" if at < begin + text else None


def _hit_rows(conn: sqlite3.Connection, identifiers: list[int]) -> Iterator[dict[str, Any]]:
    return rows(
        conn,
        f"""SELECT article.id, substr(article.title, 1, {2 * TITLE_CHARS}) AS title, portal.name AS portal,
                   coalesce(portal.title, portal.name) AS portal_title, section.name AS section,
                   article.published, article.first_seen, article.gone_at, article.revisions
            FROM article_shown AS article JOIN portal ON portal.id = article.portal
                LEFT JOIN section ON section.id = article.section
            WHERE article.id IN ({", ".join("?" * len(identifiers))})""",
        identifiers,
    )


def _beginnings(conn: sqlite3.Connection, identifiers: list[int]) -> dict[int, tuple[str, int, int]]:
    """As much of each article's text as is looked through for an extract, and how long its lead and its text are."""
    found = conn.execute(
        f"""SELECT id, substr(article_text.body, 1, {LOOKED_AT}), coalesce(length(iif(corrected.article IS NULL, body.lead, corrected.lead)), 0),
                   length(text)
            FROM article_text JOIN body ON body.article = id LEFT JOIN corrected ON corrected.article = id WHERE id IN ({", ".join("?" * len(identifiers))})""",
        identifiers,
    )
    return {row[0]: (row[1], row[2], row[3]) for row in found}


def newest(conn: sqlite3.Connection, size: int, portal: str | None = None) -> list[Hit]:
    """The articles published last, of one portal or of all; undated ones only where there are not enough others."""
    where, params = (
        ("", ()) if portal is None else (" WHERE portal = (SELECT id FROM portal WHERE name = ?)", (portal,))
    )
    # corrected ones apart: a view that chooses between two columns has no index to sort by
    found = conn.execute(
        f"""SELECT id FROM (
                SELECT * FROM (SELECT id, published FROM article{where or " WHERE true"}
                    AND id NOT IN (SELECT article FROM corrected) ORDER BY published DESC, id DESC LIMIT ?)
                UNION ALL SELECT article, corrected.published FROM corrected CROSS JOIN article ON id = corrected.article{where})
            ORDER BY published DESC, id DESC LIMIT ?""",
        (*params, size, *params, size),
    )
    return _hits(conn, [(identifier, None) for (identifier,) in found], None)
