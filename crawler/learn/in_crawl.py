"""Learning by itself within a crawl: at a portal's first 12, 50 and 200 articles, and at the end where more came since."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from archive.store import Store
from crawler.cms.base import Selectors
from crawler.cms.learnt import LearntTheme
from crawler.frontier import revisits
from crawler.kept import kept
from crawler.learn.again import Changes, read_again
from crawler.learn.archived import to_learn_from
from crawler.learn.learner import learn
from crawler.learn.theme_file import BadTheme, load, path_of, save

if TYPE_CHECKING:
    from crawler.session import Session

logger = logging.getLogger(__name__)

STEPS = (12, 50, 200)
"""Articles of a portal at which it is learnt."""
FEWEST = 4
"""Articles from which on a portal is learnt from at the end of a crawl."""


class Themes:
    """The learnt themes of the portals of one archive, loaded when first asked for."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.known: dict[str, list[LearntTheme]] = {}
        self.edited: set[str] = set()

    def of(self, portal: str) -> list[LearntTheme]:
        """The themes of a portal; none, with a warning, where its file cannot be read."""
        if portal not in self.known:
            self.known[portal] = []
            try:
                held = load(path_of(self.archive, portal))
            except BadTheme as error:
                logger.warning("%s", error)
                self.edited.add(portal)
            else:
                self.known[portal] = held.themes
                if held.edited and held.path.exists():
                    self.edited.add(portal)
        return self.known[portal]

    def learn(self, store: Store, warc: Path, portal: str) -> bool:
        """Learn a portal's themes from the pages held and keep them; whether they are others than before."""
        before = self.of(portal)
        if portal in self.edited:
            return False
        themes = learn(to_learn_from(store.conn, warc, portal))
        if not themes or [theme.selectors for theme in themes] == [theme.selectors for theme in before]:
            return False
        save(path_of(self.archive, portal), portal, themes)
        self.known[portal] = themes
        return True


class Steps:
    """Counts the articles of each portal and tells when one is to be learnt."""

    def __init__(self) -> None:
        self.articles: dict[str, int] = {}
        self.learnt_at: dict[str, int] = {}

    def count(self, portal: str, held: int) -> bool:
        """Note how many articles of a portal are held; whether a step was reached since it was learnt last."""
        self.articles[portal] = held
        last = self.learnt_at.get(portal, 0)
        return any(last < step <= held for step in STEPS)

    def learnt(self, portal: str) -> None:
        self.learnt_at[portal] = self.articles.get(portal, 0)

    def at_the_end(self) -> list[str]:
        """The portals that hold more articles than when they were learnt, by a fifth at least."""
        return [
            portal
            for portal, held in self.articles.items()
            if held >= FEWEST and held > 1.2 * self.learnt_at.get(portal, 0)
        ]


class Learning:
    """The learnt themes of a crawl's portals, and the counting of articles that has them learnt."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.themes = Themes(session.folder.path)
        self.steps = Steps()

    def after_batch(self, outcomes: Iterable[tuple[str, str]]) -> None:
        """Learn the portals that reached a step by the articles just written."""
        for portal in {portal for portal, outcome in outcomes if outcome == "new"}:
            if self.steps.count(portal, articles_of(self.session.store, portal)):
                self._learn(portal)

    def at_the_end(self) -> None:
        """Learn the portals whose articles are a fifth more than when they were learnt last."""
        for portal in self.steps.at_the_end():
            self._learn(portal)

    def _learn(self, portal: str) -> None:
        session = self.session
        self.steps.learnt(portal)
        own = session.config.of(portal).selectors
        try:
            changes = learn_and_read_again(self.themes, session.store, session.folder.warc, portal, own)
        except (sqlite3.Error, OSError):
            raise
        except Exception:  # what a page holds must not end a crawl: it goes on by the themes it had
            logger.exception("learning %s failed", portal)
            return
        if changes is not None and changes.found:
            with session.frontier.write() as conn:
                tell_ledger(conn, session.store, changes)
            session.tally.by_portal.setdefault(portal, Counter())["new"] += len(changes.found)
            session.tally.articles["new"] += len(changes.found)


def tell_ledger(conn: sqlite3.Connection, store: Store, changes: Changes) -> None:
    """Say in the ledger which pages were found to be articles, and when they are looked at again."""
    now = time.time()
    for record_id, _, identifier in changes.found:
        if identifier is not None:
            conn.execute(
                "UPDATE page SET state = 'stored', kind = 'article', reason = ?, article_id = ?, due = ?"
                " WHERE record_id = ? AND state IN ('skipped', 'listed')",
                ("read as an article by a theme of its portal", identifier, due_of(store, identifier, now), record_id),
            )


def articles_of(store: Store, portal: str) -> int:
    row = store.conn.execute(
        "SELECT count(*) FROM article JOIN portal ON portal.id = article.portal WHERE portal.name = ?", (portal,)
    ).fetchone()
    return int(row[0])


def learn_and_read_again(
    themes: Themes, store: Store, warc: Path, portal: str, own: Selectors | None
) -> Changes | None:
    """Learn, and where that changed the themes read again what is held. ``None`` where nothing changed."""
    began = time.process_time()
    if not themes.learn(store, warc, portal):
        return None
    changes = read_again(store, warc, portal, themes.of(portal), own)
    logger.info(
        "%s: learnt %d themes from its pages; %d articles read otherwise, %d pages found to be articles (%.1f s)",
        portal, len(themes.of(portal)), changes.changed, len(changes.found), time.process_time() - began,
    )  # fmt: skip
    return changes


def due_of(store: Store, identifier: int, now: float) -> float | None:
    """When an article that was found late is looked at again."""
    known = kept(store.conn, identifier)
    since = known.since if known is not None else None
    return revisits.article_due(min(since, now) if since is not None else now, now)
