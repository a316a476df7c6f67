"""``tinhuyen coverage``: what a portal lists, and what of that is kept."""

from __future__ import annotations

import json
import sys

import click

from crawler.commands.options import archive_option, notes_on_settings
from crawler.errors import FAILURES
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.health.list_coverage import coverage as coverage_of
from crawler.ledger.queries.read_only import open_read_only


@click.command()
@click.argument("portal")
@click.option("--survey", is_flag=True, help="Read the portal's feeds, sitemap and lists first, and no article.")
@click.option("--delay", type=click.FloatRange(min=0, max=86400), help="Seconds between two requests of the survey.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@archive_option
def coverage(portal: str, survey: bool, delay: float | None, as_json: bool, folder: ArchiveFolder) -> None:
    """Compare what a portal lists with what is held of it: held, missing, failing, gone before the first crawl.

    Example:  tinhuyen coverage hungha.thaibinh --survey
    """
    choose(folder.config(), [portal])
    code = 0
    if survey:
        from crawler.crawl.crawl_report import survey_failed
        from crawler.crawl.run import crawl

        shown, notes = None if sys.stderr.isatty() else False, notes_on_settings(folder)
        report = crawl(folder, [portal], at_once=True, delay=delay, survey=True, progress=shown, notes=notes)
        if (why := survey_failed(report)) is not None:
            click.echo(f"tinhuyen: {why}", err=True)
        code = report.exit_code if why or report.exit_code > FAILURES else 0
    with open_read_only(folder) as conn:
        found = coverage_of(conn, portal)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False) if as_json else "\n".join(found.lines()))
    sys.exit(code)
