"""What Datasette asks of the archive's tables for each page (columns, keys, index, numbers of rows), remembered while the file stays as it is.

The list of tables and every query of ours ask three such questions of each of fifty tables, a hop into a thread each: half of
their time. The answers are those of one state of the file (`page_cache.PageCache.signature`), so none is older than it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from archive.site.server.page_cache import PageCache

QUESTIONS = ("table_columns", "primary_keys", "fts_table", "hidden_table_names", "get_all_foreign_keys", "table_counts")
"""Methods of Datasette's `Database` whose answers nobody changes in place."""
MOST_KEPT = 500


def remember(database: Any) -> None:
    """Let a database of Datasette's answer these questions from memory; each again once its file was written to."""
    signature = PageCache(Path(database.path)).signature
    for name in QUESTIONS:
        if hasattr(database, name):
            setattr(database, name, _remembered(getattr(database, name), signature))


def _remembered(
    ask: Callable[..., Awaitable[Any]], signature: Callable[[], tuple[int, ...]]
) -> Callable[..., Awaitable[Any]]:
    answers: dict[Any, Any] = {}
    of: tuple[int, ...] = ()

    async def answered(*asked: Any, **named: Any) -> Any:
        nonlocal of
        now = signature()
        if now != of or len(answers) > MOST_KEPT:
            answers.clear()
            of = now
        key = (asked, tuple(sorted(named.items())))
        if key in answers:
            return answers[key]
        answer = await ask(*asked, **named)
        if now == of:
            answers[key] = answer
        return answer

    return answered
