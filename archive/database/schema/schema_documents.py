"""Document numbers as rows, what pages of portals and places look up, and views with names for whoever writes SQL."""

from __future__ import annotations

_BARE = "ltrim(replace(value, '.', ''), '0')"
_NUMBER = f"""CASE WHEN {_BARE} GLOB '[0-9][/-]*' THEN '0' || {_BARE} WHEN {_BARE} GLOB '[0-9]*' THEN {_BARE} ELSE value END"""
"""One number has one writing: a single figure with a nought before it (Decree 30/2020/NĐ-CP, annex I), none before more,
and no point between thousands. `archive.queries.documents.normal` writes what is asked for alike."""

_CITE = f"""INSERT INTO citation(number, article)
    SELECT DISTINCT {_NUMBER}, {{article}} FROM json_each({{documents}}) WHERE type = 'text' ON CONFLICT DO NOTHING"""

_ISSUER = "substr({n}, length(rtrim({n}, replace(replace({n}, '/', ''), '-', ''))) + 1)"
"""What stands behind the last stroke or hyphen: ``UBND``, ``CP``, ``QH15``."""

_YEAR = "CASE WHEN {n} GLOB '*/[12][0-9][0-9][0-9]/*' THEN CAST(substr({n}, instr({n}, '/') + 1, 4) AS INTEGER) END"

DOCUMENTS = (
    """CREATE TABLE citation (
        number TEXT NOT NULL,
        article INTEGER NOT NULL REFERENCES article(id),
        PRIMARY KEY (number, article)
    ) WITHOUT ROWID""",
    "CREATE INDEX citation_article ON citation(article)",
    # `articles` is a count of `citation`: what is cited most is asked without counting. A number that nobody cites is gone.
    """CREATE TABLE document (
        number TEXT PRIMARY KEY,
        issuer TEXT NOT NULL,
        year INTEGER,
        articles INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX document_articles ON document(articles, number)",
    "CREATE INDEX document_issuer ON document(issuer, year, articles, number)",
    f"""CREATE TRIGGER citation_new AFTER INSERT ON citation BEGIN
        INSERT INTO document(number, issuer, year, articles)
        VALUES (new.number, {_ISSUER.format(n="new.number")}, {_YEAR.format(n="new.number")}, 1)
        ON CONFLICT(number) DO UPDATE SET articles = articles + 1;
    END""",
    """CREATE TRIGGER citation_gone AFTER DELETE ON citation BEGIN
        UPDATE document SET articles = articles - 1 WHERE number = old.number;
        DELETE FROM document WHERE number = old.number AND articles <= 0;
    END""",
    f"""CREATE TRIGGER body_cites AFTER INSERT ON body WHEN new.documents != '[]' BEGIN
        {_CITE.format(article="new.article", documents="new.documents")};
    END""",
    f"""CREATE TRIGGER body_cites_others AFTER UPDATE OF documents ON body WHEN new.documents IS NOT old.documents BEGIN
        DELETE FROM citation WHERE article = old.article;
        {_CITE.format(article="new.article", documents="new.documents")};
    END""",
    """CREATE TRIGGER body_cites_no_more AFTER DELETE ON body WHEN old.documents != '[]' BEGIN
        DELETE FROM citation WHERE article = old.article;
    END""",
    f"""INSERT INTO citation(number, article) SELECT DISTINCT {_NUMBER}, article
        FROM body, json_each(body.documents) WHERE documents != '[]' AND type = 'text' ON CONFLICT DO NOTHING""",
)

YEARS = (
    # `portal_month` has a row for each section: pages that name every portal read this one. `year` is 0 for undated.
    """CREATE TABLE portal_year (
        portal INTEGER NOT NULL,
        year INTEGER NOT NULL,
        articles INTEGER NOT NULL,
        PRIMARY KEY (portal, year)
    ) WITHOUT ROWID""",
    "INSERT INTO portal_year SELECT portal, month / 100, sum(articles) FROM portal_month GROUP BY 1, 2",
    """CREATE TRIGGER year_new AFTER INSERT ON portal_month BEGIN
        INSERT INTO portal_year(portal, year, articles) VALUES (new.portal, new.month / 100, new.articles)
        ON CONFLICT(portal, year) DO UPDATE SET articles = articles + excluded.articles;
    END""",
    """CREATE TRIGGER year_changed AFTER UPDATE OF articles ON portal_month BEGIN
        UPDATE portal_year SET articles = articles + new.articles - old.articles
        WHERE portal = new.portal AND year = new.month / 100;
    END""",
    """CREATE TRIGGER year_gone AFTER DELETE ON portal_month BEGIN
        UPDATE portal_year SET articles = articles - old.articles WHERE portal = old.portal AND year = old.month / 100;
        DELETE FROM portal_year WHERE portal = old.portal AND year = old.month / 100 AND articles <= 0;
    END""",
)

LOOKED_UP = (
    # a portal's crawls, and the state of its articles, without a walk through those of all others
    "CREATE INDEX run_portal ON run(portal, started_at, verdict)",
    "CREATE INDEX article_facet_portal ON article_facet(portal, article) WHERE changed OR removed OR returned",
    "CREATE INDEX journal_changes ON journal(at, seq) WHERE what IN ('changed', 'removed', 'returned')",
)

NAMED_VIEWS = (
    """CREATE VIEW articles AS
        SELECT article.id, article.title, portal.name AS portal, portal.title AS portal_title, portal.unit,
            section.name AS section, article.published, article.first_seen, article.last_seen, article.gone_at,
            article.revisions, article.byline, article.author, article.source, article.url
        FROM article JOIN portal ON portal.id = article.portal LEFT JOIN section ON section.id = article.section""",
    """CREATE VIEW changes AS
        SELECT journal.seq, journal.what, journal.at, journal.article, article.title, portal.name AS portal,
            portal.title AS portal_title, article.url
        FROM journal JOIN article ON article.id = journal.article JOIN portal ON portal.id = article.portal
        WHERE journal.what IN ('changed', 'removed', 'returned')""",
    """CREATE VIEW citations AS
        SELECT citation.number, document.issuer, document.year, citation.article, article.title, article.published,
            portal.name AS portal, portal.title AS portal_title
        FROM citation JOIN document ON document.number = citation.number
            JOIN article ON article.id = citation.article JOIN portal ON portal.id = article.portal""",
    """CREATE VIEW articles_by_month AS
        SELECT portal.name AS portal, portal.title AS portal_title, nullif(portal_month.month, 0) AS month,
            section.name AS section, portal_month.articles
        FROM portal_month JOIN portal ON portal.id = portal_month.portal
            LEFT JOIN section ON section.id = portal_month.section""",
)
