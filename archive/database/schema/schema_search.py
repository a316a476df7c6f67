"""Search: the text index, pairs of neighbouring syllables, and what an article is filtered by, in one narrow row each."""

from __future__ import annotations

SEARCH = (
    # What the index stands for, with the ORIGINAL spelling: highlight() and snippet() read here. The rows put into
    # the index have đ as d (archive.queries.full_text.search), which is why `rebuild` must never be run on it.
    """CREATE VIEW article_text AS
        SELECT article.id AS id,
            coalesce(article.title, '') AS title,
            coalesce(body.lead || char(10, 10), '') || body.text
                || CASE body.captions WHEN '[]' THEN ''
                   ELSE char(10, 10) || (SELECT group_concat(value, char(10)) FROM json_each(body.captions)) END
                || coalesce(char(10, 10) || article.byline, '') AS body,
            'p' || article.portal || ' s' || coalesce(article.section, 0)
                || ' y' || coalesce(substr(article.published, 1, 4), 0) AS facets
        FROM article JOIN body ON body.article = article.id""",
    """CREATE VIRTUAL TABLE article_fts USING fts5(
        title, body, facets, content='article_text', content_rowid='id',
        tokenize='unicode61 remove_diacritics 2'
    )""",
)

_STATE = """new.portal, coalesce(new.section, 0),
    coalesce(CAST(replace(substr(new.published || '-01', 1, 10), '-', '') AS INTEGER), 0),
    new.revisions > 0, new.gone_at IS NOT NULL"""

SEARCH_BY_PASSAGE = (
    # Vietnamese words have several syllables, and each syllable stands in half of all texts: pairs find a phrase in a
    # hundredth of the rows. Holds no text and no places, folded already (`archive.rows.search_index` writes it, and takes out by the old text).
    """CREATE VIRTUAL TABLE bigram_fts USING fts5(
        pairs, content='', detail=none, tokenize="ascii tokenchars '_'"
    )""",
    # Segments are merged by the eight: a quarter of the time of keeping, for a few more to look into.
    "INSERT INTO bigram_fts(bigram_fts, rank) VALUES ('automerge', 8)",
    # `day` is yyyymmdd of publication (the first for a month), 0 for undated; `section` 0 for none; the rest 0 or 1. Ten thousand matches are
    # counted here in a tenth of the time that rows of `article` take.
    """CREATE TABLE article_facet (
        article INTEGER PRIMARY KEY,
        portal INTEGER NOT NULL,
        section INTEGER NOT NULL,
        day INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        removed INTEGER NOT NULL,
        returned INTEGER NOT NULL,
        files INTEGER NOT NULL
    )""",
    """INSERT INTO article_facet
       SELECT id, portal, coalesce(section, 0),
           coalesce(CAST(replace(substr(published || '-01', 1, 10), '-', '') AS INTEGER), 0), revisions > 0,
           gone_at IS NOT NULL, EXISTS (SELECT 1 FROM journal WHERE journal.article = id AND what = 'returned'),
           EXISTS (SELECT 1 FROM attachment WHERE attachment.article = id)
       FROM article""",
    "CREATE INDEX article_facet_changed ON article_facet(article) WHERE changed",
    "CREATE INDEX article_facet_removed ON article_facet(article) WHERE removed",
    "CREATE INDEX article_facet_returned ON article_facet(article) WHERE returned",
    "CREATE INDEX article_facet_day ON article_facet(day, article)",
    f"""CREATE TRIGGER facet_new AFTER INSERT ON article BEGIN
        INSERT INTO article_facet VALUES (new.id, {_STATE},
            EXISTS (SELECT 1 FROM journal WHERE article = new.id AND what = 'returned'), 0);
    END""",
    f"""CREATE TRIGGER facet_changed AFTER UPDATE OF portal, section, published, revisions, gone_at ON article BEGIN
        UPDATE article_facet SET (portal, section, day, changed, removed) = (SELECT {_STATE}),
            returned = returned OR (old.gone_at IS NOT NULL AND new.gone_at IS NULL)
        WHERE article = new.id;
    END""",
    """CREATE TRIGGER facet_gone AFTER DELETE ON article BEGIN
        DELETE FROM article_facet WHERE article = old.id;
    END""",
    """CREATE TRIGGER facet_file AFTER INSERT ON attachment BEGIN
        UPDATE article_facet SET files = 1 WHERE article = new.article AND NOT files;
    END""",
    """CREATE TRIGGER facet_no_file AFTER DELETE ON attachment BEGIN
        UPDATE article_facet SET files = EXISTS (SELECT 1 FROM attachment WHERE article = old.article)
        WHERE article = old.article;
    END""",
)

WHOLE_BATCHES = (
    # Bytes of words that are kept in memory before they are written as a segment: the default (1 MB) is less than a batch of a hundred
    # articles holds, and each segment more is merged again and again.
    "INSERT INTO bigram_fts(bigram_fts, rank) VALUES ('hashsize', 8000000)",
    "INSERT INTO article_fts(article_fts, rank) VALUES ('hashsize', 8000000)",
    "INSERT INTO article_fts(article_fts, rank) VALUES ('automerge', 8)",
)

RUNS_OF_PAIRS = (
    # With the places of pairs a phrase is a run of them: exact, and read from the few articles that hold its rarest pair.
    "DROP TABLE bigram_fts",
    """CREATE VIRTUAL TABLE bigram_fts USING fts5(
        pairs, content='', tokenize="ascii tokenchars '_'"
    )""",
    "INSERT INTO bigram_fts(bigram_fts, rank) VALUES ('automerge', 8)",
    "INSERT INTO bigram_fts(bigram_fts, rank) VALUES ('hashsize', 8000000)",
)

COUNTED_BY_SECTION = (
    "CREATE INDEX article_section ON article(section)",
)  # a facet of the table itself, for whoever asks Datasette for it

ALTERED = (
    # A search among what was changed, removed or put back asks a hundredth of the articles: an index of their own, as `article_fts`.
    # What it holds of a text is taken out by that text (`archive.rows.search_index`).
    """CREATE VIRTUAL TABLE altered_fts USING fts5(
        title, body, facets, content='', tokenize='unicode61 remove_diacritics 2'
    )""",
)
