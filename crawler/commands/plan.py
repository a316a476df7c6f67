"""``tinhuyen plan``: what a crawl of a portal would take, from a sample."""

from __future__ import annotations

import json
import sys

import click

from crawler.commands.options import archive_option
from crawler.crawl.estimate import SAMPLE, estimate, forget, sample_folder
from crawler.crawl.run import crawl as run_crawl
from crawler.errors import FAILURES
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose


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
