"""Why pages were skipped, as versions before reason codes wrote it into the summaries of crawls: in English sentences.

Read once, by the migration that makes codes of them. Never change them.
"""

from __future__ import annotations

import json
import re
import sqlite3

_CODES = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"^(?:tag list|tag or author list)|list under a tag", "tag-list"),
        (r"^author (?:list|or account)", "author-list"),
        (r"^print(?: view|, save or send)", "print-view"),
        (r"^trap: a calendar|^calendar", "trap-calendar"),
        (r"^trap: the numbered pages", "trap-series"),
        (r"^trap: ", "trap-long-address"),
        (r"^lies on a host outside|^redirects out of", "outside-host"),
        (r"^no sitemap", "no-sitemap"),
        (r"^no feed", "no-feed"),
        (r"^dead link", "dead-link"),
        (r"^robots\.txt forbids", "robots-forbids"),
        (r"^(?:not among what|excluded by) the portal's settings", "excluded"),
        (r"^static page", "static-page"),
        (r"^question and answer", "questions-page"),
        (r"^list of legal documents", "law-list"),
        (r"^(?:video or photo page|(?:the )?page of a picture)", "media-page"),
        (r"^search page", "search-page"),
        (r"^(?:log-?in|a password is asked)", "log-in"),
        (r"^error page", "error-page"),
        (r"^spam page", "spam-page"),
        (r"^empty page", "empty-page"),
        (r"^broken page", "broken-page"),
        (r"^blocked", "blocked-page"),
        (r"^needs JavaScript", "needs-javascript"),
        (r"^(?:a )?feed\b|^(?:feed or other format|\w+ view$)", "feed-view"),
        (r"^another language", "another-language"),
        (
            r"^(?:another (?:look|state) of|the same list in another order|a view of a page|saved copy of a page)",
            "another-look",
        ),
        (r"^(?:form|a form or|machinery|service of|no page for readers|log-in or editing)", "service"),
        (r"^redirects", "redirects"),
        (r"^the server answers (\d+)", "server-answers"),
        (r"^a page came where a picture", "page-for-picture"),
        (r"^a file came where the article", "file-for-article"),
        (r"^the address is malformed", "malformed"),
    )
)
"""How sentences begin, each with the code of its group; the first that fits counts."""


def code_of(sentence: str) -> str:
    """The reason code of a sentence, with the status where it names one; the sentence itself where none fits."""
    for pattern, code in _CODES:
        if found := pattern.search(sentence):
            return f"{code}:{found[1]}" if found.re.groups else code
    return sentence


def code_reasons(conn: sqlite3.Connection) -> None:
    """Make codes of the reasons in the summaries of crawls."""
    rows = conn.execute("SELECT id, detail FROM run WHERE json_type(detail, '$.skipped_why') = 'object'").fetchall()
    for run, detail in rows:
        told = json.loads(detail)
        counts: dict[str, int] = {}
        for sentence, n in told["skipped_why"].items():
            code = code_of(sentence)
            counts[code] = counts.get(code, 0) + n
        told["skipped_why"] = counts
        conn.execute("UPDATE run SET detail = ? WHERE id = ?", (json.dumps(told, ensure_ascii=False), run))
