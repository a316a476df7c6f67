"""Changes as lists show them: a row each, made once when it is seen and not each time it is shown.

Triggers note whose rows are due, so that no way of keeping an article misses them; `archive.changes.seen` makes the rows.
"""

from __future__ import annotations

_DUE = "INSERT INTO change_due(article) VALUES ({id}) ON CONFLICT DO NOTHING"

CHANGES_SEEN = (
    # `portal` and `version` as in `article` and `revision`; `kinds` between commas, so that one is found by LIKE;
    # `before` and `after` of the largest spot. `pair` tells whether both versions are those the row was made of.
    """CREATE TABLE change_seen (
        id INTEGER PRIMARY KEY,
        article INTEGER NOT NULL,
        portal INTEGER NOT NULL,
        what TEXT NOT NULL,
        at TEXT NOT NULL,
        seen_before TEXT NOT NULL,
        version INTEGER,
        kinds TEXT NOT NULL DEFAULT '',
        spelling INTEGER NOT NULL DEFAULT 0,
        spots INTEGER NOT NULL DEFAULT 0,
        characters INTEGER NOT NULL DEFAULT 0,
        field TEXT,
        before TEXT NOT NULL DEFAULT '',
        after TEXT NOT NULL DEFAULT '',
        same_rules INTEGER NOT NULL DEFAULT 1,
        pair TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX change_seen_what ON change_seen(what, spelling, at, id)",
    "CREATE INDEX change_seen_portal ON change_seen(portal, what, spelling, at, id)",
    "CREATE INDEX change_seen_article ON change_seen(article)",
    "CREATE TABLE change_due (article INTEGER PRIMARY KEY)",
    """INSERT INTO change_due SELECT id FROM article
        WHERE revisions > 0 OR gone_at IS NOT NULL
            OR EXISTS (SELECT 1 FROM observation WHERE observation.article = article.id)""",
    f"""CREATE TRIGGER change_of_version AFTER UPDATE OF revisions ON article BEGIN
        {_DUE.format(id="new.id")};
    END""",
    f"""CREATE TRIGGER change_of_reading AFTER UPDATE OF extractor, content_hash ON article WHEN new.revisions > 0 BEGIN
        {_DUE.format(id="new.id")};
    END""",
    f"""CREATE TRIGGER change_of_presence AFTER UPDATE OF gone_at ON article WHEN new.gone_at IS NOT old.gone_at BEGIN
        {_DUE.format(id="new.id")};
    END""",
    # seen again after looks that did not find it
    f"""CREATE TRIGGER change_of_sight AFTER UPDATE OF last_seen ON article WHEN old.last_checked > old.last_seen BEGIN
        {_DUE.format(id="new.id")};
    END""",
    f"""CREATE TRIGGER change_by_look AFTER INSERT ON observation WHEN new.article IS NOT NULL BEGIN
        {_DUE.format(id="new.article")};
    END""",
    f"""CREATE TRIGGER change_brought_back AFTER INSERT ON article WHEN new.revisions > 0 OR new.gone_at IS NOT NULL BEGIN
        {_DUE.format(id="new.id")};
    END""",
    """CREATE TRIGGER change_taken_out AFTER DELETE ON article BEGIN
        DELETE FROM change_seen WHERE article = old.id;
        DELETE FROM change_due WHERE article = old.id;
    END""",
)
