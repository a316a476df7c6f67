"""Document numbers: who cites an act, when, and what is printed of its day and its issuer.

Offices count anew each year, so that one number (``512/QĐ-UBND``) is borne by many acts. Which of them an article means is
told only by what it prints behind the number; without that, whose portal it is and its year are all that can be said.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from archive.places.gazetteer import gazetteer
from archive.queries.full_text.extracts import shorten
from archive.queries.records import rows
from archive.text.combining import nfc

MOST_CITING = 100
"""Citing articles shown of one number, the earliest: who was first is asked."""
AROUND = 160
"""Characters of the text shown on both sides of the number."""

_NATIONAL = re.compile(
    r"(?:CP|TTg|TW|CTN|BCT|QH\d*|UBTVQH\d*|BTC|BNV|BTNMT|BNNPTNT|BNNMT|BGDĐT|BCA|BQP|BYT|BXD|BTTTT|BVHTTDL|BLĐTBXH|BKHCN|BKHĐT|BGTVT|BTP|BNG)\Z"
)
"""Issuers of whom there is one in the country: the number with its year names one act."""

_DAY = r"(?:,? ?(?:ký )?ngày (?P<day>\d{1,2})(?: ?[/.-] ?| tháng )(?P<month>\d{1,2})(?: ?[/.-] ?| năm )(?P<year>(?:19|20)\d\d)|(?:,? ?(?:ký )?ngày \d{1,2}(?:[/.-]| tháng )\d{1,2}(?!\d)))"
_OF = r"(?:,? của (?P<issuer>[^\W\d_][^,.;:()“”\"\n]{2,120}))"
_BEHIND = re.compile(f"{_DAY}?{_OF}?")
_ENDS = re.compile(r" (?:về|v/v|quy định|phê duyệt|ban hành|công nhận|hướng dẫn|triển khai|và|đã|được|do|là|thì|có|cho|để|trong|tại|nhằm|do|sửa|bổ sung|điều chỉnh|thành lập|công bố|giao|thu hồi)(?: |$)", re.IGNORECASE)  # fmt: skip
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Document:
    """A number with how many articles cite it. ``year`` is that in the number, where it has one."""

    number: str
    issuer: str
    year: int | None
    articles: int

    @property
    def is_national(self) -> bool:
        """Whether one office in the country issues numbers of this form."""
        return _NATIONAL.match(self.issuer) is not None


@dataclass(frozen=True, slots=True)
class Citing:
    """An article that cites the number. ``day`` and ``issuer`` are printed behind it; ``sentence`` is what stands around it."""

    article: int
    title: str | None
    portal: str
    portal_title: str
    province: str | None
    """Of the portal's unit, as it was called then."""
    published: str | None
    first_seen: str
    before: str
    number: str
    after: str
    day: str | None
    issuer: str | None

    @property
    def at(self) -> str:
        return self.published or self.first_seen

    @property
    def year(self) -> int:
        """The act's year where its day is printed, else that of the article."""
        return int((self.day or self.at)[:4])


@dataclass(frozen=True, slots=True)
class Group:
    """Citations that say the same of issuer and year. ``printed`` is false where the place is only that of the citing portal."""

    place: str | None
    year: int
    printed: bool
    citing: list[Citing]


@dataclass(frozen=True, slots=True)
class File:
    """A file that an article which cites the number offers under a name that holds it."""

    article: int
    name: str
    url: str


def normal(number: str) -> str:
    """A number as the archive writes it: ``6/nq-HĐND`` stays, ``006/NQ-HĐND`` and ``6/NQ-HĐND`` are ``06/NQ-HĐND``.

    >>> normal("8.935/QĐ–UBND"), normal("6/NQ-HĐND")
    ('8935/QĐ-UBND', '06/NQ-HĐND')
    """
    bare = nfc(number).strip().replace("–", "-").replace("Ð", "Đ").replace(".", "").lstrip("0")
    return f"0{bare}" if re.match(r"\d[/-]", bare) else bare


def document(conn: sqlite3.Connection, number: str) -> Document | None:
    """The number as it is cited, None where no article does."""
    found = next(rows(conn, "SELECT number, issuer, year, articles FROM document WHERE number = ?", (number,)), None)
    return Document(**found) if found else None


def with_pages(conn: sqlite3.Connection, numbers: Sequence[str]) -> set[str]:
    """Those of an article's numbers that have a page: an older version may cite what no newest one does."""
    known = {number: normal(number) for number in numbers}
    found = {
        row["number"]
        for row in rows(
            conn,
            f"SELECT number FROM document WHERE number IN ({','.join('?' * len(known))})",
            tuple(known.values()),
        )
    }
    return {number for number, written in known.items() if written in found}


def most_cited(
    conn: sqlite3.Connection, *, issuer: str | None = None, year: int | None = None, limit: int = 50
) -> list[Document]:
    """The numbers cited most, of all, or of one issuer and year."""
    where = [name for name, value in (("issuer", issuer), ("year", year)) if value is not None]
    condition = f"WHERE {' AND '.join(f'{name} = ?' for name in where)}" if where else ""
    params = [value for value in (issuer, year) if value is not None]
    found = rows(
        conn,
        f"SELECT number, issuer, year, articles FROM document {condition} ORDER BY articles DESC, number LIMIT ?",
        (*params, limit),
    )
    return [Document(**row) for row in found]


def like(conn: sqlite3.Connection, number: str, limit: int = 8) -> list[Document]:
    """Other numbers that begin with the same figure: ``512/QĐ-UBND`` beside ``512/2024/QĐ-UBND``."""
    figure = re.match(r"\d+[/-]", number)
    if figure is None:
        return []
    begin = figure.group()[:-1]
    found = rows(
        conn,
        "SELECT number, issuer, year, articles FROM document WHERE (number > ?1 AND number < ?2 OR number > ?3 AND number < ?4)"
        " AND number != ?5 ORDER BY articles DESC, number LIMIT ?6",
        (f"{begin}-", f"{begin}.", f"{begin}/", f"{begin}0", number, limit),
    )
    return [Document(**row) for row in found]


def citing(conn: sqlite3.Connection, number: str) -> list[Citing]:
    """The articles that cite a number, the earliest first, undated ones by when they were first seen."""
    found = rows(
        conn,
        """SELECT article.id AS article, article.title, portal.name AS portal, coalesce(portal.title, portal.name) AS portal_title,
                  portal.unit, article.published, article.first_seen,
                  coalesce(article.title, '') || char(10) || coalesce(body.lead || char(10), '') || substr(body.text, 1, 60000) AS text
           FROM citation JOIN article_shown AS article ON article.id = citation.article JOIN body ON body.article = article.id
               JOIN portal ON portal.id = article.portal
           WHERE citation.number = ? ORDER BY coalesce(article.published, article.first_seen), article.id LIMIT ?""",
        (number, MOST_CITING),
    )
    pattern = _spelt(number)
    return [_cited(row.pop("text"), pattern, row) for row in found]


def grouped(found: Sequence[Citing], *, national: bool) -> list[Group]:
    """Citations by issuing place and year: as printed, else by the province of the portal and the article's year."""
    groups: dict[tuple[str | None, int, bool], list[Citing]] = {}
    for one in found:
        printed = one.issuer is not None
        place = None if national else one.issuer or one.province
        groups.setdefault((place, one.year, printed), []).append(one)
    order = sorted(groups.items(), key=lambda item: (item[0][1], not item[0][2], item[0][0] or ""))
    return [Group(place, year, printed, list(citing)) for (place, year, printed), citing in order]


def files(conn: sqlite3.Connection, number: str) -> list[File]:
    """Attachments of the citing articles whose name or address holds the number's figure and kind."""
    figure, _, rest = number.partition("/")
    found = rows(
        conn,
        """SELECT attachment.article, coalesce(attachment.name, attachment.url) AS name, attachment.url
           FROM (SELECT article FROM citation WHERE number = ? LIMIT 200) AS cites JOIN attachment USING (article) LIMIT 400""",
        (number,),
    )
    wanted = re.compile(rf"(?<!\d)0*{re.escape(figure.lstrip('0'))}(?!\d)")
    kind = re.split(r"[/-]", rest)[-2:][0].lower() if rest else ""
    return [
        File(**row)
        for row in found
        if (wanted.search(row["name"]) or wanted.search(row["url"].rsplit("/", 1)[-1]))
        and (not kind or kind in nfc(row["name"]).lower() or kind.replace("đ", "d") in row["url"].lower())
    ]


def _spelt(number: str) -> re.Pattern[str]:
    """The number in a text: noughts before it, a point between thousands, either dash."""
    head = re.match(r"\d+", number)
    figure = head.group().lstrip("0") if head else ""
    thousands = f"{figure[:-3]}\\.?{figure[-3:]}" if len(figure) > 3 else figure
    rest = re.escape(number[len(head.group()) :] if head else number).replace(r"\-", "[-–]")
    return re.compile(rf"(?<![\w./-])0*{thousands}{rest}(?![\w/])")


def _cited(text: str, pattern: re.Pattern[str], row: dict[str, object]) -> Citing:
    text = nfc(text)
    hit = pattern.search(text)
    unit = gazetteer().get(str(row.pop("unit")))
    province = gazetteer().province_of(unit).full_name if unit else None
    make = partial(Citing, **row, province=province)  # type: ignore[arg-type]
    if hit is None:  # in a caption, or beyond what is read
        return make(before="", number="", after="", day=None, issuer=None)
    day, issuer = _behind(_BLANKS.sub(" ", text[hit.end() : hit.end() + 240]))
    before = text[max(0, hit.start() - AROUND) : hit.start()].rpartition("\n")[2]
    after = text[hit.end() : hit.end() + AROUND].partition("\n")[0]
    clipped = before if hit.start() <= AROUND else before.partition(" ")[2]
    return make(before=clipped, number=hit.group(), after=shorten(after, AROUND - 10), day=day, issuer=issuer)


def _behind(text: str) -> tuple[str | None, str | None]:
    """The day and the issuer that are printed right behind a number."""
    found = _BEHIND.match(text)
    if found is None:
        return None, None
    day = None
    if found["day"] and 1 <= int(found["month"]) <= 12 and 1 <= int(found["day"]) <= 31:
        day = f"{found['year']}-{int(found['month']):02d}-{int(found['day']):02d}"
    issuer = found["issuer"]
    return day, _ENDS.split(issuer, maxsplit=1)[0].strip() if issuer else None
