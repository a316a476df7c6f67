"""Statements of the migrations that took evidence and looks apart and gave files versions: `archive.database.migrations` runs them.

An archive made before is mended by them as far as its database can say; `archive.database.mend` reads the rest from its WARC files.
"""

from __future__ import annotations

# Datasette's CSV of a table ends at its first BLOB: keys and hashes are hexadecimal text, packed versions base85 (a
# quarter longer). `article` cannot be made anew, since rows elsewhere refer to it.
TEXT_FOR_BLOBS = (
    "ALTER TABLE article ADD COLUMN hash_text TEXT NOT NULL DEFAULT ''",
    "UPDATE article SET hash_text = lower(hex(content_hash))",
    "ALTER TABLE article DROP COLUMN content_hash",
    "ALTER TABLE article RENAME COLUMN hash_text TO content_hash",
    """CREATE TABLE article_id_text (
        url_key TEXT PRIMARY KEY,
        id INTEGER NOT NULL UNIQUE,
        canonicaliser INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "INSERT INTO article_id_text SELECT lower(hex(url_key)), id, canonicaliser FROM article_id",
    "DROP TABLE article_id",
    "ALTER TABLE article_id_text RENAME TO article_id",
    # Older versions only: the newest one is the article itself. `packed` is made by archive.queries.older_versions.
    """CREATE TABLE revision_text (
        article INTEGER NOT NULL REFERENCES article(id),
        number INTEGER NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        capture TEXT NOT NULL REFERENCES capture(record_id),
        content_hash TEXT NOT NULL,
        packed TEXT NOT NULL,
        PRIMARY KEY (article, number)
    ) WITHOUT ROWID""",
    """INSERT INTO revision_text SELECT article, number, first_seen, last_seen, capture, lower(hex(content_hash)),
           base85(packed) FROM revision""",
    "DROP TABLE revision",
    "ALTER TABLE revision_text RENAME TO revision",
)

# An article's `capture` is the one whose bytes were read. Before, it was the last look, a 304 too.
EVIDENCE = (
    """UPDATE article SET capture = coalesce(
           (SELECT record_id FROM capture AS read WHERE read.article = article.id AND read.status = 200
                AND read.fetched_at >= article.version_seen ORDER BY read.fetched_at DESC LIMIT 1),
           version_capture)
       WHERE (SELECT status FROM capture WHERE record_id = article.capture) IS NOT 200""",
    """UPDATE article SET first_capture = coalesce(
           (SELECT record_id FROM capture AS read WHERE read.article = article.id AND read.status = 200
                ORDER BY read.fetched_at LIMIT 1), version_capture)
       WHERE (SELECT status FROM capture WHERE record_id = article.first_capture) IS NOT 200""",
    """UPDATE revision SET capture = coalesce(
           (SELECT record_id FROM capture AS read WHERE read.article = revision.article AND read.status = 200
                AND read.fetched_at <= revision.first_seen ORDER BY read.fetched_at DESC LIMIT 1),
           (SELECT first_capture FROM article WHERE id = revision.article))
       WHERE (SELECT status FROM capture WHERE record_id = revision.capture) IS NOT 200""",
    # What came again byte by byte is shown by the response that holds the bytes.
    """UPDATE article SET capture = coalesce(
           (SELECT held.record_id FROM capture AS held, capture AS again WHERE again.record_id = article.capture
                AND held.article = article.id AND held.digest = again.digest AND held.record_type = 'response'
                AND held.fetched_at >= article.version_seen ORDER BY held.fetched_at LIMIT 1),
           capture)
       WHERE (SELECT record_type FROM capture WHERE record_id = article.capture) = 'revisit'""",
    # A 304 has no payload; the hash of nothing stood in its place.
    "UPDATE capture SET digest = '' WHERE status = 304 AND record_type = 'revisit'",
)

LOOKS = (
    "ALTER TABLE article ADD COLUMN last_checked TEXT NOT NULL DEFAULT ''",
    # Looks that did not find what is kept. `article` is null for a file; `found` is a word of archive.model.
    """CREATE TABLE observation (
        capture TEXT PRIMARY KEY REFERENCES capture(record_id),
        article INTEGER REFERENCES article(id),
        url TEXT NOT NULL,
        at TEXT NOT NULL,
        status INTEGER NOT NULL,
        found TEXT NOT NULL
    ) WITHOUT ROWID""",
    # What an earlier version saw and did not keep as such: the article's own address answered, and showed no article.
    """INSERT INTO observation
       SELECT record_id, article.id, capture.url, fetched_at, status, iif(status = 200, 'other page', 'missing')
       FROM article CROSS JOIN capture ON capture.url = article.url
       WHERE capture.article IS NULL AND kind = 'page' AND truncated IS NULL AND fetched_at > article.first_seen
           AND status IN (200, 404, 410)""",
    "CREATE INDEX observation_article ON observation(article, at) WHERE article IS NOT NULL",
    "CREATE INDEX observation_url ON observation(url, at)",
    """UPDATE article SET last_checked =
           max(last_seen, coalesce((SELECT max(at) FROM observation WHERE observation.article = article.id), ''),
               coalesce(gone_at, ''))""",
    "CREATE INDEX article_not_seen ON article(portal) WHERE last_checked > last_seen",
)

FILE_VERSIONS = (
    "ALTER TABLE file ADD COLUMN last_seen TEXT NOT NULL DEFAULT ''",
    "UPDATE file SET last_seen = fetched_at",
    # How many looks in a row brought other bytes than the one before.
    "ALTER TABLE file ADD COLUMN changes INTEGER NOT NULL DEFAULT 0",
    # What an address gave before: what it gave last stands in `file`.
    """CREATE TABLE file_revision (
        url TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        capture TEXT NOT NULL REFERENCES capture(record_id),
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        PRIMARY KEY (url, sha256)
    ) WITHOUT ROWID""",
    # A payload's hash is the file's only where the server sends it as it is, as the newest capture shows.
    """INSERT INTO file_revision
       SELECT file.url, base16(older.digest), older.payload_bytes, older.record_id, older.fetched_at, older.fetched_at
       FROM file JOIN capture AS newest ON newest.record_id = file.capture
           JOIN capture AS older ON older.url = file.url
       WHERE base16(newest.digest) = file.sha256 AND older.digest != newest.digest AND older.status = 200
           AND older.record_type = 'response' AND older.truncated IS NULL AND older.kind = newest.kind
           AND older.payload_bytes IS NOT NULL
       ON CONFLICT DO NOTHING""",
    # Captures whose label is still to be read from their WARC file by archive.database.mend.
    "CREATE TABLE mending (capture TEXT PRIMARY KEY REFERENCES capture(record_id)) WITHOUT ROWID",
    "INSERT INTO mending SELECT record_id FROM capture WHERE secure = 'unverified' AND url LIKE 'https:%'",
)
