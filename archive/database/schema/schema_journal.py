"""The journal: what became of articles, in the order it was kept. Triggers write it, so that no way of keeping misses it."""

from __future__ import annotations

JOURNAL = (
    # `seq` only rises, whatever is deleted: it is the cursor that another database follows by.
    """CREATE TABLE journal (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        article INTEGER NOT NULL,
        what TEXT NOT NULL,
        at TEXT NOT NULL,
        url TEXT NOT NULL
    )""",
    "CREATE INDEX journal_article ON journal (article, seq)",
    "INSERT INTO journal(article, what, at, url) SELECT id, 'new', first_seen, url FROM article ORDER BY first_seen, id",
    """INSERT INTO journal(article, what, at, url)
       SELECT id, 'changed', version_seen, url FROM article WHERE revisions > 0 ORDER BY version_seen, id""",
    """INSERT INTO journal(article, what, at, url)
       SELECT id, 'removed', gone_at, url FROM article WHERE gone_at IS NOT NULL ORDER BY gone_at, id""",
    """CREATE TRIGGER journal_new AFTER INSERT ON article BEGIN
        INSERT INTO journal(article, what, at, url) VALUES (new.id, 'new', new.first_seen, new.url);
    END""",
    """CREATE TRIGGER journal_changed AFTER UPDATE OF revisions ON article WHEN new.revisions > old.revisions BEGIN
        INSERT INTO journal(article, what, at, url) VALUES (new.id, 'changed', new.version_seen, new.url);
    END""",
    """CREATE TRIGGER journal_removed AFTER UPDATE OF gone_at ON article
       WHEN old.gone_at IS NULL AND new.gone_at IS NOT NULL BEGIN
        INSERT INTO journal(article, what, at, url) VALUES (new.id, 'removed', new.gone_at, new.url);
    END""",
    """CREATE TRIGGER journal_returned AFTER UPDATE OF gone_at ON article
       WHEN old.gone_at IS NOT NULL AND new.gone_at IS NULL BEGIN
        INSERT INTO journal(article, what, at, url) VALUES (new.id, 'returned', new.last_seen, new.url);
    END""",
    """CREATE TRIGGER journal_withdrawn AFTER DELETE ON article BEGIN
        INSERT INTO journal(article, what, at, url)
        VALUES (old.id, 'withdrawn', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), old.url);
    END""",
)
