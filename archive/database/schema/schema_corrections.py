"""Corrections: what a person says of an article instead of what was read; rows that were read stay as they are.

`corrected` is derived from it (`archive.rows.search_index`): of each article with a correction that stands what lists and search
show and sort by, all of it, so that a view needs one look by key. Nearly every article has no row there.
"""

from __future__ import annotations

from archive.database.schema.schema_documents import NAMED_VIEWS

_DAY = "coalesce(CAST(replace(substr({published} || '-01', 1, 10), '-', '') AS INTEGER), 0)"
SHOWN_DAY = _DAY.format(published="published")
_STATE = f"""new.portal, coalesce(new.section, 0), {_DAY.format(published="new.published")},
    new.revisions > 0, new.gone_at IS NOT NULL"""


def _shown(table: str, column: str) -> str:
    return f"iif(corrected.article IS NULL, {table}.{column}, corrected.{column})"


CORRECTIONS = (
    # No key to article: a word stays for an article that is taken out, and holds again when it comes back. Values are JSON.
    # `read` is what was read when it was made, `made` since when the version stood of which it was said, `ended` when a later
    # version came whose page says something else in that field.
    """CREATE TABLE correction (
        article INTEGER NOT NULL,
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        read TEXT NOT NULL,
        reason TEXT NOT NULL,
        at TEXT NOT NULL,
        who TEXT,
        made TEXT NOT NULL,
        ended TEXT,
        PRIMARY KEY (article, field)
    ) WITHOUT ROWID""",
    """CREATE TABLE corrected (
        article INTEGER PRIMARY KEY,
        title TEXT,
        lead TEXT,
        section INTEGER,
        byline TEXT,
        author TEXT,
        published TEXT,
        published_precision TEXT
    )""",
    f"""CREATE VIEW article_shown AS
        SELECT article.id AS id, article.portal AS portal, article.url AS url, {_shown("article", "title")} AS title,
            {_shown("article", "section")} AS section, {_shown("article", "byline")} AS byline,
            {_shown("article", "author")} AS author, article.source AS source,
            {_shown("article", "published")} AS published,
            {_shown("article", "published_precision")} AS published_precision,
            article.first_seen AS first_seen, article.last_seen AS last_seen, article.last_checked AS last_checked,
            article.gone_at AS gone_at, article.revisions AS revisions, article.capture AS capture,
            article.first_capture AS first_capture
        FROM article LEFT JOIN corrected ON corrected.article = article.id""",
    "DROP VIEW article_text",
    f"""CREATE VIEW article_text AS
        SELECT article.id AS id,
            coalesce({_shown("article", "title")}, '') AS title,
            coalesce({_shown("body", "lead")} || char(10, 10), '') || body.text
                || CASE body.captions WHEN '[]' THEN ''
                   ELSE char(10, 10) || (SELECT group_concat(value, char(10)) FROM json_each(body.captions)) END
                || coalesce(char(10, 10) || {_shown("article", "byline")}, '') AS body,
            'p' || article.portal || ' s' || coalesce({_shown("article", "section")}, 0)
                || ' y' || coalesce(substr({_shown("article", "published")}, 1, 4), 0) AS facets
        FROM article JOIN body ON body.article = article.id LEFT JOIN corrected ON corrected.article = article.id""",
    *(f"DROP VIEW {name}" for name in ("articles", "changes", "citations")),
    *(
        view.replace("FROM article ", "FROM article_shown AS article ").replace(
            "JOIN article ON", "JOIN article_shown AS article ON"
        )
        for view in NAMED_VIEWS[:3]
    ),
    "DROP TRIGGER facet_changed",
    f"""CREATE TRIGGER facet_changed AFTER UPDATE OF portal, section, published, revisions, gone_at ON article BEGIN
        UPDATE article_facet SET (portal, section, day, changed, removed) = (SELECT {_STATE}),
            returned = returned OR (old.gone_at IS NOT NULL AND new.gone_at IS NULL)
        WHERE article = new.id;
        UPDATE article_facet SET (section, day) =
            (SELECT coalesce(section, 0), {SHOWN_DAY} FROM corrected WHERE article = new.id)
        WHERE article = new.id AND EXISTS (SELECT 1 FROM corrected WHERE article = new.id);
    END""",
)
