"""``tinhuyen crawl``: crawl the portals of an archive."""

from __future__ import annotations

import math
import sys

import click

from crawler.commands.options import archive_option, notes_on_settings
from crawler.crawl.crawl_report import summary
from crawler.crawl.progress import log_line
from crawler.crawl.run import crawl as run_crawl
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.proving.witnesses import give_head_away


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
    for why in give_head_away(folder):
        click.echo(f"tinhuyen: {why}", err=True)
    sys.exit(report.exit_code)
