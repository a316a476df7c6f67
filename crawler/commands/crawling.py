"""Commands about crawls: ``crawl``, ``plan``, ``why``."""

from __future__ import annotations

import json
import math
import sys

import click

from archive.store import Store
from crawler.commands.base import archive_option
from crawler.commands.ledger import ledger
from crawler.config import ArchiveFolder, choose
from crawler.errors import FAILURES, UserError
from crawler.frontier.looks import looks
from crawler.frontier.story import stories_of
from crawler.plan import SAMPLE, estimate, forget, sample_folder
from crawler.run import crawl as run_crawl
from crawler.run import log_line, summary


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

    A new portal is crawled to its end; afterwards what is due. Interrupted or killed, the same command goes on.

    Example:  tinhuyen crawl hungha.thaibinh --limit 50
    """
    if delay is not None and math.isnan(delay):
        raise UserError("--delay must be a number of seconds")
    out = sys.stdout if as_json else None
    report = run_crawl(folder, list(portals), full=full, delay=delay, limit=limit, as_json=as_json, out=out)
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
    """Estimate a portal's first crawl: pages, hours at the polite rate, megabytes. Nothing is kept.

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
    """Tell the whole story of one URL: how it was found, what became of it and why.

    Example:  tinhuyen why https://hungha.thaibinh.gov.vn/lien-he
    """
    folder.require()
    with ledger(folder) as conn:
        stories = stories_of(conn, url if "://" in url else f"http://{url}")
    if not stories:
        raise UserError(f"{url} was never discovered in this archive: no page, feed or sitemap read so far names it")
    if folder.database.exists():
        with Store.open_reading(folder.database) as store:
            for story in stories:
                story.looks = looks(store.conn, story.row)
    if as_json:
        click.echo(json.dumps([story.as_dict() for story in stories], ensure_ascii=False, indent=2))
        return
    for story in stories:
        click.echo("\n".join(story.lines()))
