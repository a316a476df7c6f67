"""Suspended articles: what is left of them in the public file. Their rows lie in the private one, see `archive.suspension`."""

from __future__ import annotations

SUSPENSION = (
    # The tombstone, as readers see it.
    """CREATE TABLE suspended (
        article INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        reason TEXT NOT NULL
    )""",
    # Hashes alone (`archive.ids.url_key`): an address may tell what the article was about. What a crawl brings from
    # there is kept aside.
    """CREATE TABLE suspended_address (
        key TEXT PRIMARY KEY,
        article INTEGER NOT NULL
    ) WITHOUT ROWID""",
    # `leaf` is the capture's hash in the log of captures (hex), which goes on holding it.
    """CREATE TABLE suspended_capture (
        record_id TEXT PRIMARY KEY,
        article INTEGER NOT NULL,
        leaf TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX suspended_address_article ON suspended_address (article)",
    "CREATE INDEX suspended_capture_article ON suspended_capture (article)",
    # An article that comes back is no new one: its journal line is written by who brings it back.
    "DROP TRIGGER journal_new",
    """CREATE TRIGGER journal_new AFTER INSERT ON article
       WHEN NOT EXISTS (SELECT 1 FROM suspended WHERE article = new.id) BEGIN
        INSERT INTO journal(article, what, at, url) VALUES (new.id, 'new', new.first_seen, new.url);
    END""",
)
