"""The report of one crawl: what it did, as figures and as the lines of its summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archive.text.plurals import counted
from archive.text.vietnam_time import local_time
from crawler import errors
from crawler.crawl.one_crawl import LeftBehind
from crawler.crawl.records.visit import Tally
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.limits import Ending
from crawler.health.verdict import Verdict
from crawler.reasons.reason import Reason

MAX_FAILURE_LINES = 30


@dataclass(slots=True)
class PortalsAfter:
    """How the portals of a crawl stand after it, by name."""

    held: dict[str, int] = field(default_factory=dict)
    """Articles held."""
    paused: list[str] = field(default_factory=list)
    """Those not crawled, for they were paused."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    offline: dict[str, Reason | None] = field(default_factory=dict)
    """Those not reached because this machine had no network, each with what failed."""
    not_verified: dict[str, str] = field(default_factory=dict)
    """Those whose TLS certificate was valid before and is not any more, each with what is said of it."""


@dataclass(slots=True)
class CrawlReport:
    """What one crawl did. ``seconds`` is wall-clock time; ``tally`` counts since its last start."""

    portals: list[str]
    outcome: str
    seconds: float
    run: int
    """The crawl's row of ``run``."""
    tally: Tally
    pages: dict[str, int]
    """Rows of the ledger, by state."""
    left_behind: LeftBehind
    """What killed crawls had left, and was taken up."""
    fatal: Ending | None = None
    errors_logged: list[str] = field(default_factory=list)
    left_alone: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Hosts that had pages due and were not asked, for they failed or sent Retry-After before: why, until when (Unix)."""
    broken_off: list[str] = field(default_factory=list)
    """Pages whose reading took too long or too much memory: address and what it took. Each cost the crawl a new start."""
    after: PortalsAfter = field(default_factory=PortalsAfter)

    def as_dict(self) -> dict[str, Any]:
        """What a line of a log in JSON says of it."""
        verdicts = {name: verdict.name for name, verdict in self.after.verdicts.items()}
        told = {
            "run": self.run,
            "outcome": self.outcome,
            "requests": self.tally.requests,
            "articles": dict(self.tally.articles),
        }
        return {**told, "verdicts": verdicts} | ({"fatal": self.fatal.text} if self.fatal else {})

    @property
    def exit_code(self) -> int:
        if self.fatal:
            return self.fatal.exit_code
        if self.outcome == "interrupted":
            return errors.INTERRUPTED
        failed = self.tally.failed or self.tally.hosts.failed
        return errors.FAILURES if failed or self.broken_off or self.left_alone else errors.OK


def survey_failed(report: CrawlReport) -> str | None:
    """Why a survey could not read the portal's lists, in one line; ``None`` when it could."""
    if report.after.offline:
        return " ".join(_offline(report).split())
    troubles = [*report.tally.hosts.failed.items(), *((host, why) for host, (why, _) in report.left_alone.items())]
    return "; ".join(f"{host}: {why}" for host, why in troubles) or None


def summary(report: CrawlReport, folder: ArchiveFolder) -> list[str]:
    """The summary of a crawl, line by line: what was fetched, kept, skipped and why, what failed, where it lies."""
    if report.outcome == "offline" and not report.tally.articles and not report.tally.files:
        return [_offline(report)]
    lines = []
    got = report.tally.articles
    ends = {
        "limited": " Stopped early, at the limit of --limit.",
        "interrupted": " Crawl interrupted: the same command continues it.",
        "surveyed": " Survey: only feeds, sitemaps and lists were read.",
        "stopped": " Stopped on request: the same command continues it.",
    }
    lines.append(
        f"{counted(len(report.portals), 'portal')}, {counted(report.tally.requests, 'request')} in {report.seconds:.1f} s."
        + ends.get(report.outcome, "")
    )
    missing = f", {got['suspect']:,} answering 404" if got["suspect"] else ""
    replaced = f" ({report.tally.replaced:,} by an attachment replaced)" if report.tally.replaced else ""
    lines.append(
        f"articles  {sum(report.after.held.values()):,} held: {got['new']:,} new, {got['revised']:,} revised{replaced}, "
        f"{got['unchanged']:,} unchanged, {got['gone']:,} counted as removed" + missing
    )
    lines += [f"          {held:6,}  {name}" for name, held in sorted(report.after.held.items())]
    if report.tally.kinds or report.tally.files:
        kinds = ", ".join(f"{n:,} {name}" for name, n in report.tally.kinds.most_common())
        lines.append(f"lists     {kinds or 'none'}; files and page parts {report.tally.files:,}")
    total = sum(report.tally.skipped.values())
    if total:
        lines.append(f"skipped   {total:,} (reasons: tinhuyen why URL)")
        lines += [f"          {n:6,}  {reason}" for reason, n in report.tally.skipped.most_common()]
    lines += _failures(report)
    lines += [
        line
        for name, verdict in sorted(report.after.verdicts.items())
        if not verdict.is_well
        for line in (f"verdict   {name}: {verdict.name}: {verdict.why}", f"          {verdict.advice}")
    ]
    lines += _of_portals(report)
    waiting = report.pages.get("new", 0)
    if waiting:
        lines.append(f"waiting   {counted(waiting, 'page')} for the next crawl")
    if report.broken_off:
        lines.append(
            f"broken off {counted(len(report.broken_off), 'time')}; the figures above are those since the last"
        )
        lines += [f"          {line}" for line in report.broken_off]
    if report.left_behind.repaired:
        lines.append(f"repaired  {counted(len(report.left_behind.repaired), 'WARC file')} left open by a killed crawl")
    if report.left_behind.recovered:
        lines.append(f"recovered {counted(report.left_behind.recovered, 'page')} that a killed crawl had fetched")
    lines += [f"paused    {name}: not crawled; tinhuyen resume {name}" for name in report.after.paused]
    lines += [f"problem   {line}" for line in report.errors_logged]
    if report.fatal:
        lines.append(f"stopped   {report.fatal.text}")
    lines.append(f"kept in   {folder.path}: archive.db, crawl.db, warc/ ({_megabytes(folder)})")
    return lines


def _of_portals(report: CrawlReport) -> list[str]:
    """What is to be said of single portals beside their verdicts."""
    lines = [f"TLS       {name}: {why}" for name, why in sorted(report.after.not_verified.items())]
    lines += [f"limit     {name}: {why}; the next crawl goes on" for name, why in sorted(report.tally.limits.items())]
    return lines + [
        f"learnt    {name}: {counted(n, 'article')} not read again yet: tinhuyen reread {name}"
        for name, n in sorted(report.tally.unread.items())
    ]


def _failures(report: CrawlReport) -> list[str]:
    lines = []
    if report.after.offline:
        lines.append(_offline(report))
    for origin, why in report.tally.hosts.failed.items():
        if why not in report.after.offline.values():
            lines.append(f"host      {origin}: {why}")
    for origin, (said, until) in report.left_alone.items():
        lines.append(f"host      {origin} was not asked: {said}; next try after {local_time(until)}")
    if report.tally.failed:
        lines.append(f"failed    {len(report.tally.failed):,}")
        shown = list(report.tally.failed.items())[:MAX_FAILURE_LINES]
        lines += [f"          {url}: {reason}" for url, reason in shown]
        if len(report.tally.failed) > len(shown):
            lines.append(f"          and {len(report.tally.failed) - len(shown):,} more: tinhuyen status --failed")
    return lines


def _offline(report: CrawlReport) -> str:
    """No network in one line; there is no verdict on a portal that could not be asked."""
    names = list(report.after.offline)
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
    why = next((str(why) for why in report.after.offline.values() if why is not None), "no host answers")
    return f"offline   {shown} not reached: {why}. Check this machine's network, then run the same command again."


def _megabytes(folder: ArchiveFolder) -> str:
    files = list(folder.warc.glob("*.warc.gz*")) if folder.warc.exists() else []
    return f"{counted(len(files), 'file')}, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB"
