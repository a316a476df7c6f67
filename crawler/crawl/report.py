"""The report of one crawl: what it did, as figures and as the lines of its summary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from archive.text.plurals import counted
from archive.text.vietnam_time import local_time
from crawler import errors
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.limits import Ending
from crawler.health.verdict import Verdict
from crawler.reasons.reason import Reason

MAX_FAILURE_LINES = 30


@dataclass(slots=True)
class CrawlReport:
    """What one crawl did. ``seconds`` is wall-clock time; ``articles`` counts new, revised, unchanged and gone."""

    portals: list[str]
    outcome: str
    seconds: float
    requests: int
    articles: Counter[str]
    held: dict[str, int]
    """Articles held, by portal."""
    pages: dict[str, int]
    """Rows of the ledger, by state."""
    kinds: Counter[str]
    skipped: Counter[str]
    failed: dict[str, str]
    hosts_failed: dict[str, Reason]
    files: int
    replaced: int
    """Articles of which an attachment was replaced; they count as revised."""
    repaired: int
    recovered: int = 0
    """Pages a killed crawl had fetched, taken up from its WARC files instead of asked for again."""
    paused: list[str] = field(default_factory=list)
    fatal: Ending | None = None
    errors_logged: list[str] = field(default_factory=list)
    run: int | None = None
    """The crawl's row of ``run``."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    left_alone: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Hosts that had pages due and were not asked, for they failed or sent Retry-After before: why, until when (Unix)."""
    offline: dict[str, Reason | None] = field(default_factory=dict)
    """Portals not reached because this machine had no network, each with what failed."""
    not_verified: dict[str, str] = field(default_factory=dict)
    """Portals whose TLS certificate was valid before and is not any more, each with what is said of it."""
    limits: dict[str, str] = field(default_factory=dict)
    """Portals left to the next crawl at a limit of theirs, each with the limit."""
    unread: dict[str, int] = field(default_factory=dict)
    """Portals of which a new theme was learnt, each with how many articles are not read again by it yet."""
    broken_off: list[str] = field(default_factory=list)
    """Pages whose reading took too long or too much memory: address and what it took. Each cost the crawl a new start."""

    def as_dict(self) -> dict[str, Any]:
        """What a line of a log in JSON says of it."""
        verdicts = {name: verdict.name for name, verdict in self.verdicts.items()}
        told = {"run": self.run, "outcome": self.outcome, "requests": self.requests, "articles": dict(self.articles)}
        return {**told, "verdicts": verdicts} | ({"fatal": self.fatal.text} if self.fatal else {})

    @property
    def exit_code(self) -> int:
        if self.fatal:
            return self.fatal.exit_code
        if self.outcome == "interrupted":
            return errors.INTERRUPTED
        return errors.FAILURES if self.failed or self.broken_off or self.hosts_failed or self.left_alone else errors.OK


def survey_failed(report: CrawlReport) -> str | None:
    """Why a survey could not read the portal's lists, in one line; ``None`` when it could."""
    if report.offline:
        return " ".join(_offline(report).split())
    troubles = [*report.hosts_failed.items(), *((host, why) for host, (why, _) in report.left_alone.items())]
    return "; ".join(f"{host}: {why}" for host, why in troubles) or None


def summary(report: CrawlReport, folder: ArchiveFolder) -> list[str]:
    """The summary of a crawl, line by line: what was fetched, kept, skipped and why, what failed, where it lies."""
    if report.outcome == "offline" and not report.articles and not report.files:
        return [_offline(report)]
    lines = []
    got = report.articles
    ends = {
        "limited": " Stopped early, at the limit of --limit.",
        "interrupted": " Crawl interrupted: the same command continues it.",
        "surveyed": " Survey: only feeds, sitemaps and lists were read.",
        "stopped": " Stopped on request: the same command continues it.",
    }
    lines.append(
        f"{counted(len(report.portals), 'portal')}, {counted(report.requests, 'request')} in {report.seconds:.1f} s."
        + ends.get(report.outcome, "")
    )
    missing = f", {got['suspect']:,} answering 404" if got["suspect"] else ""
    replaced = f" ({report.replaced:,} by an attachment replaced)" if report.replaced else ""
    lines.append(
        f"articles  {sum(report.held.values()):,} held: {got['new']:,} new, {got['revised']:,} revised{replaced}, "
        f"{got['unchanged']:,} unchanged, {got['gone']:,} counted as removed" + missing
    )
    lines += [f"          {held:6,}  {name}" for name, held in sorted(report.held.items())]
    if report.kinds or report.files:
        kinds = ", ".join(f"{n:,} {name}" for name, n in report.kinds.most_common())
        lines.append(f"lists     {kinds or 'none'}; files and page parts {report.files:,}")
    total = sum(report.skipped.values())
    if total:
        lines.append(f"skipped   {total:,} (reasons: tinhuyen why URL)")
        lines += [f"          {n:6,}  {reason}" for reason, n in report.skipped.most_common()]
    lines += _failures(report)
    lines += [
        line
        for name, verdict in sorted(report.verdicts.items())
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
    if report.repaired:
        lines.append(f"repaired  {counted(report.repaired, 'WARC file')} left open by a killed crawl")
    if report.recovered:
        lines.append(f"recovered {counted(report.recovered, 'page')} that a killed crawl had fetched")
    lines += [f"paused    {name}: not crawled; tinhuyen resume {name}" for name in report.paused]
    lines += [f"problem   {line}" for line in report.errors_logged]
    if report.fatal:
        lines.append(f"stopped   {report.fatal.text}")
    lines.append(f"kept in   {folder.path}: archive.db, crawl.db, warc/ ({_megabytes(folder)})")
    return lines


def _of_portals(report: CrawlReport) -> list[str]:
    """What is to be said of single portals beside their verdicts."""
    lines = [f"TLS       {name}: {why}" for name, why in sorted(report.not_verified.items())]
    lines += [f"limit     {name}: {why}; the next crawl goes on" for name, why in sorted(report.limits.items())]
    return lines + [
        f"learnt    {name}: {counted(n, 'article')} not read again yet: tinhuyen reread {name}"
        for name, n in sorted(report.unread.items())
    ]


def _failures(report: CrawlReport) -> list[str]:
    lines = []
    if report.offline:
        lines.append(_offline(report))
    for origin, why in report.hosts_failed.items():
        if why not in report.offline.values():
            lines.append(f"host      {origin}: {why}")
    for origin, (said, until) in report.left_alone.items():
        lines.append(f"host      {origin} was not asked: {said}; next try after {local_time(until)}")
    if report.failed:
        lines.append(f"failed    {len(report.failed):,}")
        shown = list(report.failed.items())[:MAX_FAILURE_LINES]
        lines += [f"          {url}: {reason}" for url, reason in shown]
        if len(report.failed) > len(shown):
            lines.append(f"          and {len(report.failed) - len(shown):,} more: tinhuyen status --failed")
    return lines


def _offline(report: CrawlReport) -> str:
    """No network in one line; there is no verdict on a portal that could not be asked."""
    names = list(report.offline)
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
    why = next((str(why) for why in report.offline.values() if why is not None), "no host answers")
    return f"offline   {shown} not reached: {why}. Check this machine's network, then run the same command again."


def _megabytes(folder: ArchiveFolder) -> str:
    files = list(folder.warc.glob("*.warc.gz*")) if folder.warc.exists() else []
    return f"{counted(len(files), 'file')}, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB"
