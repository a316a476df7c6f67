"""Learning by itself within a crawl: at a portal's first 12, 50 and 200 articles, and at the end where more came since."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from archive.ids import url_key
from archive.store import Store
from crawler.addresses.urls import canonical
from crawler.cms.family import Selectors
from crawler.cms.learnt import LearntTheme
from crawler.crawl.records.fatal_pages import FatalPages
from crawler.crawl.records.kept import kept
from crawler.crawl.records.run.run_row import Run
from crawler.crawl.records.visit import Visit
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.limits import CANNOT_KEEP, cannot_keep_told
from crawler.learn.again import Around, Changes, read_again
from crawler.learn.archived import to_learn_from
from crawler.learn.checked import Check, check
from crawler.learn.learner import learn
from crawler.learn.theme_file import BadTheme, load, path_of, reading_text, save, with_those_before
from crawler.ledger import revisits
from crawler.ledger.frontier import Ledger
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

logger = logging.getLogger(__name__)

STEPS = (12, 50, 200)
"""Articles of a portal at which it is learnt."""
PAGES = (30, 120)
"""Pages of a portal read, whatever they were taken for, at which it is learnt."""
ENOUGH = 1 << 40
SETTLED = 0.03
"""Share of the articles read again that a learning may change and still be called settled."""
MOST_AGAIN = 2_000
"""Articles a crawl reads again after it has learnt, a minute of computing; ``tinhuyen reread`` reads all of them."""
COMPARED = 12
"""Articles that are read without the theme as well, to tell where the software's selectors differ."""
FEW = 3
"""Articles below which pages count, too: the general way may take the articles of this portal for something else."""
FEWEST = 6
"""Pages from which on a portal is learnt at the end of a crawl."""
READ = ("article", "listing", "static", "media", "qa", "law_list")
"""Kinds of pages that may have been articles."""


class Themes:
    """The learnt themes of the portals of one archive, loaded when first asked for."""

    def __init__(self, archive: Path, note: Callable[..., None] = lambda *op: None) -> None:
        self.archive, self.note = archive, note
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
                self._tell(portal)
                if held.edited and held.path.exists():
                    self.edited.add(portal)
        return self.known[portal]

    def learn(self, store: Store, warc: Path, portal: str) -> bool:
        """Learn a portal's themes from the pages held and keep them; whether they are others than before."""
        before = self.of(portal)
        if portal in self.edited:
            return False
        pages = to_learn_from(store.conn, warc, portal)
        themes = with_those_before(learn(pages), before, datetime.now(UTC).date().isoformat())
        found = check(themes, pages, COMPARED)
        if not before and found.agrees:
            return False  # its software's selectors read the same: nothing to keep
        if not themes or [_reads(theme) for theme in themes] == [_reads(theme) for theme in before]:
            return False
        save(path_of(self.archive, portal), portal, themes)
        self.known[portal] = themes
        self._tell(portal)
        keep_check(store, portal, found)
        return True

    def _tell(self, portal: str) -> None:
        """Note the file of a portal, by which its pages are read from here on: so they can be read so again."""
        if self.known[portal]:
            self.note("theme", portal, reading_text(portal, self.known[portal]))


def _reads(theme: LearntTheme) -> tuple[object, ...]:
    """All of a theme that decides how a page is read, and nothing that only tells of its evidence."""
    return (
        theme.selectors,
        theme.date,
        theme.alone,
        theme.listed,
        theme.own_link,
        theme.beside,
        theme.labels,
        theme.until,
    )


def keep_check(store: Store, portal: str, found: Check) -> None:
    """Keep where the software's own selectors read otherwise than what was learnt, for status and the health page."""
    if found.compared:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        store.save_check(portal, at=now, family=found.family, compared=found.compared, differs=found.counts)


class Steps:
    """Counts the articles and pages of each portal and tells when one is to be learnt.

    Pages count as well: where the general way takes all articles for something else, learning is what finds them.
    """

    def __init__(self) -> None:
        self.articles: Counter[str] = Counter()
        self.pages: Counter[str] = Counter()
        self.learnt_at: dict[str, tuple[int, int]] = {}
        self.settled: set[str] = set()
        """Portals whose last learning changed next to nothing: they are learnt anew when they have twice as many articles."""

    def count(self, portal: str, articles: int, pages: int) -> bool:
        """Note how many articles were stored and pages were read; whether a step was reached since it was learnt last."""
        self.articles[portal] += articles
        self.pages[portal] += pages
        if portal in self.settled:
            return False
        last_articles, last_pages = self.learnt_at.get(portal, (0, 0))
        if any(last_articles < step <= self.articles[portal] for step in STEPS):
            return True
        few = self.articles[portal] < FEW
        return few and any(last_pages < step <= self.pages[portal] for step in PAGES)

    def known_before(self, portal: str, articles: int) -> None:
        """A portal was learnt by an earlier crawl: only more articles than it held then have it learnt anew."""
        self.articles[portal] = articles
        self.learnt_at[portal] = (articles, ENOUGH)

    def learnt(self, portal: str) -> None:
        self.learnt_at[portal] = (self.articles[portal], self.pages[portal])

    def at_the_end(self) -> list[str]:
        """The portals of which a fifth more articles or pages are held than when they were learnt."""
        return [
            portal
            for portal in self.pages.keys() | self.articles.keys()
            if self.pages[portal] >= FEWEST and self._has_grown(portal)
        ]

    def _has_grown(self, portal: str) -> bool:
        articles, pages = self.learnt_at.get(portal, (0, 0))
        return self.articles[portal] > 1.2 * articles or self.pages[portal] > 1.5 * pages


class Learning:
    """The learnt themes of a crawl's portals, and the counting of articles that has them learnt."""

    def __init__(self, folder: ArchiveFolder, store: Store, ledger: Ledger, run: Run, fatal_pages: FatalPages) -> None:
        self.folder, self.store, self.ledger, self.run, self.fatal_pages = folder, store, ledger, run, fatal_pages
        self.themes = Themes(folder.path, store.note)
        self.steps = Steps()

    @cached_property
    def is_on(self) -> bool:
        """Whether the archive's settings have crawls learn; themes that are there are read by in any case."""
        return self.folder.config().learn

    def after_batch(self, visits: Iterable[Visit], outcomes: Iterable[tuple[str, str]]) -> None:
        """Learn the portals that reached a step by what was just written."""
        if not self.is_on:
            return
        articles = Counter(portal for portal, outcome in outcomes if outcome == "new")
        pages = Counter(visit.page.portal for visit in visits if visit.outcome.kind in READ)
        for portal in articles.keys() | pages.keys():
            if portal not in self.steps.pages and self.themes.of(portal):
                held = articles_of(self.store, portal) - articles[portal]
                self.steps.known_before(portal, held)
            if self.steps.count(portal, articles[portal], pages[portal]):
                self._learn(portal)

    def after_drift(self, portals: Iterable[str]) -> None:
        """Learn the portals anew whose layout drifted."""
        if self.is_on:
            for portal in portals:
                self._learn(portal)

    def at_the_end(self) -> None:
        """Learn the portals whose articles are a fifth more than when they were learnt last."""
        for portal in self.steps.at_the_end():
            self._learn(portal)

    def _learn(self, portal: str) -> None:
        self.steps.learnt(portal)
        own = self.folder.config().of(portal).selectors
        try:
            with cannot_keep_told(self.folder):
                changes = learn_and_read_again(self.themes, self.store, self.folder.warc, portal, own, self._reading)
        except (sqlite3.Error, *CANNOT_KEEP):
            raise
        except Exception:  # what a page holds must not end a crawl: it goes on by the themes it had
            logger.exception("learning %s failed", portal)
            return
        if changes is None or (
            not changes.found and not changes.withdrawn and changes.changed <= SETTLED * changes.read
        ):
            self.steps.settled.add(portal)
        if changes is None:
            return
        if changes.left:
            self.run.tally.unread[portal] = changes.left
        if changes.found or changes.withdrawn:
            with self.ledger.write() as conn:
                tell_ledger(conn, self.store, changes)
            counts = self.run.tally.by_portal.setdefault(portal, Counter())
            # what is withdrawn may be of an earlier crawl: then it is no new article less
            more = max(len(changes.found) - len(changes.withdrawn), -counts["new"])
            counts["new"] += more
            self.run.tally.articles["new"] += more

    @contextmanager
    def _reading(self, url: str) -> Iterator[bool]:
        """Around the reading of a page held: the watchdog hears of it, and one that ended a crawl is left out."""
        key = url_key(canonical(url))
        if key in self.fatal_pages:
            yield False
            return
        with self.fatal_pages.reading(key):
            yield True


def articles_of(store: Store, portal: str) -> int:
    """How many articles of a portal are held."""
    row = store.conn.execute(
        "SELECT count(*) FROM article JOIN portal ON portal.id = article.portal WHERE portal.name = ?", (portal,)
    ).fetchone()
    return int(row[0])


def tell_ledger(conn: sqlite3.Connection, store: Store, changes: Changes) -> None:
    """Say in the ledger which pages were found to be articles, or to be none, and when they are looked at again."""
    now = time.time()
    for record_id, _, identifier in changes.found:
        if identifier is not None:
            conn.execute(
                "UPDATE page SET state = 'stored', kind = 'article', reason = ?, reason_code = ?, reason_facts = ?,"
                " article_id = ?, due = ?"
                " WHERE record_id = ? AND state IN ('skipped', 'listed')",
                (*Reason(Code.READ_BY_THEME).columns, identifier, due_of(store, identifier, now), record_id),
            )
    # a list that was taken for an article is asked for once more: the pages behind it were not followed
    conn.executemany(
        "UPDATE page SET state = 'listed', kind = 'listing', reason = ?, reason_code = ?, reason_facts = ?,"
        " article_id = NULL, due = ? WHERE record_id = ? AND state IN ('stored', 'unchanged')",
        [(*Reason(Code.ONLY_TEASERS).columns, now, record_id) for record_id, _ in changes.withdrawn],
    )


def learn_and_read_again(
    themes: Themes, store: Store, warc: Path, portal: str, own: Selectors | None, around: Around
) -> Changes | None:
    """Learn, and where that changed the themes read again what is held. ``None`` where nothing changed."""
    began = time.process_time()
    if not themes.learn(store, warc, portal):
        return None
    changes = read_again(store, warc, portal, themes.of(portal), own, most=MOST_AGAIN, around=around)
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
