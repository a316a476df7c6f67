"""Why pages were skipped, as versions before reason codes wrote it into the summaries of crawls: in English sentences.

Read once, by the migration that makes codes of them. Never change them.
"""

from __future__ import annotations

import json
import re
import sqlite3

_END = r"(?:$|[:;]| \\()"
"""The end of a sentence, or what is added to one."""

_CODES = tuple(
    (re.compile(re.sub(r"\$$", _END, pattern)), code)
    for pattern, code in (
        (r"^the server answers (\d+)", "server-answers"),
        (r"^blocked: .*\(\d+\)", "blocked-by-status"),
        (r"^trap: the numbered pages of this series bring nothing new$", "trap-series"),
        (r"^trap: the form brings the same entries again, those of ", "trap-form-again"),
        (r"^a page came where a picture or style was expected$", "page-for-picture"),
        (r"^not among what the portal's settings include$", "not-included"),
        (r"^trap: language segments pile up in the path$", "trap-languages"),
        (r"^no sitemap: nothing in it names a page$", "no-sitemap"),
        (r"^trap: pages made up: found on one of ", "trap-made-up"),
        (r"^no feed: an empty page came instead$", "no-feed-empty"),
        (r"^excluded by the portal's settings: ", "excluded"),
        (r"^a file came where the article was \(", "file-for-article"),
        (r"^lies on a host outside the portal$", "outside-host"),
        (r"^redirects out of the portal, to ", "redirects-out"),
        (r"^another state of the same page$", "another-state"),
        (r"^the same list in another order$", "another-order"),
        (r"^another look of the same page$", "another-look"),
        (r"^a form or a file of a portlet$", "portlet"),
        (r"^no feed: a page came instead$", "no-feed"),
        (r"^another language of the site$", "site-language"),
        (r"^a view of a page, not a page$", "a-view"),
        (r"^form or service of the site$", "service-form"),
        (r"^redirects to the home page$", "redirects-home"),
        (r"^question and answer page: ", "questions-page"),
        (r"^print, save or send view$", "print-save-or-send"),
        (r"^list of legal documents: ", "law-list"),
        (r"^the address is malformed$", "malformed"),
        (r"^trap: the path repeats /", "trap-path-repeats"),
        (r"^trap: the query repeats ", "trap-query-repeats"),
        (r"^form to answer or share$", "answer-form"),
        (r"^author or account page$", "author-or-account"),
        (r"^log-in or registration$", "log-in"),
        (r"^robots\.txt forbids it$", "robots-forbids"),
        (r"^the page of a picture$", "the-picture-page"),
        (r"^form to send the page$", "send-form"),
        (r"^machinery of the site$", "machinery"),
        (r"^video or photo page: ", "media-page"),
        (r"^feed or other format$", "other-format"),
        (r"^saved copy of a page$", "saved-copy"),
        (r"^trap: an address of ", "trap-long-address"),
        (r"^service of the site$", "service"),
        (r"^no page for readers$", "not-for-readers"),
        (r"^tag or author list$", "tag-or-author-list"),
        (r"^no sitemap there \(", "no-sitemap-there"),
        (r"^page of a picture$", "picture-page"),
        (r"^log-in or editing$", "log-in-or-editing"),
        (r"^needs JavaScript: ", "needs-javascript"),
        (r"^trap: a calendar$", "trap-calendar"),
        (r"^trap: a query of ", "trap-many-keys"),
        (r"^another language$", "another-language"),
        (r"^trap: a path of ", "trap-deep-path"),
        (r"^no feed there \(", "no-feed-there"),
        (r"^static page: ", "static-page"),
        (r"^search page: ", "search-page"),
        (r"^broken page: ", "broken-page"),
        (r"^redirects to ", "redirects"),
        (r"^author list$", "author-list"),
        (r"^search page$", "search"),
        (r"^login page: ", "login-page"),
        (r"^error page: ", "error-page"),
        (r"^empty page: ", "empty-page"),
        (r"^print view$", "print-view"),
        (r"^dead link \(", "dead-link"),
        (r"^spam page: ", "spam-page"),
        (r"^redirects \(", "redirects-nowhere"),
        (r"^tag list$", "tag-list"),
        (r"^calendar$", "calendar"),
        (r"^blocked: ", "blocked-page"),
        (r"^trap: \d+ pages under ", "trap-branch"),
        (r"^trap: \d+ pages of the form ", "trap-form-barren"),
        (r"^(?:feed|pdf|raw|opensearch) view$", "format-view"),
        (r"^feed: ", "feed-page"),
        (r"^feed$", "feed-view"),
        (r"^listing: ", "listing-page"),
        (r"^its form is gone: ", "form-gone"),
        (r"^\d+ pages of the form in a row gave none: ", "form-refused"),
        (r"^list under a tag$", "tag-list"),
        (r"^a feed\b", "feed-view"),
        (r"^a password is asked", "login-page"),
    )
)
"""How sentences begin, each with its code; the first that fits counts."""


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
