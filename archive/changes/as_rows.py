"""Changes as exported: one dict of plain values each, and the same flat for tables."""

from __future__ import annotations

from typing import Any

from archive.changes.listing import Change
from archive.changes.word_diff import Run


def as_dict(change: Change) -> dict[str, Any]:
    """A change under the names the export uses. Runs of words are pairs: ``=`` kept, ``-`` removed, ``+`` added."""
    edit = change.edit
    return {
        "what": change.what,
        "kinds": list(change.kinds),
        "at": change.at,
        "article": change.article,
        "portal": change.portal,
        "url": change.url,
        "title": change.title,
        "seen_before": change.seen_before,
        "looks": [
            {"at": look.at, "status": look.status, "found": look.found, "capture": look.capture}
            for look in change.looks
        ],
        "captures": list(change.captures),
        "versions": list(change.versions) if change.versions else None,
        **({"through": list(change.through)} if change.through else {}),
        "same_rules": change.same_rules,
        "fields": [{"field": told.field, "words": _words(told.runs)} for told in edit.fields] if edit else [],
        "paragraphs": [
            {"fate": one.fate, "before": one.before, "after": one.after, "words": _words(one.runs)}
            for one in (edit.paragraphs if edit else ())
            if one.fate != "kept"
        ],
    }


def _words(runs: tuple[Run, ...]) -> list[list[str]]:
    signs = {"kept": "=", "removed": "-", "added": "+"}
    return [[signs[run.op], run.text] for run in runs]


COLUMNS = (
    "at",
    "what",
    "kinds",
    "portal",
    "article",
    "title",
    "url",
    "seen_before",
    "not_found_at",
    "before",
    "after",
    "same_rules",
    "captures",
)


def as_row(change: Change) -> list[str]:
    """A change as one row of :data:`COLUMNS`; ``before`` and ``after`` are the words that differ, in their order."""
    before, after = words_apart(change)
    return [
        change.at, f"{change.what}{through(change)}", ", ".join(change.kinds), change.portal, str(change.article), change.title or "", change.url,
        change.seen_before, ", ".join(look.at for look in change.looks), before, after,
        "yes" if change.same_rules else "no", " ".join(change.captures),
    ]  # fmt: skip


def through(change: Change) -> str:
    """Who captured a side of an edit that the archive did not see itself, as the end of a phrase."""
    return f", seen through {' and '.join(change.through)}" if change.through else ""


def words_apart(change: Change, longest: int = 500) -> tuple[str, str]:
    """The words removed and the words added, each change after the other, at most ``longest`` characters of either."""
    if change.edit is None:
        return "", ""
    runs = [run for told in change.edit.fields for run in told.runs]
    runs += [run for one in change.edit.paragraphs for run in one.runs]
    apart = [
        " … ".join(run.text.strip() for run in runs if run.op == op and run.text.strip()) for op in ("removed", "added")
    ]
    return _cut(apart[0], longest), _cut(apart[1], longest)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
