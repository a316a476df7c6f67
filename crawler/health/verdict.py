"""How a run found a portal: one verdict each, why, and what to do next. A pure function of :class:`Facts`.

| verdict | |
|---|---|
| ``complete`` | all that was due was asked for and answered |
| ``idle`` | the same, but nothing new for much longer than this portal is used to |
| ``empty`` | the portal answers, and no article was ever found on it |
| ``incomplete: lists`` | list pages broke off: what stands only on later ones was not found |
| ``incomplete: pages`` | a notable share of pages failed, or waits because the server failed under way |
| ``layout drift`` | articles are read worse than before |
| ``limited``, ``stopped``, ``interrupted``, ``lost``, ``disk full``, ``quota reached``, ``paused``, ``not begun`` | the run itself ended early |
| ``dead name``, ``DNS failure``, ``dead server``, ``no answer``, ``TLS broken``, ``proxy`` | no way to the portal |
| ``robots forbids``, ``robots unreachable``, ``blocked``, ``challenge``, ``rate limited``, ``login`` | not let in |
| ``moved``, ``not found``, ``server errors``, ``broken answers``, ``taken over``, ``switched off``, ``needs JavaScript``, ``private address`` | something else is there |
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import get_args

from archive.text.plurals import counted
from archive.text.vietnam_time import DAY, local_day
from crawler.health.causes import Cause, cause_of
from crawler.health.drift import Drift
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

DRIFT = "layout drift"

FAILING_SHARE = 0.2
"""Share of a run's pages that fail, from which it is incomplete; a few broken links are a portal's ordinary life."""

FAILING_LEAST = 3
IDLE_LEAST = 30 * DAY
IDLE_TIMES = 4.0
"""A portal is idle when nothing was new, while we watched, for so many times its longest usual gap, and at least
:data:`IDLE_LEAST`. What was old already when we came tells nothing yet: the portal may publish elsewhere, or rarely."""

WHOLE_PORTAL: tuple[Cause, ...] = (
    *(
        "dead name",
        "DNS failure",
        "dead server",
        "no answer",
        "TLS broken",
        "proxy",
        "robots unreachable",
        "robots forbids",
    ),
    *("blocked", "challenge", "rate limited", "server errors", "broken answers", "login", "taken over"),
    *("switched off", "needs JavaScript"),
)
"""Causes that, met by most pages of a run, are the verdict on the portal."""


@dataclass(slots=True)
class Facts:
    """What the run and the ledger know of one portal after a run. Counts are of this run, times Unix seconds."""

    portal: str
    url: str
    outcome: str
    """How the run ended: finished, limited, stopped, interrupted, disk full, quota reached, killed."""
    now: float = 0.0
    paused: bool = False
    home_visited: bool = False
    home_state: str = "new"
    home_reason: Reason | None = None
    host_reason: Reason | None = None
    """Why the home page's host was given up or could not be asked, if it was."""
    visited: int = 0
    """Pages asked for in this run that were answered or given up."""
    failures: Counter[str] = field(default_factory=Counter)
    """Pages of this run that failed or were refused, by cause."""
    examples: dict[str, str] = field(default_factory=dict)
    """An address for each cause, with its reason."""
    waiting: int = 0
    """Pages never fetched yet that wait, because they were not reached or their host failed."""
    unreached: int = 0
    """Pages, known or new, that were due and not asked for in this run."""
    broken_lists: list[str] = field(default_factory=list)
    """List pages in the middle of a numbered series that could not be read, with the reason."""
    repeated_lists: list[str] = field(default_factory=list)
    """Numbered list pages that all gave the very same bytes."""
    held: int = 0
    """Articles held of the portal."""
    new: int = 0
    revised: int = 0
    last_new: float | None = None
    """The day of the newest article, by the date it prints."""
    watched_since: float | None = None
    """When the portal's first crawl ended; ``None`` during it."""
    longest_gap: float | None = None
    """Seconds between two new articles, the longest of the last months; ``None`` when too little is known."""
    runs_before: int = 0
    drifts: list[Drift] = field(default_factory=list)
    moved_to: str | None = None
    certificate_ends: float | None = None
    """When the TLS certificate of its host ends."""
    fatal: str | None = None
    left_alone: bool = False
    """Whether nothing of it was asked, for its host failed in an earlier crawl."""
    network_lost: bool = False
    """Whether the crawl was cut off by the network of this machine."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``name`` as in the table above, ``why`` in a sentence with the evidence, ``advice`` what to do next."""

    name: str
    why: str
    advice: str

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong with the portal: it is crawled as it should be, or was left alone as asked."""
        return self.name in WELL


WELL = frozenset({"complete", "limited", "stopped", "paused", "not begun", "interrupted"})

ADVICE = {
    "complete": "Nothing to do.",
    "idle": "Open the portal: if it was abandoned, capture it whole with  tinhuyen crawl {portal} --full  while it answers.",
    "empty": "Open the portal: add the address of its news section with  tinhuyen add URL, or report its CMS as unsupported.",
    "incomplete: lists": "Try again with  tinhuyen retry {portal}; if the same page fails again, the portal's pager is broken.",
    "incomplete: pages": "Try again with  tinhuyen retry {portal}; see  tinhuyen status --failed  for each reason.",
    "layout drift": "Compare a page with its capture; until the selectors are mended, captures are kept and can be read again.",
    "limited": "Nothing to do: the next crawl continues.",
    "stopped": "Nothing to do: the next crawl continues.",
    "interrupted": "Nothing to do: the next crawl continues.",
    "lost": "Nothing to do: the next crawl recovers what was fetched; if it happens again, check whether memory runs out.",
    "disk full": "Free some space, or move the archive to a larger disk; then crawl again.",
    "quota reached": "Raise limits.quota_gb in tinhuyen.toml, or move the archive to a larger disk; then crawl again.",
    "paused": "Resume it with  tinhuyen resume {portal}.",
    "not begun": "Nothing to do: the next crawl starts with it.",
    "dead name": "If other portals answer: look for its new address and add it. What is held stays.",
    "DNS failure": "Wait a day: the name servers of its domain do not answer. What is held stays.",
    "dead server": "Wait a day; if it stays dead, look for a new address, and ask the authority.",
    "no answer": "Wait a day; then try a longer timeout or quieter hours for it in tinhuyen.toml.",
    "TLS broken": "Check whether the portal answers at http:// and add that address; old TLS and bad certificates were tried already.",
    "proxy": "Check the proxy set in tinhuyen.toml: it refuses or is down.",
    "robots unreachable": "Wait: nothing is fetched until robots.txt answers; if that lasts, write to the portal.",
    "robots forbids": "Write to the portal and ask for access: robots.txt is obeyed until it allows crawling.",
    "blocked": "Crawl more slowly (delay in tinhuyen.toml), or write to the portal and ask for access.",
    "challenge": "Write to the portal and ask for an exception: it blocks crawlers by a browser check.",
    "rate limited": "Set a longer delay for it in tinhuyen.toml.",
    "login": "Check whether the portal is still public; if not, write to it.",
    "moved": "Add the new address with  tinhuyen add {moved_to}: the history stays under the old name, linked to the new.",
    "not found": "Check the address in a browser: the server is there, the portal is not.",
    "server errors": "Wait a day; if it lasts, write to the portal.",
    "broken answers": "Wait a day; if it lasts, the server or something before it is broken: write to the portal.",
    "taken over": "Remove its schedule with  tinhuyen schedule remove {portal}: other content is served there now.",
    "switched off": "Open the portal: it says that it is closed or under repair; capture what still answers with  --full.",
    "needs JavaScript": "Report the portal: its pages need JavaScript; feeds and sitemaps are read all the same.",
    "private address": "Its name resolves to a private address: check it, or permit it with  allow_private = true.",
    "other": "See  tinhuyen why {url}.",
}
"""What to do next after each verdict, one sentence."""

VERDICTS = tuple(ADVICE)

NOTHING_TO_DO = frozenset({"complete", "limited", "stopped", "interrupted", "lost", "not begun"})
"""Verdicts whose advice is to do nothing: a list of many leaves it out."""


def judge(facts: Facts) -> Verdict:
    """The verdict on a portal after a run. What ended the run comes first, then the portal itself, then what it held."""
    return _of_run(facts) or _of_portal(facts) or _of_pages(facts) or _of_content(facts)


def _of_run(facts: Facts) -> Verdict | None:
    if facts.outcome in ("disk full", "quota reached"):
        return _verdict(facts, facts.outcome, facts.fatal or facts.outcome)
    if facts.outcome == "killed":
        return _verdict(facts, "lost", "the process that crawled it was killed")
    if facts.paused:
        return _verdict(facts, "paused", "it is paused")
    if facts.network_lost:
        return _verdict(facts, "interrupted", "this machine lost its network during the crawl")
    if facts.home_visited or facts.host_reason or facts.visited:
        return None
    if facts.outcome in ("interrupted", "stopped", "limited"):
        return _verdict(facts, facts.outcome, f"the crawl was {facts.outcome} before its turn came")
    return None


def _of_portal(facts: Facts) -> Verdict | None:
    """What the home page or its host told, or most pages alike."""
    failed_home = facts.home_state in ("failed", "skipped", "new", "leased", "suspect", "gone") or (
        facts.home_reason is not None and facts.home_reason.has(Code.LAST_VISIT_FAILED)
    )
    home = cause_of(facts.home_reason) if failed_home else None
    host = cause_of(facts.host_reason)
    if home in ("robots forbids", "moved", "not found", "private address"):
        return _verdict(facts, home, facts.home_reason)
    if host is not None and not failed_home and not _has_failed_widely(facts, host):
        host = None  # it was given up at the end, after most had been answered: its pages tell
    for cause, reason in ((host, facts.host_reason), (home, facts.home_reason)):
        if cause is not None and cause != "other":
            return _verdict(facts, cause, reason)
    if failed_home and facts.home_reason is not None and facts.home_visited:
        return _verdict(facts, "other" if home in (None, "other") else home, facts.home_reason)
    common, times = next(iter(facts.failures.most_common(1)), ("", 0))
    if common in WHOLE_PORTAL and times >= FAILING_LEAST and times * 2 > facts.visited:
        return _verdict(facts, common, f"{times:,} of {facts.visited:,} pages: {facts.examples.get(common, common)}")
    return None


def _has_failed_widely(facts: Facts, cause: str) -> bool:
    """Whether a host that was given up had answered little: most of its pages failed, or many were not reached."""
    return facts.failures[cause] * 2 > facts.visited or facts.unreached * 4 > facts.visited


def _of_pages(facts: Facts) -> Verdict | None:
    if facts.drifts:
        return _verdict(facts, DRIFT, "; ".join(str(drift) for drift in facts.drifts[:4]))
    if facts.broken_lists:
        more = f", and {len(facts.broken_lists) - 1:,} more" if len(facts.broken_lists) > 1 else ""
        return _verdict(facts, "incomplete: lists", f"the list broke off at {facts.broken_lists[0]}{more}")
    if facts.repeated_lists:
        return _verdict(
            facts,
            "incomplete: lists",
            f"{len(facts.repeated_lists):,} numbered pages show the very same list, such as {facts.repeated_lists[0]}",
        )
    failed = sum(n for cause, n in facts.failures.items() if cause not in _ORDINARY)
    if failed >= FAILING_LEAST and failed >= FAILING_SHARE * facts.visited:
        return _verdict(
            facts, "incomplete: pages", f"{failed:,} of {facts.visited:,} pages failed: {_most(facts.failures, facts)}"
        )
    if facts.outcome in ("interrupted", "stopped", "limited"):
        why = {"limited": "the crawl reached its limit", "stopped": "the crawl was stopped, as asked"}
        return _verdict(facts, facts.outcome, why.get(facts.outcome, facts.fatal or "the crawl was interrupted"))
    if facts.outcome == "surveyed":
        return _verdict(facts, "limited", "only its lists were read, as asked")
    if facts.waiting:
        return _verdict(
            facts,
            "incomplete: pages",
            f"{counted(facts.waiting, 'page was', 'pages were')} not reached and will be next",
        )
    return None


def _of_content(facts: Facts) -> Verdict:
    if not facts.home_visited and not facts.visited:
        return _verdict(facts, "not begun", "nothing of it was asked for in this run")
    if not facts.held:
        return _verdict(
            facts, "empty", f"{counted(facts.visited, 'page was', 'pages were')} read, and none is an article"
        )
    quiet = 0.0
    if facts.last_new is not None and facts.watched_since is not None:
        quiet = facts.now - max(facts.last_new, facts.watched_since)
    if not facts.new and facts.longest_gap is not None and quiet > max(IDLE_LEAST, IDLE_TIMES * facts.longest_gap):
        usual = max(facts.longest_gap / DAY, 1.0)
        return _verdict(
            facts,
            "idle",
            f"nothing new for {(facts.now - (facts.last_new or 0)) / DAY:.0f} days, since {_day(facts.last_new or 0)}; before that, never more than {usual:.0f} days",
        )
    return _verdict(facts, "complete", f"{facts.new:,} new, {facts.revised:,} revised, {facts.held:,} held")


_ORDINARY = ("not found", "robots forbids", "moved", "login", "switched off", "taken over", "private address")
"""Causes that any healthy portal has on a few pages: dead links, closed corners, links that lead out, a log-in."""


def _verdict(facts: Facts, name: str, why: str | Reason | None) -> Verdict:
    told = {"portal": facts.portal, "url": facts.url, "moved_to": facts.moved_to or "URL"}
    return Verdict(name, " ".join(str(why or "").split()), ADVICE[name].format(**told))


def _most(failures: Counter[str], facts: Facts) -> str:
    cause = next(cause for cause, _ in failures.most_common() if cause not in _ORDINARY)
    return facts.examples.get(cause, cause)


def _day(unix: float) -> str:

    return local_day(unix)


assert set(get_args(Cause)) <= set(ADVICE), "every cause is a verdict"
