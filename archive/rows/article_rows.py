"""The rows of one article: written whole, replaced, put aside as an older version.

Only `archive.store` calls these, inside a transaction; the index and the monthly summary move with every change.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from itertools import pairwise
from operator import attrgetter
from typing import Any

from archive.model import Article, Attachment, Capture, Image, PrintedDate, Removed
from archive.queries import records as reading
from archive.queries.older_versions import article_from_dict, content_hash, pack
from archive.queries.records import Version
from archive.queries.standing_corrections import corrections, value_of
from archive.rows import search_index as index
from archive.text import file_names

_ARTICLE_COLUMNS = (
    "section", "title", "published", "published_precision", "published_source", "published_text", "modified",
    "modified_precision", "modified_source", "modified_text", "event_date", "byline", "author", "source", "views",
    "url", "canonical_url", "language", "family", "extractor", "content_hash",
)  # fmt: skip
_INSERT = f"""INSERT INTO article(
    {", ".join(_ARTICLE_COLUMNS)},
    id, portal, first_seen, last_seen, last_checked, capture, first_capture, version_capture, version_seen, imported
) VALUES ({", ".join("?" * (len(_ARTICLE_COLUMNS) + 9))}, EXISTS (SELECT 1 FROM import_file WHERE file = ?))"""
_UPDATE = f"UPDATE article SET {', '.join(f'{name} = ?' for name in _ARTICLE_COLUMNS)} WHERE id = ?"

# U+0000 ends a text for some of SQLite's functions, and a lone surrogate (JSON-LD can hold one) has no UTF-8.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


_as_json = json.JSONEncoder(ensure_ascii=False).encode


def storable(article: Article) -> Article:
    """The article with what SQLite cannot hold as U+FFFD; itself where that is nothing, as nearly always."""
    if _is_storable("\n".join(_strings(article))):
        return article
    return article_from_dict(_mended(asdict(article)))


def _is_storable(text: str) -> bool:
    try:
        text.encode()  # fails on a surrogate, in a tenth of the expression's time
    except UnicodeEncodeError:
        return False
    return "\0" not in text


_FIELDS = {kind: attrgetter(*(field.name for field in fields(kind))) for kind in (Article, PrintedDate, Attachment, Image, Removed)}  # fmt: skip


def _strings(article: Article) -> Iterator[str]:
    waiting: list[Any] = [article]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            waiting.extend(value)
        elif type(value) in _FIELDS:
            waiting.extend(_FIELDS[type(value)](value))


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {key: _mended(item) for key, item in value.items()}
    return value


def insert(
    conn: sqlite3.Connection, identifier: int, article: Article, section: int | None, capture: Capture, portal: int
) -> None:
    """Write a new article, first seen by that capture; it is still to be indexed."""
    record, seen = capture.record_id, capture.fetched_at
    conn.execute(
        _INSERT, (*_values(article, section), identifier, portal, *[seen] * 3, *[record] * 3, seen, capture.file)
    )
    _insert_parts(conn, identifier, article, {})


def replace_text(conn: sqlite3.Connection, identifier: int, article: Article, section: int | None) -> None:
    """Let the article stand as given; when and by which capture it was seen is not touched, nor are its files' digests."""
    files = conn.execute("SELECT url, sha256, bytes FROM attachment WHERE article = ?", (identifier,)).fetchall()
    index.remove(conn, identifier)
    for table in ("body", "image", "attachment", "removed"):
        conn.execute(f"DELETE FROM {table} WHERE article = ?", (identifier,))
    conn.execute(_UPDATE, (*_values(article, section), identifier))
    _insert_parts(conn, identifier, article, {file[0]: (file[1], file[2]) for file in files})
    index.add(conn, [identifier])


def section_id(conn: sqlite3.Connection, name: str) -> int:
    """The number of a section, given when it is met first."""
    conn.execute("INSERT INTO section(name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
    return int(conn.execute("SELECT id FROM section WHERE name = ?", (name,)).fetchone()[0])


def read_otherwise(
    conn: sqlite3.Connection, row: dict[str, Any], article: Article, section: int | None, at: str
) -> None:
    """Let the version that stands be read anew from its bytes, and tell who follows ``at`` what time it was.."""
    conn.execute(
        "INSERT INTO journal(article, what, at, url) VALUES (?, 'read again', ?, ?)", (row["id"], at, row["url"])
    )
    _stand_otherwise(conn, row, article, section)


def _stand_otherwise(conn: sqlite3.Connection, row: dict[str, Any], article: Article, section: int | None) -> None:
    """Let the version that stands be another reading; the one before it, which leans on it, is packed again."""
    before = reading.versions_of(conn, row)[-2:-1] if row["revisions"] else []
    replace_text(conn, row["id"], article, section)
    for version in before:
        conn.execute("DELETE FROM revision WHERE article = ? AND number = ?", (row["id"], version.number))
        _put_aside(conn, row["id"], version, _as_it_stands(conn, row["id"]))


def _as_it_stands(conn: sqlite3.Connection, identifier: int) -> Article:
    """The newest version as it will be read back, which is what its older neighbour has to lean on."""
    article = reading.article(conn, identifier)
    assert article is not None, "an article that was just written"
    return article


def pack_again(conn: sqlite3.Connection, identifier: int) -> None:
    """Pack every older version of an article anew, in the form of this version of the software."""
    known = reading.versions(conn, identifier)
    conn.executemany(
        "UPDATE revision SET packed = ? WHERE article = ? AND number = ?",
        [
            (pack(version.article, version.number, newer.article), identifier, version.number)
            for version, newer in pairwise(known)
        ],
    )


def withdraw(conn: sqlite3.Connection, identifier: int) -> None:
    """Take out an article whose page turned out to be none. Its captures stay, as those of a page; so does its id."""
    index.remove(conn, identifier)
    conn.execute("UPDATE capture SET article = NULL WHERE article = ?", (identifier,))
    conn.execute("UPDATE observation SET article = NULL WHERE article = ?", (identifier,))
    for table in ("body", "image", "attachment", "removed", "corrected"):
        conn.execute(f"DELETE FROM {table} WHERE article = ?", (identifier,))
    conn.execute("DELETE FROM article WHERE id = ?", (identifier,))


def order_as_known(conn: sqlite3.Connection, row: dict[str, Any], article: Article) -> None:
    """Put tags and attachments that are those of the version that stands into its order: many portals list them in any."""
    if row["content_hash"] == content_hash(article):
        return
    known = reading.article_from_row(conn, row)
    if article.tags != known.tags and sorted(article.tags) == sorted(known.tags):
        article.tags = known.tags
    place = {file.url: nth for nth, file in enumerate(known.attachments)}
    if sorted(place) == sorted(file.url for file in article.attachments):
        article.attachments.sort(key=lambda file: place[file.url])


def revise(
    conn: sqlite3.Connection, row: dict[str, Any], article: Article, section: int | None, capture: Capture
) -> None:
    """Put the text that stands aside as an older version and let the new one stand from this capture on."""
    _end_corrections(conn, row, article, capture.fetched_at)
    number = row["revisions"] + 1
    older = Version(
        number, row["version_seen"], max(row["version_seen"], row["last_seen"]), row["capture"], row["content_hash"],
        reading.article_from_row(conn, row),
    )  # fmt: skip
    replace_text(conn, row["id"], article, section)
    _put_aside(conn, row["id"], older, _as_it_stands(conn, row["id"]))
    conn.execute(
        "UPDATE article SET revisions = ?, version_seen = ?, version_capture = ?, capture = ? WHERE id = ?",
        (number, capture.fetched_at, capture.record_id, capture.record_id, row["id"]),
    )


def _end_corrections(conn: sqlite3.Connection, row: dict[str, Any], article: Article, at: str) -> None:
    """A version comes: corrections of fields in which its page says something else do not apply from here on."""
    made = [one for one in corrections(conn, row["id"]) if one.ended is None]
    if not made:
        return  # nearly always
    before = reading.article_from_row(conn, row)
    over = [one.field for one in made if value_of(before, one.field) != value_of(article, one.field)]
    conn.executemany(
        "UPDATE correction SET ended = ? WHERE article = ? AND field = ?", [(at, row["id"], field) for field in over]
    )


def replace_file(
    conn: sqlite3.Connection, identifier: int, url: str, sha256: str, size: int, at: str, until: str
) -> None:
    """Put the version that stands aside, with the file it offered at ``url``, and let one with the new file stand since
    ``at``. ``until`` is when the old file was seen last."""
    row = reading.article_row(conn, identifier)
    assert row is not None, "an attachment's article is there: a foreign key holds it"
    article, number = reading.article_from_row(conn, row), row["revisions"] + 1
    seen = row["version_seen"], max(row["version_seen"], min(row["last_seen"], until))
    # the page may have been read since the old file was seen: then an earlier reading stands for the version
    capture = _read_before(conn, identifier, f"{seen[1]}~") or row["capture"]
    _put_aside(conn, identifier, Version(number, *seen, capture, row["content_hash"], article), article)
    conn.execute(
        "UPDATE attachment SET sha256 = ?, bytes = ? WHERE article = ? AND url = ?", (sha256, size, identifier, url)
    )
    conn.execute("UPDATE article SET revisions = ?, version_seen = ? WHERE id = ?", (number, at, identifier))


def refresh(conn: sqlite3.Connection, row: dict[str, Any], article: Article, section: int | None) -> None:
    """The text is the same: keep what else moves, the counter of views and the modification date."""
    if row["extractor"] != article.extractor:
        _stand_otherwise(conn, row, article, section)
        return
    conn.execute(
        """UPDATE article SET views = ?, modified = ?, modified_precision = ?, modified_source = ?, modified_text = ?
           WHERE id = ?""",
        (article.views, *_printed(article.modified), row["id"]),
    )


def insert_late(conn: sqlite3.Connection, row: dict[str, Any], article: Article, capture: Capture) -> bool:
    """Give a text that was captured before the newest one its place in the history; False when it is there already.

    Rare (archives merged, files imported out of order), so the whole history is packed anew.
    """
    known = reading.versions(conn, row["id"])
    made = Version(0, capture.fetched_at, capture.fetched_at, capture.record_id, content_hash(article), article)
    place = sum(version.first_seen <= made.first_seen for version in known)
    before, after = known[place - 1 : place], known[place : place + 1]
    changed, began = False, row["version_capture"]
    if before and before[0].content_hash == made.content_hash:
        before[0].last_seen = max(before[0].last_seen, made.last_seen)
    elif after and after[0].content_hash == made.content_hash:
        after[0].first_seen = made.first_seen
        began = made.record_id if after[0] is known[-1] else began
    else:
        again = []
        if before and before[0].last_seen > made.first_seen:
            # Seen before and after this one: what stood came back.
            again = [replace(before[0], first_seen=before[0].last_seen)]
            before[0].last_seen = made.first_seen
            before[0].record_id = _read_before(conn, row["id"], made.first_seen) or before[0].record_id
            began = again[0].record_id if before[0] is known[-1] else began
        known[place:place] = [made, *again]
        changed = True
    _rewrite_history(conn, row["id"], known, began)
    return changed


def _read_before(conn: sqlite3.Connection, identifier: int, at: str) -> str | None:
    """The last capture before ``at`` whose bytes showed the article."""
    row = conn.execute(
        """SELECT record_id FROM capture WHERE article = ? AND status IN (0, 200) AND fetched_at < ?
           ORDER BY fetched_at DESC LIMIT 1""",
        (identifier, at),
    ).fetchone()
    return row[0] if row else None


def see(conn: sqlite3.Connection, identifier: int, capture: Capture) -> None:
    """A capture, a 304 too, showed the article: widen the time it was seen, and take back that it was gone."""
    at = capture.fetched_at
    conn.execute(  # the archive's first own look at what it had through others: from here on its times are its own
        """UPDATE article SET imported = 0, first_seen = ?1, last_seen = ?1, last_checked = ?1, first_capture = ?2
           WHERE id = ?3 AND imported AND NOT EXISTS (SELECT 1 FROM import_file WHERE file = ?4)""",
        (at, capture.record_id, identifier, capture.file),
    )
    conn.execute("UPDATE article SET last_seen = ? WHERE id = ? AND last_seen < ?", (at, identifier, at))
    check(conn, identifier, at)
    conn.execute("UPDATE article SET gone_at = NULL WHERE id = ? AND gone_at < ?", (identifier, at))


def check(conn: sqlite3.Connection, identifier: int, at: str) -> None:
    """The article was looked for, whatever was found."""
    conn.execute("UPDATE article SET last_checked = ?1 WHERE id = ?2 AND last_checked < ?1", (at, identifier))


def read(conn: sqlite3.Connection, identifier: int, capture: Capture) -> None:
    """The version that stands was read from a capture; the same bytes again leave the one that showed them first."""
    conn.execute(
        """UPDATE article SET capture = ?1 WHERE id = ?2
           AND ?3 != (SELECT digest FROM capture WHERE record_id = article.capture)""",
        (capture.record_id, identifier, capture.digest),
    )


def begin(conn: sqlite3.Connection, identifier: int, capture: Capture) -> None:
    """A capture may be earlier than the first one known."""
    conn.execute(
        "UPDATE article SET first_seen = ?1, first_capture = ?2 WHERE id = ?3 AND first_seen > ?1",
        (capture.fetched_at, capture.record_id, identifier),
    )


def _rewrite_history(conn: sqlite3.Connection, identifier: int, known: list[Version], began: str) -> None:
    """Write the versions anew; ``began`` is the first capture of the newest."""
    conn.execute("DELETE FROM revision WHERE article = ?", (identifier,))
    for number, (version, newer) in enumerate(pairwise(known), start=1):
        _put_aside(conn, identifier, replace(version, number=number), newer.article)
    newest = known[-1]
    conn.execute(
        "UPDATE article SET revisions = ?, version_seen = ?, version_capture = ? WHERE id = ?",
        (len(known) - 1, newest.first_seen, began, identifier),
    )


def _put_aside(conn: sqlite3.Connection, identifier: int, version: Version, newer: Article) -> None:
    conn.execute(
        """INSERT INTO revision(article, number, first_seen, last_seen, capture, content_hash, packed)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (identifier, version.number, version.first_seen, version.last_seen, version.record_id, version.content_hash,
         pack(version.article, version.number, newer)),
    )  # fmt: skip


def _printed(printed: PrintedDate | None) -> tuple[str | None, str | None, str | None, str | None]:
    if printed is None:
        return None, None, None, None
    return printed.value, printed.precision, printed.source, printed.text


def _values(article: Article, section: int | None) -> tuple[Any, ...]:
    """In the order of `_ARTICLE_COLUMNS`."""
    return (
        section, article.title, *_printed(article.published), *_printed(article.modified), article.event_date,
        article.byline, article.author, article.source, article.views, article.url, article.canonical_url,
        article.language, article.family, article.extractor, content_hash(article),
    )  # fmt: skip


def _insert_parts(
    conn: sqlite3.Connection, identifier: int, article: Article, files: dict[str, tuple[str | None, int | None]]
) -> None:
    """Write what an article consists of; ``files`` are digests and sizes that its attachments have already."""
    lists = (article.captions, article.tags, article.documents, article.notes)
    conn.execute(
        "INSERT INTO body(article, lead, text, captions, tags, documents, notes) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (identifier, article.lead, article.text, *(_as_json(values) if values else "[]" for values in lists)),
    )
    conn.executemany(
        "INSERT INTO image(article, position, url, caption) VALUES (?, ?, ?, ?)",
        [(identifier, at, image.url, image.caption) for at, image in enumerate(article.images)],
    )
    conn.executemany(
        """INSERT INTO attachment(article, position, url, name, sha256, bytes) VALUES (?1, ?2, ?3, ?4,
             coalesce(?7, (SELECT sha256 FROM file WHERE url = ?3), ?5),
             coalesce(?8, (SELECT bytes FROM file WHERE url = ?3), ?6))""",
        [
            (identifier, at, file.url, file.name, file.sha256, file.bytes, *files.get(file.url, (None, None)))
            for at, file in enumerate(article.attachments)
        ],
    )
    if any(file.name is None for file in article.attachments):
        file_names.fill(conn, identifier)
    conn.executemany(
        "INSERT INTO removed(article, position, kind, text, href) VALUES (?, ?, ?, ?, ?)",
        [(identifier, at, piece.kind, piece.text, piece.href) for at, piece in enumerate(article.removed)],
    )
