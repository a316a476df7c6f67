"""Commands about crawls: ``crawl``, ``plan``, ``why``."""

from __future__ import annotations

import json
import math
import sys

import click

from archive.queries.looks import looks
from archive.store import Store
from archive.text.plurals import counted
from crawler.commands.options import archive_option, notes_on_settings
from crawler.crawl.plan import SAMPLE, estimate, forget, sample_folder
from crawler.crawl.progress import log_line
from crawler.crawl.report import summary
from crawler.crawl.run import crawl as run_crawl
from crawler.errors import FAILURES, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.ledger.read_only import open_read_only
from crawler.ledger.story import Story, note_versions, stories_containing, stories_named


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@click.option("--full", is_flag=True, help="A deep look: ask again for every article and attachment kept.")
@click.option(
    "--delay", type=click.FloatRange(min=0, max=86400), help="Seconds between two requests, instead of tinhuyen.toml's."
)
@click.option("--limit", type=click.IntRange(min=1), help="Stop after this many new articles.")
@click.option("--json", "as_json", is_flag=True, help="Log as lines of JSON, progress and end, on standard output.")
@archive_option
def crawl(
    portals: tuple[str, ...], full: bool, delay: float | None, limit: int | None, as_json: bool, folder: ArchiveFolder
) -> None:
    """Crawl the archive's portals, or those named.

    A new portal is crawled completely; later crawls ask for what is due. Interrupted or killed, the same command
    continues. A portal that failed lately is left alone for a while; one that is named is asked at once.

    Example:  tinhuyen crawl hungha.thaibinh --limit 50
    """
    if delay is not None and math.isnan(delay):
        raise UserError("--delay must be a number of seconds")
    out = sys.stdout if as_json else None
    report = run_crawl(
        folder,
        list(portals),
        full=full,
        at_once=bool(portals),
        delay=delay,
        limit=limit,
        as_json=as_json,
        out=out,
        notes=notes_on_settings(folder),
    )
    for line in [log_line("crawled", **report.as_dict())] if as_json else summary(report, folder):
        click.echo(line)
    sys.exit(report.exit_code)


@click.command()
@click.argument("portal")
@click.option(
    "--sample", type=click.IntRange(min=10, max=1000), default=SAMPLE, show_default=True, help="Requests it may take."
)
@click.option("--delay", type=click.FloatRange(min=0, max=86400), help="Seconds between two requests, as for crawl.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@archive_option
def plan(portal: str, sample: int, delay: float | None, as_json: bool, folder: ArchiveFolder) -> None:
    """Estimate a portal's first crawl: pages, hours at the polite rate, megabytes. Nothing is saved.

    Example:  tinhuyen plan hungha.thaibinh
    """
    config = folder.config()
    (chosen,) = choose(config, [portal])
    own = config.of(portal).delay
    polite = delay if delay is not None else own if own is not None else config.politeness.delay
    sampled = sample_folder(folder, chosen)
    try:
        run_crawl(sampled, [portal], delay=delay, sample=sample, progress=None if sys.stderr.isatty() else False)
        found = estimate(sampled, chosen, polite)
    finally:
        forget(sampled)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False) if as_json else "\n".join(found.lines()))
    sys.exit(0 if found.reached else FAILURES)


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@archive_option
def why(url: str, as_json: bool, folder: ArchiveFolder) -> None:
    """Explain one URL: how it was found, its state and why. A part of an address lists the pages that contain it.

    \b
    Examples:
      tinhuyen why https://hungha.thaibinh.gov.vn/lien-he
      tinhuyen why lien-he
    """
    folder.require()
    with open_read_only(folder) as conn:
        stories = stories_named(conn, url)
        if not stories:
            found, more = stories_containing(conn, url, CANDIDATES)
            if len(found) > 1:
                _tell_candidates(url, found, more, as_json)
                return
            stories = found
    if not stories:
        raise UserError(f"{url} was never discovered in this archive: no page, feed or sitemap read so far names it")
    if folder.database.exists():
        with Store.open_reading(folder.database) as store:
            for story in stories:
                story.looks = looks(store.conn, story.row)
    if as_json:
        click.echo(json.dumps([story.as_dict() for story in stories], ensure_ascii=False, indent=2))
        return
    with Store.open_reading(folder.database) as store:
        note_versions(store.conn, stories)
    for story in stories:
        click.echo("\n".join(story.lines()))


CANDIDATES = 20
"""Pages listed for a part of an address."""


def _tell_candidates(part: str, found: list[Story], more: int, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([story.as_dict() for story in found], ensure_ascii=False, indent=2))
        return
    click.echo(f"{counted(len(found) + more, 'page')} with {part!r} in the address; explain one with  tinhuyen why URL")
    for story in found:
        click.echo(f"  {story.row['state']:9} {story.row['url']}")
    if more:
        click.echo(f"  and {more:,} more")
