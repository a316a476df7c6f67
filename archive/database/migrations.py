"""The tables of ``archive.db`` as numbered migrations. The file is public: nothing private may get a column here.

`article` is narrow and `body` apart, so that scans and facets touch the small table only. Times are ISO 8601 text,
as in `archive.model`. A migration that was released is never edited; a new one is added below it. Do not use
sqlite-utils' ``transform()`` on tables with triggers: it drops them in silence.
"""

from __future__ import annotations

from base64 import b32decode, b85encode
from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from archive.changes.seen import make_due
from archive.database.older_reasons import code_reasons
from archive.database.percent_encoding import encode_addresses
from archive.database.schema.schema_changes import CHANGES_SEEN
from archive.database.schema.schema_corrections import CORRECTIONS
from archive.database.schema.schema_documents import DOCUMENTS, LOOKED_UP, NAMED_VIEWS, YEARS
from archive.database.schema.schema_evidence import EVIDENCE, FILE_VERSIONS, LOOKS, TEXT_FOR_BLOBS
from archive.database.schema.schema_first import PLACES_AND_PORTALS
from archive.database.schema.schema_imports import IMPORTS
from archive.database.schema.schema_journal import JOURNAL
from archive.database.schema.schema_portals import HEALTH, LINEAGE
from archive.database.schema.schema_search import (
    ALTERED,
    COUNTED_BY_SECTION,
    RUNS_OF_PAIRS,
    SEARCH,
    SEARCH_BY_PASSAGE,
    WHOLE_BATCHES,
)
from archive.database.schema.schema_suspension import SUSPENSION
from archive.rows.article_rows import pack_again
from archive.rows.search_index import add_every_altered, add_pairs

if TYPE_CHECKING:
    from sqlite_utils.db import Database

migrations = Migrations("tinhuyen.archive")

_CAPTURES = (
    """CREATE TABLE capture (
        record_id TEXT PRIMARY KEY,
        file TEXT NOT NULL,
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        url TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        status INTEGER NOT NULL,
        digest TEXT NOT NULL,
        portal TEXT NOT NULL,
        kind TEXT NOT NULL,
        content_type TEXT,
        payload_bytes INTEGER,
        record_type TEXT NOT NULL,
        truncated TEXT,
        secure TEXT NOT NULL,
        article INTEGER REFERENCES article(id)
    )""",
    # Asked by every file that arrives: is this payload already kept?
    "CREATE INDEX capture_digest ON capture(digest)",
    "CREATE INDEX capture_url ON capture(url)",
    "CREATE INDEX capture_article ON capture(article, fetched_at) WHERE article IS NOT NULL",
    "CREATE INDEX capture_portal ON capture(portal, fetched_at)",
    """CREATE TABLE file (
        url TEXT PRIMARY KEY,
        sha256 TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        capture TEXT NOT NULL REFERENCES capture(record_id),
        fetched_at TEXT NOT NULL
    ) WITHOUT ROWID""",
)

_ARTICLES = (
    """CREATE TABLE article_id (
        url_key BLOB PRIMARY KEY,
        id INTEGER NOT NULL UNIQUE,
        canonicaliser INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE article (
        id INTEGER PRIMARY KEY,
        portal INTEGER NOT NULL REFERENCES portal(id),
        section INTEGER REFERENCES section(id),
        title TEXT,
        published TEXT,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        gone_at TEXT,
        revisions INTEGER NOT NULL DEFAULT 0,
        event_date TEXT,
        byline TEXT,
        author TEXT,
        source TEXT,
        views INTEGER,
        url TEXT NOT NULL,
        canonical_url TEXT NOT NULL,
        published_precision TEXT,
        published_source TEXT,
        published_text TEXT,
        modified TEXT,
        modified_precision TEXT,
        modified_source TEXT,
        modified_text TEXT,
        language TEXT,
        family TEXT NOT NULL,
        extractor TEXT NOT NULL,
        capture TEXT NOT NULL REFERENCES capture(record_id),
        first_capture TEXT NOT NULL REFERENCES capture(record_id),
        version_capture TEXT NOT NULL REFERENCES capture(record_id),
        version_seen TEXT NOT NULL,
        content_hash BLOB NOT NULL
    )""",
    "CREATE INDEX article_portal ON article(portal, id)",
    "CREATE INDEX article_published ON article(published)",
    "CREATE INDEX article_portal_published ON article(portal, published)",
    """CREATE TABLE body (
        article INTEGER PRIMARY KEY REFERENCES article(id),
        lead TEXT,
        text TEXT NOT NULL,
        captions TEXT NOT NULL DEFAULT '[]',
        tags TEXT NOT NULL DEFAULT '[]',
        documents TEXT NOT NULL DEFAULT '[]',
        notes TEXT NOT NULL DEFAULT '[]'
    )""",
    """CREATE TABLE image (
        article INTEGER NOT NULL REFERENCES article(id),
        position INTEGER NOT NULL,
        url TEXT NOT NULL,
        caption TEXT,
        PRIMARY KEY (article, position)
    ) WITHOUT ROWID""",
    """CREATE TABLE attachment (
        article INTEGER NOT NULL REFERENCES article(id),
        position INTEGER NOT NULL,
        url TEXT NOT NULL,
        name TEXT,
        sha256 TEXT,
        bytes INTEGER,
        PRIMARY KEY (article, position)
    ) WITHOUT ROWID""",
    "CREATE INDEX attachment_url ON attachment(url)",
    """CREATE TABLE removed (
        article INTEGER NOT NULL REFERENCES article(id),
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        href TEXT,
        PRIMARY KEY (article, position)
    ) WITHOUT ROWID""",
    # Older versions only: the newest one is the article itself. `packed` is made by archive.queries.older_versions.
    """CREATE TABLE revision (
        article INTEGER NOT NULL REFERENCES article(id),
        number INTEGER NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        capture TEXT NOT NULL REFERENCES capture(record_id),
        content_hash BLOB NOT NULL,
        packed BLOB NOT NULL,
        PRIMARY KEY (article, number)
    ) WITHOUT ROWID""",
)

_SUMMARIES = (
    # `month` is yyyymm of publication, 0 for undated; `section` 0 for none. Never by day: the product explodes.
    """CREATE TABLE portal_month (
        portal INTEGER NOT NULL,
        month INTEGER NOT NULL,
        section INTEGER NOT NULL,
        articles INTEGER NOT NULL,
        PRIMARY KEY (portal, month, section)
    ) WITHOUT ROWID""",
    """CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        portal TEXT,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        verdict TEXT,
        pages INTEGER,
        new INTEGER,
        revised INTEGER,
        unchanged INTEGER,
        files INTEGER,
        skipped INTEGER,
        failed INTEGER,
        bytes INTEGER,
        detail TEXT NOT NULL DEFAULT '{}'
    )""",
)


def _base16(label: str) -> str | None:
    """The hexadecimal form of a labelled base32 digest; None for any other."""
    try:
        return b32decode(label.partition(":")[2]).hex()
    except ValueError:
        return None


def _run(db: Database, statements: tuple[str, ...]) -> None:
    # Not executescript(): it commits, and a migration must be able to roll back.
    for statement in statements:
        db.conn.execute(statement)


@migrations()
def m001_portals_and_captures(db: Database) -> None:
    _run(db, PLACES_AND_PORTALS)
    _run(db, _CAPTURES)


@migrations()
def m002_articles(db: Database) -> None:
    _run(db, _ARTICLES)


@migrations()
def m003_summaries(db: Database) -> None:
    _run(db, _SUMMARIES)


@migrations()
def m004_search(db: Database) -> None:
    _run(db, SEARCH)


@migrations()
def m005_portal_lineage(db: Database) -> None:
    _run(db, LINEAGE)


@migrations()
def m006_health(db: Database) -> None:
    _run(db, HEALTH)


@migrations()
def m007_certificates(db: Database) -> None:
    """When the TLS certificate of a portal's host ends."""
    db.conn.execute("ALTER TABLE health ADD COLUMN certificate_ends TEXT")


@migrations()
def m008_text_for_blobs(db: Database) -> None:
    """No table of the public file holds BLOBs any more."""
    db.conn.create_function("base85", 1, lambda packed: b85encode(packed).decode("ascii"), deterministic=True)
    _run(db, TEXT_FOR_BLOBS)


@migrations()
def m009_evidence(db: Database) -> None:
    """The capture whose bytes were read is one thing, the last look another."""
    _run(db, EVIDENCE)


@migrations()
def m010_looks(db: Database) -> None:
    """A look that did not find the article is kept as an observation, with its capture."""
    _run(db, LOOKS)


@migrations()
def m011_file_versions(db: Database) -> None:
    """Files have versions; what a WARC file says better than the database is read from it."""
    db.conn.create_function("base16", 1, _base16, deterministic=True)
    _run(db, FILE_VERSIONS)


@migrations()
def m012_encoded_addresses_and_names_of_files(db: Database) -> None:
    """Addresses of attachments and pictures as they are fetched, so that they meet their files; what servers call files."""
    db.conn.execute("ALTER TABLE file ADD COLUMN name TEXT")
    encode_addresses(db.conn)


@migrations()
def m013_reason_codes(db: Database) -> None:
    """Why pages were skipped, by code: a reader's language has its own words for each."""
    code_reasons(db.conn)


@migrations()
def m014_theme_checks(db: Database) -> None:
    """Where a portal's learnt theme and its software's selectors read otherwise."""
    db.conn.execute(
        """CREATE TABLE theme_check (
            portal TEXT PRIMARY KEY,
            at TEXT NOT NULL,
            family TEXT NOT NULL,
            compared INTEGER NOT NULL,
            differs TEXT NOT NULL
        ) WITHOUT ROWID"""
    )


@migrations()
def m015_journal(db: Database) -> None:
    """What became of articles, in the order it was kept: another database follows by it."""
    _run(db, JOURNAL)


@migrations()
def m016_suspension(db: Database) -> None:
    """Articles that were taken down leave a tombstone; their rows lie in the private file."""
    _run(db, SUSPENSION)


@migrations()
def m018_imports(db: Database) -> None:
    """WARC files whose records others captured, and the articles of which nothing else is held."""
    _run(db, IMPORTS)


@migrations()
def m019_search_by_passage(db: Database) -> None:
    """Pairs of syllables find passages (`m027_runs_of_pairs` fills their index), narrow rows count facets."""
    _run(db, SEARCH_BY_PASSAGE)


@migrations()
def m020_redo(db: Database) -> None:
    """By series of WARC files the last redo record whose transaction was committed: see `archive.redo`."""
    db.conn.execute("CREATE TABLE redo (series TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID")


@migrations()
def m021_erasure(db: Database) -> None:
    """When what a tombstone stands for was erased from the WARC files, too."""
    db.conn.execute("ALTER TABLE suspended ADD COLUMN erased TEXT")


@migrations()
def m022_masking(db: Database) -> None:
    """Whether private numbers are masked in what is kept: a row says so."""
    db.conn.execute("CREATE TABLE masking (is_on INTEGER PRIMARY KEY)")


@migrations()
def m023_changes_seen(db: Database) -> None:
    """Changes as lists show them, a row each; those that were seen before this, too."""
    _run(db, CHANGES_SEEN)
    make_due(db.conn)


@migrations()
def m024_documents_and_named_views(db: Database) -> None:
    """Who cites which document; views with the names of portals and sections."""
    _run(db, (*DOCUMENTS, *YEARS, *LOOKED_UP, *NAMED_VIEWS))


@migrations()
def m025_corrections(db: Database) -> None:
    """What a person says of an article stands beside what was read; lists and search show it."""
    _run(db, CORRECTIONS)


@migrations()
def m026_whole_batches(db: Database) -> None:
    """The full-text indexes write a batch of articles at once."""
    _run(db, WHOLE_BATCHES)


@migrations()
def m027_runs_of_pairs(db: Database) -> None:
    """The index of pairs knows their places; made anew of the articles that are there."""
    _run(db, RUNS_OF_PAIRS)
    for (identifier,) in db.conn.execute("SELECT id FROM article ORDER BY id").fetchall():
        add_pairs(db.conn, identifier)


@migrations()
def m028_counted_by_section(db: Database) -> None:
    """Articles of a section are counted in an index."""
    _run(db, COUNTED_BY_SECTION)


@migrations()
def m029_versions_beside_their_neighbours(db: Database) -> None:
    """Older versions lean on all of their newer neighbour, no more on its words alone."""
    for (identifier,) in db.conn.execute("SELECT id FROM article WHERE revisions > 0 ORDER BY id").fetchall():
        pack_again(db.conn, identifier)


@migrations()
def m030_altered(db: Database) -> None:
    """What was changed, removed or put back has an index of its own."""
    _run(db, ALTERED)
    add_every_altered(db.conn)


MIGRATION_NAMES = frozenset(name for name in globals() if name.startswith("m0"))
"""Every migration this version knows; a file that has others was made by a newer one."""
